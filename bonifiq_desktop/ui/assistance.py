"""Scan guard, sounds and key strip of the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from bonifiq_desktop.storage.appearance import Appearance
from bonifiq_desktop.ui.appearance import AppearanceControl
from bonifiq_desktop.ui.widgets import sounds
from bonifiq_desktop.ui.widgets.scan_guard import ScanGuard
from bonifiq_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from bonifiq_desktop.ui.widgets.key_strip import KeyStrip


class Assistance(QObject):
    """`scanned` carries a code for the look-up. Sounds and the key strip follow the chosen appearance."""

    scanned = Signal(str)

    def __init__(self, window: QMainWindow, appearance: AppearanceControl) -> None:
        super().__init__(window)
        self._window = window
        self._strip: KeyStrip | None = None
        guard = ScanGuard(window)
        guard.scanned.connect(self.scanned)
        guard.ignored.connect(self._ignore_scan)
        appearance.changed.connect(self._use)
        self._use(appearance.current)

    @Slot()
    def _ignore_scan(self) -> None:
        self.ignore_scan(self.tr("Leitura ignorada: este campo é digitado."))

    def ignore_scan(self, sentence: str) -> None:
        """Say that a scan was thrown away."""
        sounds.play("ignored")
        Toast.show_in(self._window, sentence)

    @Slot(object)
    def _use(self, appearance: Appearance) -> None:
        sounds.enable(on=appearance.sounds)
        if self._strip is None and appearance.key_strip:
            from bonifiq_desktop.ui.widgets.key_strip import KeyStrip

            self._strip = KeyStrip(self._window)
        if self._strip is not None:
            self._strip.set_shown(appearance.key_strip)
