"""Changes of the window's appearance: the system's colour scheme, a choice in the settings, Ctrl with + - 0.

Loaded after the first paint.
"""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow

from bonifiq_desktop.storage.appearance import SCALES, SYSTEM, read_appearance, write_appearance
from bonifiq_desktop.ui import theme

_KEYS = {"Ctrl++": 1, "Ctrl+=": 1, "Ctrl+-": -1, "Ctrl+0": 0}


class AppearanceControl(QObject):
    """`changed` carries the new Appearance, for the settings page. A file error only loses the choice."""

    changed = Signal(object)

    def __init__(self, window: QMainWindow, file: Path) -> None:
        super().__init__(window)
        self._window = window
        self._file = file
        self.current = read_appearance(file)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        accessibility = getattr(hints, "accessibility", lambda: None)()  # Qt 6.10
        if accessibility is not None:
            accessibility.contrastPreferenceChanged.connect(self._system_changed)
        for key, step in _KEYS.items():
            QShortcut(QKeySequence(key), window).activated.connect(partial(self._resize, step))
        self._apply()

    def choose(self, **changes: object) -> None:
        """Use and store other values of fields of Appearance."""
        chosen = replace(self.current, **changes)  # type: ignore[arg-type]
        if chosen == self.current:
            return
        is_drawn_anew = (chosen.look, chosen.scale) != (self.current.look, self.current.scale)
        self.current = chosen
        if is_drawn_anew:
            self._apply()
        with suppress(OSError):
            write_appearance(self._file, chosen)
        self.changed.emit(chosen)

    def _resize(self, step: int) -> None:
        place = SCALES.index(self.current.scale) + step if step else 0
        self.choose(scale=SCALES[min(max(place, 0), len(SCALES) - 1)])

    @Slot()
    def _system_changed(self) -> None:
        if self.current.look == SYSTEM and theme.asked_look() != theme.look():
            self._apply()

    def _apply(self) -> None:
        look = theme.asked_look() if self.current.look == SYSTEM else self.current.look
        theme.apply_style(self._window, look, self.current.scale)
