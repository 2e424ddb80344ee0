"""The installer of the packaged program, as `make windows` builds it, on a PC under Wine."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonifiq_desktop import __version__
from tests.support.postgres import shared_server
from tests.windows.setup_pc import (
    PATIENCE,
    REPOSITORY,
    STARTERS,
    TOOLCHAIN,
    WINDOWS,
    WINE,
    SetupPC,
    needs_wine,
    windows_path,
)

_PICTURE = REPOSITORY / "out" / "windows" / "installed.png"
_SHOOT = """
import sys
from PySide6.QtGui import QGuiApplication
qt = QGuiApplication(sys.argv[:1])
shot = qt.primaryScreen().grabWindow(0).toImage()
shot.save(sys.argv[1])
colours = {shot.pixel(x, y) for x in range(0, shot.width(), 3) for y in range(0, shot.height(), 3)}
print(len(colours))
"""
_LETTERS = 40
"""Colours that smooth letters alone have; a bare desktop has a few."""

pytestmark = [pytest.mark.windows, needs_wine]


@pytest.fixture(name="setup", scope="module")
def built_installer() -> Path:
    """The installer."""
    installer = REPOSITORY / "dist" / "windows" / f"bonifiq-desktop-{__version__}-windows-setup.exe"
    assert installer.is_file(), "there is no installer: make windows builds it"
    return installer


@pytest.fixture(name="pc")
def pc_for_this_test(tmp_path: Path) -> Iterator[SetupPC]:
    """A PC; its programs end with the test."""
    pc = SetupPC(tmp_path)
    yield pc
    environment = os.environ | {"WINEPREFIX": str(pc.prefix), "WINDOWS_TOOLCHAIN": str(TOOLCHAIN)}
    subprocess.run([str(WINE), "--end"], check=True, env=environment)


def test_installer_installs_updates_and_removes_the_program(pc: SetupPC, setup: Path) -> None:
    script = windows_path(WINDOWS / "try_installer.py")
    status, lines, err = pc.run_python("-B", script, windows_path(setup))
    assert (status, lines, err) == (0, ["installed, run, installed over itself, removed; the shop's data stayed"], "")


def test_installed_program_opens_its_window_from_the_icon(pc: SetupPC, setup: Path) -> None:
    pc.set_up(setup)
    _PICTURE.parent.mkdir(parents=True, exist_ok=True)
    # Wine has no fonts for DirectWrite, which Qt uses on Windows.
    with pc.popen(pc.root / STARTERS[1], "--training", QT_QPA_PLATFORM="windows:fontengine=gdi") as process:
        try:
            ledger = pc.data / "training" / "ledger.db"  # opened after the first paint
            end = time.monotonic() + PATIENCE
            while _colours_on_the_display() < _LETTERS or not ledger.is_file():
                assert process.poll() is None
                assert time.monotonic() < end, f"waited in vain; ledger: {ledger.is_file()}"
                time.sleep(1)
        finally:
            process.kill()


def test_installed_program_sets_a_shop_database_up_and_reads_its_state(pc: SetupPC, setup: Path) -> None:
    pc.set_up(setup)
    server = shared_server()
    url = server.admin_url(server.new_database())
    place = ("--admin-url", url, "--ca", windows_path(server.ca_file))
    typed, file = f"{server.superuser_password}\n", pc.folder / "caixa 1 são.bonifiq"

    def run(*arguments: str) -> str:
        status, lines, err = pc.run(pc.root / STARTERS[0], "shop-database", *arguments, *place, typed=typed)
        assert status == 0, err
        return "\n".join(lines)

    run("init", "--shop", "São João", "--till", "CAIXA1", "--out", windows_path(file))
    assert file.stat().st_size
    [member] = json.loads(run("status", "--format", "json"))
    assert (member["shop"], member["till"], member["state"]) == ("São João", "CAIXA1", "convidado")


def _colours_on_the_display() -> int:
    """Take a picture of the display, which stays in out/windows to be looked at; return how many colours it has."""
    display = (TOOLCHAIN / "display").read_text(encoding="ascii").split()[1]
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-B", "-c", _SHOOT, str(_PICTURE)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)
