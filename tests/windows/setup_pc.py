"""A Windows PC in a Wine prefix of its own, the starters, and installers of a stand-in for the program."""

import importlib.util
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.version_folders import VersionFolders

REPOSITORY = Path(__file__).resolve().parents[2]
WINDOWS = REPOSITORY / "packaging" / "windows"
TOOLCHAIN = Path(os.environ.get("WINDOWS_TOOLCHAIN", REPOSITORY / "build" / "windows")).resolve()
WINE = WINDOWS / "wine.sh"
COMPILER = "x86_64-w64-mingw32-gcc"
PROGRAMS = ("bonifiq-desktop.exe", "bonifiq-desktop-window.exe")
PATIENCE = 120.0
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
        shutil.copytree(TOOLCHAIN / "prefix", self.prefix, symlinks=True)
        self.home = self.prefix / "drive_c" / "users" / "root"
        self.root = self.home / "AppData" / "Local" / "Programs" / "BonifiQ Desktop"
        self.data = self.home / "AppData" / "Local" / "BonifiQ Desktop"

    @property
    def installed(self) -> VersionFolders:
        """The installation, as the tests of the program see it."""
        return VersionFolders(self.root)

    def popen(self, program: Path | str, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start a Windows program; a text is a program of the toolchain."""
        name = windows_path(program) if isinstance(program, Path) else program
        command = ["bash", str(WINE), name, *arguments]
        environment = os.environ | {"WINEPREFIX": str(self.prefix), "WINDOWS_TOOLCHAIN": str(TOOLCHAIN)} | more
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment, text=True, encoding="utf-8", cwd=REPOSITORY,
        )  # fmt: skip

    def run(self, program: Path | str, *arguments: str, **more: str) -> tuple[int, list[str], str]:
        """Run a Windows program; return its exit status, the lines of its output, and its standard error."""
        with self.popen(program, *arguments, **more) as process:
            out, err = process.communicate(timeout=PATIENCE)
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
        """Run an installer silently; return its log."""
        log = self.folder / "setup.log"
        log.unlink(missing_ok=True)
        silent = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART", f"/LOG={windows_path(log)}")
        done, _lines, _err = self.run(installer, *silent, *options)
        text = log.read_text(encoding="utf-8-sig")
        assert done == status, text
        return text

    @contextmanager
    def running_till(self) -> Iterator[None]:
        """The installed program, open until the block's end."""
        flag = self.folder / "running"
        with self.popen(self.root / PROGRAMS[1], "hold", windows_path(flag)) as process:
            try:
                wait_for(flag)
                yield
            finally:
                flag.unlink()
                process.communicate(timeout=PATIENCE)

    def kill_setup(self) -> bool:
        """Kill the running installer and its helper, as a power cut would; return whether there was one."""
        killed = False
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                is_setup = b"-windows-setup." in (process / "cmdline").read_bytes()
                if is_setup and str(self.prefix).encode() in (process / "environ").read_bytes():
                    os.kill(int(process.name), 9)
                    killed = True
        return killed


def wait_for(path: Path) -> None:
    """Wait until a file is there."""
    import time

    end = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < end, f"waited in vain for {path.name}"
        time.sleep(0.05)


def compile_fake_program(target: Path) -> None:
    """Compile the stand-in for the program."""
    source = str(Path(__file__).with_name("fake_program.c"))
    subprocess.run([COMPILER, "-std=c11", "-Os", "-s", "-municode", "-o", str(target), source], check=True)


def make_program_folder(folder: Path, fake: Path, *, seed: int, files: int = 40) -> Path:
    """A program folder with the stand-in and some parts that no compression shrinks."""
    parts = folder / "_internal" / "parts"
    parts.mkdir(parents=True)
    shutil.copyfile(fake, folder / PROGRAMS[0])
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


def script_icon() -> bytes:
    """The smallest icon: one white pixel."""
    header = bytes.fromhex("000001000100010100000100180030000000 16000000".replace(" ", ""))
    picture = bytes.fromhex("28000000010000000200000001001800" + "00" * 24) + b"\xff\xff\xff\x00" + b"\x00" * 4
    return header + picture
