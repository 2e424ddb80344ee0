"""Composition root: builds the program once, passes every part what it needs, stops in the reverse order."""

import logging
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTimer, QTranslator, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.arguments import Arguments, parse_arguments
from bonifiq_desktop.diagnostics.fault_handler import has_fault_log, recording_faults
from bonifiq_desktop.storage.files import make_private_folder
from bonifiq_desktop.storage.language import stored_language
from bonifiq_desktop.storage.paths import Paths, data_folder, resource
from bonifiq_desktop.ui.gc_timer import GcTimer
from bonifiq_desktop.ui.main_window import MainWindow
from bonifiq_desktop.ui.single_instance import OtherPC, SingleInstance
from bonifiq_desktop.ui.theme import set_font
from bonifiq_desktop.ui.windows_session import announce_running
from bonifiq_desktop.worker.client import WorkerClient

if TYPE_CHECKING:
    from bonifiq_desktop.services.settings_store import Overrides
    from bonifiq_desktop.training_server.server import TrainingServer
    from bonifiq_desktop.ui.recovery.crash_handler import CrashHandler
    from bonifiq_desktop.worker.backend import BackendOpener
    from bonifiq_desktop.worker.thread import AnyBackend, Publish

_log = logging.getLogger(__name__)
_TRAINING_ACCOUNT = "TREINO"
_PAINT_TIMEOUT_MS = 1000


@dataclass(eq=False)
class AlreadyRunning(Exception):
    """Another process uses this data folder. `brought_to_front`: it was asked to show its window."""

    brought_to_front: bool


@dataclass(eq=False)
class FolderUsedByOtherPc(Exception):
    """Another PC's lock is in this data folder; `other` names that PC."""

    other: OtherPC


def build(argv: Sequence[str]) -> "App":
    """Build the whole program from command-line arguments, without entering the event loop.

    Raises AlreadyRunning, FolderUsedByOtherPc, OSError.
    """
    app = App(parse_arguments(argv))
    app.finish()
    return app


