"""Update the translation files: .ts files from the code, .qm files from the .ts files.

`python packaging/translations.py` after changing a text; translate what is new in `resources/translations/*.ts`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"


def sources() -> list[str]:
    """All source files with translatable texts."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "bonifiq_desktop").rglob("*.py"))


def update(folder: Path = FOLDER) -> None:
    """Rewrite the .ts files from the code. Portuguese is the source language: its file holds the plurals only."""
    common = ["-source-language", "pt_BR", "-no-obsolete", "-locations", "none"]
    for language, more in (("en", []), ("pt_BR", ["-pluralonly"])):
        target = str(folder / f"bonifiq_{language}.ts")
        _run("pyside6-lupdate", *common, "-target-language", language, *more, *sources(), "-ts", target)


def release(folder: Path = FOLDER) -> None:
    """Compile the .qm files that the program loads."""
    for file in sorted(folder.glob("*.ts")):
        _run("pyside6-lrelease", "-silent", str(file), "-qm", str(file.with_suffix(".qm")))


def _run(tool: str, *arguments: str) -> None:
    command = str(Path(sys.executable).with_name(tool))
    subprocess.run([command, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    update()
    release()
