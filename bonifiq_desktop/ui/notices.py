"""Messages above the pages: crashes, an unusable ledger, and bad news about operations that are out of sight."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import operation_line
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_contradiction, message_for_operation
from bonifiq_desktop.ui.pc_notices import PcNotices
from bonifiq_desktop.ui.widgets.banner import Banner, OutcomeBanner
from bonifiq_desktop.ui.widgets.labels import KeyButton
from bonifiq_desktop.worker.client import WorkerClient


class Notices(QWidget):
    """Banners, each hidden while it has no message. `recoveryRequested`: the recovery page is to be shown."""

    recoveryRequested = Signal()

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._worker_crash = Banner("workerMessage")
        self._ledger_error = Banner("ledgerMessage")
        self._recovery_button = KeyButton(
            "rescueOpen", self.tr("Ver o que fazer"), "F10", look="dangerMain", has_shortcut=True
        )
        self._recovery_button.clicked.connect(self.recoveryRequested)
        self._recovery_button.hide()
        self._operation = Banner("operationNotice")
        self._last_crash = Banner("faultNotice")
        pc_notices = PcNotices(client, self)
        ledger_row = QWidget()
        row = QHBoxLayout(ledger_row)
        row.setContentsMargins(0, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(self._ledger_error, 1)
        row.addWidget(self._recovery_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (
            self._worker_crash,
            ledger_row,
            self._operation,
            self._last_crash,
            pc_notices.draft_banner,
            pc_notices.clock_banner,
            pc_notices.version_banner,
        ):
            layout.addWidget(widget)

    # --- the ledger

    @property
    def shows_ledger_error(self) -> bool:
        """Whether the ledger is known to be unusable."""
        return bool(self._ledger_error.text())

    def show_ledger_error(self, error: Exception) -> None:
        """Say why the ledger cannot be used."""
        self._ledger_error.show_message(message_for_error(error))

    def clear_ledger_error(self) -> None:
        """The ledger can be used again."""
        self._ledger_error.clear()

    def offer_recovery(self, *, offered: bool) -> None:
        """Show the way to the recovery page, as long as the ledger is unusable."""
        self._recovery_button.setVisible(offered and self.shows_ledger_error)

    # --- crashes

    def show_worker_crash(self, message: Message) -> None:
        """Say that the worker ended."""
        self._worker_crash.show_message(message)

    def show_last_crash(self) -> None:
        """Say that the last run of the program crashed."""
        self._last_crash.show_message(
            Message(
                "info",
                self.tr("O programa foi fechado de repente da última vez."),
                self.tr("O que já estava registrado continua guardado; o que estava pendente segue sozinho."),
                self.tr("Um relatório foi salvo; o suporte pode pedir o arquivo em Ajustes (F9)."),
            )
        )

    def clear_last_crash(self) -> None:
        """A screen was chosen, so the message was read."""
        self._last_crash.clear()

    # --- operations

    @Slot(object)
    def show_operation(self, operation: Operation) -> None:
        """Tell about a refusal, a review or a contradiction that no visible banner tells about."""
        if operation.contradicted:
            message = message_for_contradiction(operation)
        elif operation.state in {State.REFUSED, State.REVIEW} and not self._is_followed(operation):
            message = replace(message_for_operation(operation), action=self.tr("Veja no Histórico (F4)."))
        else:
            return
        title = f"{operation_line(operation)}  ·  {operation.order_id}: {message.title}"
        self._operation.show_message(replace(message, title=title))

    def clear_operation(self) -> None:
        """The history is shown, so the message was read."""
        self._operation.clear()

    def _is_followed(self, operation: Operation) -> bool:
        return any(
            banner.isVisible()
            and banner.operation is not None
            and banner.operation.operation_id == operation.operation_id
            for banner in self.window().findChildren(OutcomeBanner)
        )
