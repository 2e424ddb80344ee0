"""PySide's own Python part, compiled.

PySide carries some modules as text inside a library and compiles them at every start, which takes a sixth of a bare
window's. Where a folder `files.dir` lies beside shiboken6 it takes them from there (its own switch `SBK_EMBED=0` makes
that folder, as text).
"""

import py_compile
import sys
from pathlib import Path

import PySide6.QtCore  # noqa: F401 - loads the modules
import shiboken6

_PACKAGE = "shibokensupport"


def write_compiled(folder: Path) -> list[tuple[str, str]]:
    """Compile them below `folder`. Return each file with its place in the package."""
    if Path(shiboken6.__file__).with_name("files.dir").exists():
        raise SystemExit("this environment has PySide's files.dir: make a new one")
    archive = sys.modules[_PACKAGE].__loader__.zfile
    made = []
    for name in archive.namelist():
        if name.startswith(f"{_PACKAGE}/") and name.endswith(".py"):
            source = folder / name
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(archive.read(name))
            compiled = source.with_suffix(".pyc")
            py_compile.compile(str(source), str(compiled), dfile=name, doraise=True)
            made.append((str(compiled), str(Path("shiboken6/files.dir", name).parent)))
    if not made:
        raise SystemExit("PySide keeps its Python part elsewhere now")
    return made
