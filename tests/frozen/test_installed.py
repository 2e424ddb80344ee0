"""The .deb, installed on this machine: it starts from its desktop entry, and its removal leaves the data.

Needs root, dpkg and an X server without a screen (Xvfb): elsewhere there is nothing to install into.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtGui import QImage

from tests.frozen.shop_pc import DIST, PATIENCE, REPOSITORY, ShopPC

T = TypeVar("T")

_NEEDED = ("apt-get", "Xvfb", "xwininfo", "xprop", "gio")
_PROGRAM = Path("/usr/lib/bonifiq-desktop")
_PICTURE = REPOSITORY / "out" / "installed.png"
_SHOOT = """
import sys
from PySide6.QtGui import QGuiApplication
qt = QGuiApplication(sys.argv[:1])
sys.exit(not qt.primaryScreen().grabWindow(0).save(sys.argv[1]))
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0 or not all(map(shutil.which, _NEEDED)),
    reason=f"needs root on Debian, and {', '.join(_NEEDED)}",
)


@pytest.fixture(name="display")
def x_display(pc: ShopPC) -> Iterator[str]:
    """An X server that draws into memory."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


@pytest.fixture(name="installed")
def installed_package() -> Iterator[None]:
    """Install the package and its dependencies by apt; remove it at the end, also after a failure."""
    [package] = DIST.glob("*.deb")
    _apt("install", str(package))
    try:
        yield
    finally:
        if _PROGRAM.exists():
            _apt("remove", "bonifiq-desktop")


def test_installed_package_starts_from_its_entry_and_removal_keeps_data(
    pc: ShopPC, display: str, installed: None
) -> None:
    entry = "/usr/share/applications/bonifiq-desktop.desktop"
    screen = {"DISPLAY": display, "QT_QPA_PLATFORM": ""}
    with pc.popen(["gio", "launch", entry], screen) as launcher:
        assert launcher.wait(PATIENCE) == 0
    data = pc.home / ".local/share/BonifiQ Desktop"
    # X shows the window before Qt has set its process id.
    program = int(_wait_for(lambda: _said_of_window(display).get("_NET_WM_PID(CARDINAL)", ""), "a window's process"))
    try:
        told = _said_of_window(display)
        assert '"bonifiq-desktop", "bonifiq-desktop"' in told["WM_CLASS(STRING)"]
        assert "BonifiQ Desktop" in told["_NET_WM_NAME(UTF8_STRING)"]
        # Not in its first moment: the icon comes after the first paint.
        _wait_for(lambda: "Icon (" in _said_of_window(display).get("_NET_WM_ICON(CARDINAL)", ""), "its icon")
        _wait_for((data / "ledger.db").exists, "its history")
        _wait_for(lambda: _shows_a_window(_shot(display)), "a painted window")
    finally:
        os.kill(program, 15)
    _wait_for(lambda: not Path(f"/proc/{program}").exists(), "its end")
    before = sorted(file.name for file in data.iterdir())
    _apt("remove", "bonifiq-desktop")
    assert not _PROGRAM.exists()
    assert shutil.which("bonifiq-desktop") is None
    assert sorted(file.name for file in data.iterdir()) == before


def _apt(*arguments: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def _window_on(display: str) -> str:
    """Id of the largest window on the display; empty without a window."""
    command = ["xwininfo", "-display", display, "-root", "-tree"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r'(0x[0-9a-f]+) ".*BonifiQ Desktop.*": .*?(\d+)x(\d+)\+', told)
    return max(found, key=lambda each: int(each[1]) * int(each[2]))[0] if found else ""


def _said_of_window(display: str) -> dict[str, str]:
    """Properties of the largest window; empty without one, and when it went before the question."""
    names = ("WM_CLASS", "_NET_WM_NAME", "_NET_WM_ICON", "_NET_WM_PID")
    command = ["xprop", "-display", display, "-id", _window_on(display), *names]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    heads = re.findall(r"^(\w+\(\w+\))(?: =|:)\s*((?:.|\n[^_W])*)", told, re.MULTILINE)
    return {name: value.strip() for name, value in heads}


def _shot(display: str) -> QImage:
    """What is on the display, a moment from now; the last shot stays in out/ to be looked at."""
    time.sleep(1)
    _PICTURE.parent.mkdir(exist_ok=True)
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    subprocess.run([sys.executable, "-B", "-c", _SHOOT, str(_PICTURE)], check=True, env=environment)
    return QImage(str(_PICTURE))


def _shows_a_window(shot: QImage) -> bool:
    """Whether there are letters and colours on it: a bare display and a window not yet painted have a few."""
    colours = {shot.pixel(x, y) for x in range(0, shot.width(), 3) for y in range(0, shot.height(), 3)}
    return len(colours) > 40  # smooth letters alone have more


def _wait_for(seen: Callable[[], T], what: str) -> T:
    end = time.monotonic() + PATIENCE
    while not (found := seen()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.2)
    return found
