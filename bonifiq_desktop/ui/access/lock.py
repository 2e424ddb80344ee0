"""Window lock: hides the window at the start and after idle minutes, where the till asks for a sign-in."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.access.person_dialog import PinResetDialog
from bonifiq_desktop.ui.access.sign_in_page import SignInPage
from bonifiq_desktop.ui.close_dialog import CloseDialog
from bonifiq_desktop.ui.help.user_guide import UserGuideDialog
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import SignOut

_MINUTE_MS = 60_000
_RETRY_MS = 200
_Type = QEvent.Type
_USER_INPUT = frozenset({_Type.KeyPress, _Type.MouseButtonPress, _Type.MouseMove, _Type.Wheel, _Type.TouchBegin})


class WindowLock(QObject):
    """Emits `changed` when the window has to hide or may show its content."""

    changed = Signal()

    def __init__(self, client: WorkerClient, window: QWidget) -> None:
        super().__init__(window)
        self._client = client
        self._window = window
        self._idle = QTimer(self, singleShot=True)
        self._idle.setObjectName("idleTimer")
        self.set_idle_minutes(Settings().lock_after)
        self._idle.timeout.connect(self.sign_out)
        self._is_watching = False
        self.is_locked = False
        client.sessionChanged.connect(self._session_changed)

    def set_idle_minutes(self, minutes: int) -> None:
        self._idle.setInterval(minutes * _MINUTE_MS)

    @Slot()
    def sign_out(self) -> None:
        """Lock at once, then tell the worker."""
        if self._client.session.requires_sign_in:
            self._set_locked(locked=True)
            self._client.submit(SignOut())

    @Slot(object)
    def _session_changed(self, session: Session) -> None:
        self._set_watching(wanted=session.requires_sign_in)
        self._set_locked(locked=session.requires_sign_in and session.current_user is None)

    def _set_watching(self, *, wanted: bool) -> None:
        application = QCoreApplication.instance()
        if wanted is self._is_watching or application is None:
            return
        self._is_watching = wanted
        if wanted:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)
            self._idle.stop()

    def _set_locked(self, *, locked: bool) -> None:
        if locked:
            self._idle.stop()
            self._close_dialogs()
        elif self._is_watching:
            self._idle.start()
        if locked is not self.is_locked:
            self.is_locked = locked
            for toast in self._window.findChildren(Toast):
                toast.close_toast()  # the Ctrl+Z of an operation would work on the locked window
            self.changed.emit()

    @Slot()
    def _close_dialogs(self) -> None:
        """Close popups and dialogs; they keep their drafts. Retry those that wait for an outcome."""
        for widget in QApplication.topLevelWidgets():
            if widget.windowType() == Qt.WindowType.Popup:
                widget.close()
        for dialog in self._dialogs():
            dialog.reject()
        if self._dialogs():
            QTimer.singleShot(_RETRY_MS, self, self._close_dialogs)

    def _dialogs(self) -> list[QDialog]:
        dialogs = self._window.findChildren(QDialog)
        return [dialog for dialog in dialogs if dialog.isVisible() and not _survives_lock(dialog)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _USER_INPUT and not self.is_locked:
            self._idle.start()
        if event.type() == _Type.Show and self.is_locked and isinstance(watched, QDialog):
            # Opened by a late outcome. Queued, because Qt is still showing the dialog.
            QTimer.singleShot(0, self, self._close_dialogs)
        return super().eventFilter(watched, event)


def _survives_lock(dialog: QDialog) -> bool:
    """Keep the sign-in page's own sheet, and those that show nothing of the shop but counts."""
    is_sign_in_pages = isinstance(dialog, PinResetDialog) and isinstance(dialog.asker, SignInPage)
    return is_sign_in_pages or isinstance(dialog, CloseDialog | UserGuideDialog)