class App(QObject):
    """The running program: `window`, `start()`, `stop()`. Raises what `build` raises.

    The constructor makes what the first paint needs, `finish` the rest. `start` does that after the first paint, and
    then starts the worker.
    """

    _screens_loaded = Signal()

    def __init__(self, arguments: Arguments) -> None:
        super().__init__()
        self._qt = _qt_application()
        self._arguments = arguments
        self.paths = Paths(data_folder(arguments.data_dir, training=arguments.training))
        make_private_folder(self.paths.folder)
        self._instance = SingleInstance(self.paths.folder)
        self._lock_folder(take_over=arguments.take_over)
        announce_running()
        self._last_run_crashed = False
        if has_fault_log(self.paths):
            from bonifiq_desktop.diagnostics.crash_reports import report_fault

            self._last_run_crashed = report_fault(self.paths) is not None
        self._language = arguments.language or stored_language(self.paths.settings)
        self._opener: BackendOpener | None = None
        QLocale.setDefault(QLocale(self._language))
        # The window's Portuguese is in the source; its plurals, and English, come from files.
        self._translators = _install_translator(self._qt, str(resource(f"translations/bonifiq_{self._language}.qm")))
        self.training_server: TrainingServer | None = None
        self._is_stopped = False
        self._is_listening = False
        self._gc_timer = GcTimer(self)
        self.client = WorkerClient(self._open_backend)
        self.window = MainWindow(self.client, training=arguments.training, paths=self.paths)
        self.client.practiceOrders.connect(self.window.lookup.set_practice_orders)
        if isinstance(self._qt, QGuiApplication):
            self._qt.commitDataRequest.connect(self.window.prepare_to_leave)  # the user logs off
        self._crash_handler: CrashHandler | None = None
        self._loader = threading.Thread(target=self._load, name="loader", daemon=True)
        self._screens_loaded.connect(self._loaded)
        self._is_complete = False

    def _lock_folder(self, *, take_over: bool) -> None:
        """Raises FolderUsedByOtherPc, AlreadyRunning, OSError."""
        if self._instance.acquire():
            return
        other = self._instance.other_pc()
        if other is None:
            raise AlreadyRunning(brought_to_front=self._instance.raise_first_instance())
        if not take_over:
            raise FolderUsedByOtherPc(other)
        if not self._instance.take_over():
            raise AlreadyRunning(brought_to_front=False)

    # --- after the first paint

    def finish(self) -> None:
        if self._is_complete:
            return
        from PySide6.QtCore import QLibraryInfo
        from PySide6.QtGui import QIcon

        from bonifiq_desktop.diagnostics.log_file import start_logging
        from bonifiq_desktop.ui.access.approval_sheet import show_approval
        from bonifiq_desktop.ui.recovery.crash_handler import CrashHandler

        start_logging(self.paths.logs)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._translators += _install_translator(self._qt, f"{folder}/qtbase_{self._language}.qm")
        QGuiApplication.setWindowIcon(QIcon(str(resource("icons/bonifiq-desktop.svg"))))
        content = self.window.content
        content.practiceRequested.connect(self._open_practice)
        self._crash_handler = CrashHandler(
            self.paths, self._arguments.reported_options(), self.client, self.window, content.lock
        )
        self.client.approvalNeeded.connect(show_approval)
        self.client.workerCrashed.connect(self._crash_handler.report_worker_crash)
        if self._last_run_crashed:
            content.notices.show_last_crash()
        self._is_complete = True

    @Slot()
    def _painted(self) -> None:
        if self._is_complete:
            self.client.start()
        else:
            self._loader.start()
        self._listen()

    @Slot()
    def _listen(self) -> None:
        """Let a second start bring this window to the front; the program works without that, too."""
        if self._is_listening or self._is_stopped:
            return
        self._is_listening = True
        try:
            self._instance.listen(self._raise_window)
        except (ImportError, OSError):
            _log.exception("single-instance server not started")

    def _load(self) -> None:
        """Import on a helper thread what `finish` and `client.start` need: the window stays responsive meanwhile.

        Not the rest of the worker: two threads that import at once keep the window waiting for Python's lock.
        """
        try:
            import bonifiq_desktop.diagnostics.log_file
            import bonifiq_desktop.ui.window_content
            import bonifiq_desktop.worker.thread  # noqa: F401
        finally:  # a failed import is raised again where the module is used
            self._screens_loaded.emit()

    @Slot()
    def _loaded(self) -> None:
        if self._is_stopped:
            return
        try:
            self.finish()
        except Exception as error:
            self._report_failed_start(error)
            self._qt.exit(1)  # a window without its pages takes keys and does nothing
            raise
        self.client.start()

    def _report_failed_start(self, error: Exception) -> None:
        """Log the error, write a crash report, and show a message: a double click on the icon opens no terminal."""
        from PySide6.QtWidgets import QMessageBox

        from bonifiq_desktop.diagnostics.crash_reports import write_crash_report

        _log.critical("start failed", exc_info=error)
        with suppress(OSError):
            write_crash_report(self.paths, error, thread="MainThread", options=self._arguments.reported_options())
        if QGuiApplication.platformName() not in {"offscreen", "minimal"}:
            sentence = self.tr("O programa não pôde ser aberto e vai fechar. Nada foi enviado; chame o suporte.")
            QMessageBox.critical(self.window, "BonifiQ Desktop", sentence)

    # --- start and stop

    def start(self) -> None:
        """Show the window; its first paint triggers the rest."""
        self.window.painted.connect(self._painted)
        QTimer.singleShot(_PAINT_TIMEOUT_MS, self, self._listen)  # a minimised window is not painted
        self.window.appear()

    def run(self) -> int:
        """Start, run the event loop until the window is closed, stop; return the exit status."""
        with recording_faults(self.paths):
            if self._arguments.quit_when_ready:
                self.window.painted.connect(self._qt.exit)  # unlike quit(), exit() asks no window
                self.window.appear()
            else:
                self.start()
            status = self._qt.exec()
            self.stop()
        return status

    def stop(self) -> bool:
        """Stop in the reverse order; return True when every thread ended. The next start recovers unfinished work."""
        if self._is_stopped:
            return True
        self._is_stopped = True
        if self._crash_handler is not None:
            self._crash_handler.silence()
        self.window.leave()
        if self._loader.is_alive():
            self._loader.join()
        try:
            ended = self.client.stop()
            if self.training_server is not None:
                self.training_server.stop()
                self.training_server = None
        finally:
            self.window.deleteLater()
            self._gc_timer.stop()
            if self._crash_handler is not None:
                self._crash_handler.stop()
            for translator in self._translators:
                self._qt.removeTranslator(translator)
            self._instance.release()
        return ended

    def _open_practice(self) -> None:
        """Start a second process in training mode, with its own data folder."""
        is_packaged = getattr(sys, "frozen", False)
        arguments = [] if is_packaged else ["-m", "bonifiq_desktop"]
        if self._arguments.data_dir:
            arguments += ["--data-dir", self._arguments.data_dir]
        from bonifiq_desktop.ui.processes import start_detached

        start_detached(sys.executable, [*arguments, "--training", "--lang", self._language])

    def _raise_window(self) -> None:
        from PySide6.QtCore import Qt

        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()

    async def _open_backend(self, publish: "Publish") -> "AnyBackend":
        if self._opener is None:
            from bonifiq_desktop.worker.backend import BackendOpener

            self._opener = BackendOpener(self.paths, self._overrides, uses_keyring=not self._arguments.training)
        return await self._opener.open(publish)

    async def _overrides(self, publish: "Publish") -> "Overrides":
        """Return what this run uses in place of the stored settings. Raises SettingsError.

        Training uses the embedded server, or the training server at the command line's address.
        """
        from bonifiq_desktop.services.settings_store import Overrides

        url = self._arguments.api_url
        if not self._arguments.training:
            return Overrides(url=url)
        from bonifiq_desktop.connectors.bonifiq.connector import is_training_server
        from bonifiq_desktop.security.credentials import Credentials, credentials_from_environment
        from bonifiq_desktop.storage.settings import SettingsError
        from bonifiq_desktop.worker.commands import PracticeOrders

        if not url:
            from bonifiq_desktop.training_server.seed_data import CUSTOMER_SUGGESTIONS, SUGGESTIONS
            from bonifiq_desktop.worker.practice import practice_connections, practice_secrets

            server = self.training_server or self._start_training()
            publish(PracticeOrders(SUGGESTIONS, CUSTOMER_SUGGESTIONS))
            pair = Credentials(server.token, server.key)
            return Overrides(
                server.url, _TRAINING_ACCOUNT, pair, practice_connections(server), practice_secrets(server)
            )
        credentials = credentials_from_environment()
        # The window's mark says that nothing here counts: a real server must never be behind it.
        if credentials is None:
            raise SettingsError("training_pair")
        if not await is_training_server(url, credentials):
            raise SettingsError("not_training")
        return Overrides(url, _TRAINING_ACCOUNT, credentials)

    def _start_training(self) -> "TrainingServer":
        from bonifiq_desktop.training_server.server import TrainingServer

        contract = resource("contract/bonifiq.openapi.json")
        remote = (resource("contract/mirakl.openapi.json"), resource("contract/akinon.openapi.json"))
        self.training_server = TrainingServer(
            state_file=self.paths.training_state, contract=contract, remote_contracts=remote
        )
        self.training_server.start()
        return self.training_server


def _qt_application() -> QCoreApplication:
    """Return the application object. The style is an argument: `setStyle` would load every style."""
    existing = QApplication.instance()
    qt = existing or QApplication([sys.argv[0], "-style", "Fusion"])
    if isinstance(qt, QApplication):
        if existing is not None:
            qt.setStyle("Fusion")
        set_font(qt)
    QGuiApplication.setApplicationDisplayName("BonifiQ Desktop")
    return qt


def _install_translator(qt: QCoreApplication, file: str) -> list[QTranslator]:
    """Install the translations of a file; return an empty list where there is no such file."""
    translator = QTranslator()
    if not translator.load(file):
        return []
    qt.installTranslator(translator)
    return [translator]
