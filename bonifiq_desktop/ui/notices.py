"""Messages above the pages: crashes, an unusable ledger, operations out of sight, unsaved drafts, a wrong clock."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.ui.messages.contradictions import message_for_contradiction
from bonifiq_desktop.ui.messages.errors import clock_title
from bonifiq_desktop.ui.messages.formats import operation_line
from bonifiq_desktop.ui.messages.operations import message_for_operation
from bonifiq_desktop.ui.printing.notice import PrintNotice
from bonifiq_desktop.ui.sale.reward_row import RewardRow
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice, OutcomeBanner
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.outcome_panel import OutcomePanel
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status


class Notices(QWidget):
    """Banners, each hidden while it has no message. `recoveryRequested`: the recovery page is to be shown."""

    recoveryRequested = Signal()

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self.worker_crash = Notice("workerMessage")
        self.ledger_error = Notice("ledgerMessage")
        what_to_do = self.tr("Ver o que fazer")
        self._recovery_button = ActionButton(
            "rescueOpen", what_to_do, "Ctrl+R", self.recoveryRequested, look="danger", has_shortcut=True
        )
        self._recovery_button.hide()
        self.operation = Notice("operationNotice")
        self.last_crash = Notice("faultNotice")
        self._draft = Notice("draftNotice")
        self._clock = Notice("clockNotice")
        self._version = Notice("versionNotice")
        ledger_row = QHBoxLayout()
        ledger_row.setContentsMargins(0, 0, px(24), 0)
        ledger_row.setSpacing(px(12))
        ledger_row.addWidget(self.ledger_error, 1)
        ledger_row.addWidget(self._recovery_button)
        self.printing = PrintNotice(client)
        below = (self.printing, self.operation, self.last_crash, self._draft, self._clock, self._version)
        lay_out(self, self.worker_crash, ledger_row, *below, spacing=0)
        client.draftSaved.connect(self._draft_saved)
        client.statusChanged.connect(self._status_changed)
        client.operationChanged.connect(self._operation_changed)

    # --- the ledger

    @property
    def shows_ledger_error(self) -> bool:
        return bool(self.ledger_error.text())

    def offer_recovery(self, *, offered: bool) -> None:
        self._recovery_button.setVisible(offered and self.shows_ledger_error)

    # --- crashes

    def show_last_crash(self) -> None:
        self.last_crash.say(
            "info",
            self.tr("O programa foi fechado de repente da última vez."),
            self.tr("O que já estava registrado continua guardado; o que estava pendente segue sozinho."),
            self.tr("Um relatório foi salvo; o suporte pode pedir o arquivo em Ajustes (F9)."),
            code="PC-07",
        )

    # --- operations

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        """Tell about a refusal, a review or a contradiction that no visible banner tells about."""
        if operation.contradicted:
            message = message_for_contradiction(operation)
        elif operation.state in {State.REFUSED, State.REVIEW} and not self._is_followed(operation):
            message = replace(message_for_operation(operation), action=self.tr("Veja no Histórico (F4)."))
        else:
            return
        title = f"{operation_line(operation)}  ·  {operation.order_id}: {message.title}"
        self.operation.show_message(replace(message, title=title))

    def _is_followed(self, operation: Operation) -> bool:
        window = self.window()
        outcomes: list[OutcomeBanner | OutcomePanel | RewardRow] = [
            *window.findChildren(OutcomeBanner),
            *window.findChildren(OutcomePanel),
            *window.findChildren(RewardRow),
        ]
        return any(outcome.isVisible() and outcome.follows(operation) for outcome in outcomes)

    # --- this PC

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        self._show_failed_version(status.failed_version)
        if status.clock_doubt is None:
            self._clock.clear()
            return
        advice = self.tr("Acerte a data e a hora do computador; até lá cada venda pergunta antes de ser registrada.")
        self._clock.say("warning", clock_title(status.clock_doubt), action=advice, code="PC-06")

    def _show_failed_version(self, name: str) -> None:
        if not name:
            self._version.clear()
            return
        self._version.say(
            "warning",
            self.tr("A versão {0} do programa não abriu neste PC; esta é a versão anterior.").format(name),
            self.tr("O histórico e os ajustes são os mesmos, e nada se perdeu."),
            self.tr("Avise o suporte. Em Ajustes (F9) dá para tentar a versão {0} de novo.").format(name),
            code="PC-09",
        )

    @Slot(object)
    def _draft_saved(self, error: Exception | None) -> None:
        if error is None:
            self._draft.clear()
            return
        self._draft.say(
            "warning",
            self.tr("O que está sendo digitado não está sendo guardado neste PC."),
            self.tr("O que já foi registrado continua guardado."),
            self.tr("Termine antes de fechar o programa, e veja se o disco está cheio ou protegido."),
            code="PC-08",
        )
