"""Sounds for done, refused and an ignored scan. Off until the user turns them on.

Windows plays a file. Elsewhere the bell rings once, twice or three times: QtMultimedia comes only with PySide6's
add-ons, which are larger than the whole program, and a player would be another program started by this one.
"""

import sys
from typing import Literal

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.storage.paths import resource

Sound = Literal["done", "refused", "ignored"]

_ENABLED = "sounds"
"""Dynamic property of the application."""
_BEEPS: dict[Sound, int] = {"done": 1, "refused": 2, "ignored": 3}
_BEEP_MS = 180
_TONES: dict[str, Sound] = {"success": "done", "warning": "refused", "danger": "refused"}


def enable(*, on: bool) -> None:
    application = QCoreApplication.instance()
    if application is not None:
        application.setProperty(_ENABLED, on)


def play_for(tone: str) -> None:
    """Play the sound of a message's tone, if it has one."""
    if tone in _TONES:
        play(_TONES[tone])


def play(sound: Sound) -> None:
    """Start a sound without waiting for it."""
    application = QCoreApplication.instance()
    if application is None or not application.property(_ENABLED) or _plays_file(sound):
        return
    for count in range(_BEEPS[sound]):
        QTimer.singleShot(count * _BEEP_MS, QApplication.beep)


def _plays_file(sound: Sound) -> bool:
    if sys.platform == "win32":
        import winsound

        try:
            file = str(resource(f"sounds/{sound}.wav"))
            winsound.PlaySound(file, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        except RuntimeError:  # no sound card
            return False
        return True
    return False
