"""Sounds for done, refused and an ignored scan. Off until the user turns them on.

The system plays a file: QtMultimedia comes only with PySide6's add-ons, which are larger than the whole program, and
QApplication.beep() has one pitch.
"""

import sys
from shutil import which
from typing import Literal

from PySide6.QtCore import QCoreApplication, QProcess, QTimer
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.storage.paths import resource

Sound = Literal["done", "refused", "ignored"]

_ENABLED = "sounds"
"""Dynamic property of the application."""
_PLAYERS = ("pw-play", "paplay", "aplay", "afplay")
_BEEPS: dict[Sound, int] = {"done": 1, "refused": 2, "ignored": 3}
_BEEP_MS = 180


def enable(on: bool) -> None:
    application = QCoreApplication.instance()
    if application is not None:
        application.setProperty(_ENABLED, on)


def play(sound: Sound) -> None:
    """Start a sound without waiting for it. A PC without a player beeps once, twice or three times."""
    application = QCoreApplication.instance()
    if application is None or not application.property(_ENABLED):
        return
    if not _start(str(resource(f"sounds/{sound}.wav"))):
        for count in range(_BEEPS[sound]):
            QTimer.singleShot(count * _BEEP_MS, QApplication.beep)


def _start(file: str) -> bool:
    if sys.platform == "win32":
        import winsound

        try:
            winsound.PlaySound(file, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        except RuntimeError:  # no sound card
            return False
        return True
    player = next(filter(None, map(which, _PLAYERS)), None)
    return player is not None and QProcess.startDetached(player, [file])[0]
