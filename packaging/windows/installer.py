"""Build the Windows installer from `dist/windows/bonifiq-desktop`: `installer.py --iscc COMMAND… [options]`.

Compiles the starters, writes the manifest, and runs Inno Setup's compiler. `--iscc` takes the compiler's command, on
Linux with what runs it (`wine …/ISCC.exe`); it comes last. Where SIGN_COMMAND is set, it signs the starters, the
installer and the uninstaller: a command in which `$f` stands for the file.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path, PureWindowsPath

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "windows"
sys.path.insert(0, str(HERE.parent))

from packaging.version import Version  # noqa: E402
from version_manifest import NAME, manifest_of  # noqa: E402

from bonifiq_desktop import __version__  # noqa: E402

COMPILERS = ("x86_64-w64-mingw32-gcc", "gcc")
STARTERS = {"bonifiq-desktop.exe": [], "bonifiq-desktop-window.exe": ["-DWINDOW", "-mwindows"]}
RESOURCE = """#pragma code_page(65001)
1 ICON "bonifiq-desktop.ico"
1 24 "{manifest}"
1 VERSIONINFO
BEGIN
  BLOCK "StringFileInfo" BEGIN BLOCK "041604B0" BEGIN
    VALUE "CompanyName", "BonifiQ Desktop"
    VALUE "FileDescription", "BonifiQ Desktop"
    VALUE "OriginalFilename", "{name}"
    VALUE "ProductName", "BonifiQ Desktop"
  END END
  BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x0416, 1200 END
END
"""


def build_starters(out: Path, icon: Path) -> None:
    """Compile both starters. They name no version: two builds are equal, and setup replaces no starter without need."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise SystemExit(f"installer: no C compiler for Windows ({', '.join(COMPILERS)})")
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(icon, out.parent / "bonifiq-desktop.ico")
    for name, options in STARTERS.items():
        script = out.parent / f"{name}.rc"
        script.write_text(RESOURCE.format(name=name, manifest="starter.manifest"), encoding="utf-8")
        resource = script.with_suffix(".o")
        windres = compiler.replace("gcc", "windres")
        subprocess.run(
            [windres, f"--include-dir={out.parent}", f"--include-dir={HERE}", str(script), str(resource)], check=True
        )
        command = [compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-Os", "-s", "-municode", "-static", *options]
        subprocess.run(
            [*command, "-Wl,--no-insert-timestamp", "-o", str(out / name), str(HERE / "starter.c"), str(resource)],
            check=True,
        )


def compile_installer(iscc: list[str], program: Path, parts: Path, out: Path, version: str) -> Path:
    """Run Inno Setup's compiler; return the installer."""
    numeric = ".".join(map(str, Version(version).release))
    defines = {
        "Version": version,
        "NumericVersion": numeric,
        "Program": _seen(program, iscc),
        "Parts": _seen(parts, iscc),
    }
    options = [f"/D{name}={value}" for name, value in defines.items()]
    if sign := os.environ.get("SIGN_COMMAND"):
        options += ["/DSign", f"/Ssign={sign}"]
    script = _seen(HERE / "bonifiq-desktop.iss", iscc)
    subprocess.run([*iscc, "/Q", *options, f"/O{_seen(out, iscc)}", script], check=True, stdin=subprocess.DEVNULL)
    return out / f"bonifiq-desktop-{version}-windows-setup.exe"


def _seen(path: Path, iscc: list[str]) -> str:
    """A path as the compiler sees it: under Wine the disk is drive Z."""
    return str(path) if sys.platform == "win32" or not iscc else str(PureWindowsPath(f"Z:{path}"))


def sign(file: Path) -> None:
    """Sign a file, where a command for it is configured."""
    if command := os.environ.get("SIGN_COMMAND"):
        subprocess.run(command.replace("$f", str(file)), check=True, shell=True)  # noqa: S602 - the builder's command


def build(iscc: list[str], program: Path, *, icon: Path, parts: Path, out: Path, version: str = __version__) -> Path:
    """Build the installer of a program folder; return its path. `parts`: a folder for what the installer is made of."""
    shutil.rmtree(parts, ignore_errors=True)
    starters = parts / "starter"
    build_starters(starters, icon)
    for name in STARTERS:
        sign(starters / name)
    (parts / NAME).write_text(manifest_of(program), encoding="ascii")
    out.mkdir(parents=True, exist_ok=True)
    return compile_installer(iscc, program, parts, out, version)


def main() -> int:
    """Build the installer. Return the exit status."""
    parser = argparse.ArgumentParser(prog="installer.py", description=__doc__)
    parser.add_argument("--program", type=Path, default=ROOT / "dist" / "windows" / "bonifiq-desktop")
    parser.add_argument("--icon", type=Path, default=BUILD / "bonifiq-desktop" / "icons" / "bonifiq-desktop.ico")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--iscc", required=True, nargs=argparse.REMAINDER, metavar="COMMAND")
    chosen = parser.parse_args()
    parts = BUILD / "installer"
    print(
        build(chosen.iscc, chosen.program.resolve(), icon=chosen.icon.resolve(), parts=parts, out=chosen.out.resolve())
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
