"""Takes a scanned code to the look-up page, from any page or dialog."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.ui.lookup.scan_dialog import ScanDialog, close_dialogs, has_unsaved_dialog
from bonifiq_desktop.worker.client import WorkerClient


class ScanRouter(QObject):
    """Asks first where a dialog is open that holds unsaved input. `look_up`: shows the look-up page for a code."""

    def __init__(self, client: WorkerClient, window: QWidget, look_up: Callable[[str], None]) -> None:
        super().__init__(window)
        self._client = client
        self._window = window
        self._look_up = look_up

    @Slot(str)
    def route(self, code: str) -> None:
        """Look a scanned code up."""
        open_dialog = self._window.findChild(ScanDialog)
        if open_dialog is not None and open_dialog.isVisible():
            open_dialog.ask_about(code)
        elif has_unsaved_dialog(self._window):
            parent = QApplication.activeModalWidget() or self._window
            dialog = ScanDialog(self._client, code, parent)
            dialog.chosen.connect(self._leave_dialogs)
            dialog.rejected.connect(parent.activateWindow)
            dialog.open()
        else:
            self._leave_dialogs(code)

    @Slot(str)
    def _leave_dialogs(self, code: str) -> None:
        if close_dialogs(self._window):
            self._look_up(code)
