"""A Windows PC in a Wine prefix of its own, the starters, and installers of a stand-in for the program."""

import hashlib
import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO

import pytest

from tests.support.version_folders import VersionFolders

REPOSITORY = Path(__file__).resolve().parents[2]
WINDOWS = REPOSITORY / "packaging" / "windows"
TOOLCHAIN = Path(os.environ.get("WINDOWS_TOOLCHAIN", REPOSITORY / "build" / "windows")).resolve()
WINE = WINDOWS / "wine.sh"
COMPILER = "x86_64-w64-mingw32-gcc"
PROGRAM = "bonifiq-desktop.exe"
STARTERS = (PROGRAM, "bonifiq-desktop-window.exe")
PATIENCE = 90.0
"""Seconds that a program may take before a test gives up."""

needs_wine = pytest.mark.skipif(
    sys.platform == "win32" or not (TOOLCHAIN / "prefix").is_dir(), reason="needs the toolchain of make windows"
)


def load_installer_script() -> ModuleType:
    """`packaging/windows/installer.py`."""
    spec = importlib.util.spec_from_file_location("windows_installer", WINDOWS / "installer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def windows_path(path: Path) -> str:
    """A path as a program under Wine sees it."""
    return "Z:" + str(path).replace("/", "\\")


class SetupPC:
    """A PC without the program. `folder`: for the test's files; `home`: the user's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = folder / "prefix"
        shutil.copytree(TOOLCHAIN / "prefix", self.prefix, symlinks=True, ignore=shutil.ignore_patterns("Temp"))
        self.home = self.prefix / "drive_c" / "users" / "root"
        for link in filter(Path.is_symlink, self.home.iterdir()):  # Wine's desktop is the one of this machine's user
            link.unlink()
            link.mkdir()
        (self.home / "Temp").mkdir()
        self.root = self.home / "AppData" / "Local" / "Programs" / "BonifiQ Desktop"
        self.data = self.home / "AppData" / "Local" / "BonifiQ Desktop"

    @property
    def installed(self) -> VersionFolders:
        """The installation, as the tests of the program see it."""
        return VersionFolders(self.root)

    def popen(
        self, program: Path | str, *arguments: str, stdin: int = subprocess.DEVNULL, **more: str
    ) -> subprocess.Popen[str]:
        """Start a Windows program; a text is a program of the toolchain. `more`: environment."""
        name = windows_path(program) if isinstance(program, Path) else program
        command = ["bash", str(WINE), name, *arguments]
        environment = os.environ | {"WINEPREFIX": str(self.prefix), "WINDOWS_TOOLCHAIN": str(TOOLCHAIN)} | more
        return subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment, text=True, encoding="utf-8", cwd=REPOSITORY,
        )  # fmt: skip

    def run(self, program: Path | str, *arguments: str, typed: str = "", **more: str) -> tuple[int, list[str], str]:
        """Run a Windows program; return its exit status, the lines of its output, and its standard error.

        Not communicate(): Wine's desktop, which a program starts, can hold the pipes beyond the program's end.
        """
        stdin = subprocess.PIPE if typed else subprocess.DEVNULL  # Wine hands no open file on
        with self.popen(program, *arguments, stdin=stdin, **more) as process:
            if process.stdin is not None:
                process.stdin.write(typed)
                process.stdin.close()
            _end(process)
            out, err = _available(process.stdout), _available(process.stderr)
        return process.returncode, out.splitlines(), err

    def run_python(self, *arguments: str) -> tuple[int, list[str], str]:
        """Run the toolchain's Python in the checkout, as `run` does."""
        return self.run("python", *arguments)

    def start(self, *arguments: str, program: str = "bonifiq-desktop-window.exe") -> str:
        """Start the installed program by its icon; return the version that ran."""
        status, lines, err = self.run(self.root / program, *arguments)
        assert (status, err) == (0, ""), (status, err)
        return lines[0]

    def set_up(self, installer: Path, *options: str, status: int = 0) -> str:
        """Run an installer silently and in Portuguese, since Wine's Windows is an English one; return its log."""
        log = self.folder / "setup.log"
        log.unlink(missing_ok=True)
        silent = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART", "/LANG=pt_BR", f"/LOG={windows_path(log)}")
        done, _lines, _err = self.run(installer, *silent, *options)
        text = log.read_text(encoding="utf-8-sig")
        assert done == status, text
        return text

    @contextmanager
    def running_till(self) -> Iterator[None]:
        """The installed program, open until the block's end."""
        flag = self.folder / "running"
        with self.popen(self.root / STARTERS[1], "hold", windows_path(flag)) as process:
            try:
                wait_for(flag.exists, "the running program")
                yield
            finally:
                flag.unlink(missing_ok=True)
                _end(process)

    def interrupt(self, installer: Path, *, after: float) -> None:
        """Run an installer, and kill it and its helper after so many seconds, as a power cut would."""
        end = time.monotonic() + after
        self.interrupt_when(installer, lambda: time.monotonic() > end)

    def interrupt_when(self, installer: Path, is_so: Callable[[], bool]) -> None:
        """Run an installer, and kill it and its helper as soon as something is so; it may end before."""
        with self.popen(installer, "/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART") as process:
            while process.poll() is None and not is_so():
                time.sleep(0.001)
            self._kill_setup()
            _end(process)

    def _kill_setup(self) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                is_setup = b"-windows-setup." in (process / "cmdline").read_bytes()
                if is_setup and str(self.prefix).encode() in (process / "environ").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)

    def is_whole(self, version: str) -> bool:
        """Whether each file of an installed version is as its manifest says."""
        folder = self.root / "versions" / version
        lines = (folder / "manifest.txt").read_text(encoding="ascii").splitlines()[1:]
        return all(hashlib.sha256((folder / line[66:]).read_bytes()).hexdigest() == line[:64] for line in lines)

    def uninstall(self) -> int:
        """Run the uninstaller silently; return its exit status. It goes on in a copy of itself."""
        [uninstaller] = self.root.glob("unins*.exe")
        return self.run(uninstaller, "/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")[0]

    def listed_version(self) -> str:
        """The version in Windows' list of installed programs."""
        uninstall = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
        _status, lines, _err = self.run("reg", "query", uninstall, "/s", "/v", "DisplayVersion")
        return next(line.split()[-1] for line in lines if "DisplayVersion" in line)

    def shortcuts(self) -> set[str]:
        """The program's shortcuts, each with its folder's name."""
        return {f"{link.parent.name}/{link.name}" for link in self._links()}

    def _links(self) -> list[Path]:
        return [link for link in self.home.rglob("*.lnk") if "BonifiQ" in link.name]

    def remove_program(self) -> None:
        """Delete what an installer made, whatever state it is in."""
        shutil.rmtree(self.root, ignore_errors=True)
        for link in self._links():
            link.unlink()


