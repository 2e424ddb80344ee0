"""Scans from any screen, sounds and the key strip: what helps hands and ears, in one place for the window."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from bonifiq_desktop.storage.appearance import Appearance
from bonifiq_desktop.ui.appearance import AppearanceControl
from bonifiq_desktop.ui.widgets import sounds
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.scan_guard import ScanGuard


class Assistance(QObject):
    """`scanned` carries a code for the look-up. Sounds and the key strip follow the chosen appearance."""

    scanned = Signal(str)

    def __init__(self, window: QMainWindow, appearance: AppearanceControl) -> None:
        super().__init__(window)
        self._window = window
        guard = ScanGuard(window)
        guard.scanned.connect(self.scanned)
        guard.ignored.connect(self.ignore_scan)
        appearance.changed.connect(self._use)
        self._use(appearance.current)

    @Slot()
    def ignore_scan(self) -> None:
        """Say that a scan was thrown away: in a field for a PIN or key, or in a locked window."""
        sounds.play("ignored")
        announce(self._window, self.tr("Leitura ignorada: este campo é digitado."))

    @Slot(object)
    def _use(self, appearance: Appearance) -> None:
        sounds.enable(on=appearance.sounds)
        strip = self._window.findChild(QObject, "keyStrip")
        if strip is None and appearance.key_strip:
            from bonifiq_desktop.ui.widgets.key_strip import KeyStrip

            strip = KeyStrip(self._window)
        if strip is not None:
            strip.setProperty("visible", appearance.key_strip)