def _end(process: subprocess.Popen[str]) -> None:
    """Wait for a program's end; kill one that does not come to it. Raises TimeoutExpired."""
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _available(stream: IO[str] | None) -> str:
    """What an ended program wrote, at most 64 KiB."""
    assert stream is not None
    os.set_blocking(stream.fileno(), False)
    with suppress(BlockingIOError):
        return os.read(stream.fileno(), 1 << 16).decode()
    return ""


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def compile_fake_program(target: Path) -> None:
    """Compile the stand-in for the program."""
    source = str(Path(__file__).with_name("fake_program.c"))
    subprocess.run([COMPILER, "-std=c11", "-Os", "-s", "-municode", "-o", str(target), source], check=True)


def make_program_folder(folder: Path, fake: Path, *, seed: int, files: int = 40) -> Path:
    """A program folder with the stand-in and some parts that no compression shrinks."""
    parts = folder / "_internal" / "parts"
    parts.mkdir(parents=True)
    shutil.copyfile(fake, folder / PROGRAM)
    noise = random.Random(seed)
    for number in range(files):
        (parts / f"part{number}.dll").write_bytes(noise.randbytes(100_000))
    return folder


def build_installer(program: Path, out: Path, version: str) -> Path:
    """Build an installer of a program folder by the project's own script."""
    script = load_installer_script()
    icon = out / "icon.ico"
    if not icon.exists():
        out.mkdir(parents=True, exist_ok=True)
        icon.write_bytes(script_icon())
    iscc: Sequence[str] = ["bash", str(WINE), "iscc"]
    made = script.build(list(iscc), program, icon=icon, parts=out / f"parts-{version}", out=out, version=version)
    assert isinstance(made, Path)
    return made


def build_damaged_installer(program: Path, out: Path, version: str) -> Path:
    """Build an installer again, with a manifest that says otherwise of its last file."""
    parts = out / "parts-damaged"
    shutil.copytree(out / f"parts-{version}", parts)
    manifest = parts / "manifest.txt"
    *before, last = manifest.read_text(encoding="ascii").splitlines()
    manifest.write_text("\n".join([*before, "0" * 64 + last[64:], ""]), encoding="ascii")
    out = out / "damaged"
    out.mkdir()
    made = load_installer_script().compile_installer(["bash", str(WINE), "iscc"], program, parts, out, version)
    assert isinstance(made, Path)
    return made


def script_icon() -> bytes:
    """The smallest icon: one white pixel."""
    header = bytes.fromhex("000001000100010100000100180030000000 16000000".replace(" ", ""))
    picture = bytes.fromhex("28000000010000000200000001001800" + "00" * 24) + b"\xff\xff\xff\x00" + b"\x00" * 4
    return header + picture
