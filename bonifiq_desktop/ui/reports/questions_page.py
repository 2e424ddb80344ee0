"""Section of the day page with the owner's questions: one answer as a table; each row opens its order."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from bonifiq_desktop.domain.owner_questions import Answer, Question, ReturningCustomer, RevealedCustomer
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ledger.history_filter import Waiting
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import join_sentences
from bonifiq_desktop.ui.messages.shop_database import own_till_text
from bonifiq_desktop.ui.reports.answers import nothing_found, order_of, question_title, table_of
from bonifiq_desktop.ui.reports.chart_view import FiguresTable
from bonifiq_desktop.ui.reports.period_bar import PeriodBar
from bonifiq_desktop.ui.reports.report_request import ReportRequest
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import ask_where_to_save, lay_out, paragraph
from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.ui.widgets.flow_layout import side_by_side
from bonifiq_desktop.ui.widgets.keys import is_enter
from bonifiq_desktop.ui.widgets.progress_row import ProgressRow
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome
from bonifiq_desktop.worker.report_commands import AskQuestion, ExportAnswer, RevealCustomers

_GAP = 12  # pixels at 100 %
_REVEAL_MS = 60_000


class QuestionsPage(QWidget):
    """Names of customers are shown after an approval, for a minute, and go when the till locks or the page is left.

    `orderRequested`: a customer's last order. `historyRequested`: Waiting, and the order number of a row.
    """

    orderRequested = Signal(str)
    historyRequested = Signal(Waiting, str)

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self.setObjectName("questionsPage")
        self._client = client
        self._answer: Answer | None = None
        self._names: Mapping[int, RevealedCustomer] = {}
        self._reveal_request = 0
        self._question = Choice("questionsQuestion", [(each, question_title(each)) for each in Question])
        self._question.setAccessibleName(self.tr("Pergunta"))
        self._question.set_value(Question.GIVEN_BACK)
        self._period = PeriodBar("questions")
        self._open = ActionButton("questionsOpen", self.tr("Abrir"), "Enter", self._open_row, icon="arrow-right")
        self._reveal = ActionButton("questionsReveal", self.tr("Mostrar nomes"), action=self._ask_names, icon="eye")
        self._export = ActionButton(
            "questionsExport", self.tr("Salvar planilha"), "Ctrl+S", self._choose_file, icon="download",
            has_shortcut=True,
        )  # fmt: skip
        self._progress = ProgressRow(client, "questions")
        self._exporting = ProgressRow(client, "questionsExport")
        self._message = Notice("questionsMessage")
        self._headline = paragraph("", "muted", "questionsHeadline")
        self._table = _AnswerRows("questionsTable")
        self._empty = EmptyState("question", "")
        self._empty.setObjectName("questionsEmpty")
        self._stack = QStackedWidget()
        self._request = ReportRequest(client, self._progress, self._show_outcome)
        self._mask_timer = QTimer(self, singleShot=True, interval=_REVEAL_MS)
        self._arrange()
        self._clear()
        self._connect()

    def _arrange(self) -> None:
        top = side_by_side(self._question, self._period, spacing=px(_GAP))
        below = side_by_side(self._open, self._reveal, self._export, spacing=px(_GAP))
        for view in (self._table, self._empty):
            self._stack.addWidget(view)
        layout = lay_out(self, top, self._progress, self._exporting, self._message, self._headline, spacing=px(_GAP))
        layout.addWidget(self._stack, 1)
        layout.addWidget(below)

    def _connect(self) -> None:
        self._question.changed.connect(self.reload)
        self._period.changed.connect(self.reload)
        self._table.opened.connect(self._open_row)
        self._mask_timer.timeout.connect(self._mask)
        self._client.sessionChanged.connect(self._session_changed)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self._question.setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._mask()

    # --- what is shown

    @property
    def _asked(self) -> tuple[Question, object]:
        question = self._question.value()
        return question if isinstance(question, Question) else Question.GIVEN_BACK, self._period.days

    @Slot()
    def reload(self) -> None:
        """Ask the chosen question; what answers another one goes at once."""
        question, days = self._asked
        if self._answer is not None and (self._answer.question, (self._answer.first, self._answer.last)) != (
            question,
            days,
        ):
            self._clear()
        self._reveal.setVisible(question is Question.CUSTOMERS)
        first, last = self._period.days
        self._request.begin(AskQuestion(question, first, last), self.tr("Procurando…"))

    def _show_outcome(self, outcome: Outcome[Answer]) -> None:
        self._message.clear()
        self._clear()
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        if outcome.value is None:
            self._empty.show_state("question", self.tr("Nada para mostrar agora."))
            return
        self._answer = outcome.value
        self._show_answer(outcome.value)
        announce(self._headline, self._headline.text() or self._empty.text())

    def _show_answer(self, answer: Answer) -> None:
        table = table_of(answer, self._names)
        row = max(0, self._table.currentRow())
        own_till = own_till_text(self._client.shop_database)
        headline = joined(table.headline, own_till if answer.rows else "")
        self._headline.setText(headline)
        self._headline.setVisible(bool(headline))
        self._table.setAccessibleName(question_title(answer.question))
        self._table.show_figures(table.headings, table.rows, amounts=table.amounts, wide=table.wide)
        self._table.setCurrentCell(min(row, len(table.rows) - 1), 0)
        for button in (self._open, self._export):
            button.setEnabled(bool(answer.rows))
        self._reveal.setEnabled(bool(answer.rows) and not self._names)
        self._empty.show_state("done", join_sentences(nothing_found(answer.question), own_till))
        self._stack.setCurrentWidget(self._table if answer.rows else self._empty)

    def _clear(self) -> None:
        self._answer = None
        self._mask()
        self._table.setRowCount(0)
        self._headline.hide()
        for button in (self._open, self._reveal, self._export):
            button.setEnabled(False)
        self._empty.show_state("question", "")
        self._stack.setCurrentWidget(self._empty)

    @Slot()
    def _open_row(self) -> None:
        row = self._table.currentRow()
        if self._answer is None or not 0 <= row < len(self._answer.rows):
            return
        chosen = self._answer.rows[row]
        if isinstance(chosen, ReturningCustomer):
            self.orderRequested.emit(order_of(chosen))
        else:
            self.historyRequested.emit(Waiting.ANYTHING, order_of(chosen))

    # --- names of customers

    @Slot()
    def _ask_names(self) -> None:
        if self._answer is not None and not self._names:
            numbers = tuple(row.customer_id for row in self._answer.rows if isinstance(row, ReturningCustomer))
            self._reveal.setEnabled(False)
            self._reveal_request = self._client.submit_with_approval(
                RevealCustomers(numbers), self._names_read, asker=self
            )

    def _names_read(self, outcome: Outcome[tuple[RevealedCustomer, ...]]) -> None:
        if outcome.request_id != self._reveal_request or self._answer is None or not self.isVisible():
            return
        self._reveal_request = 0
        self._reveal.setEnabled(True)
        if outcome.value is None:
            if outcome.error is not None:
                self._message.show_error(outcome.error)
            return
        self._names = {each.customer_id: each for each in outcome.value}
        self._show_answer(self._answer)
        self._mask_timer.start()

    @Slot()
    def _mask(self) -> None:
        """Take the names away; those that are asked for now come too late."""
        self._mask_timer.stop()
        self._reveal_request = 0
        if self._names:
            self._names = {}
            if self._answer is not None:
                self._show_answer(self._answer)

    @Slot(object)
    def _session_changed(self, _session: Session) -> None:
        """Forget what the last person saw."""
        self._request.drop()
        self._clear()
        if self.isVisible():
            self.reload()

    # --- file

    @Slot()
    def _choose_file(self) -> None:
        ask_where_to_save(
            self,
            "questionsExportDialog",
            self.tr("Salvar a resposta"),
            file_name=self.tr("resposta-bonifiq"),
            filters={self.tr("CSV, para planilhas (*.csv)"): "csv"},
            save=self.export_to,
        )

    @Slot(str)
    def export_to(self, path: str) -> None:
        if self._answer is not None and not self._exporting.is_running:
            self._message.clear()
            self._exporting.begin(ExportAnswer, self.tr("Salvando a planilha…"))
            answer = self._answer
            self._client.submit(ExportAnswer(answer.question, answer.first, answer.last, path), self._exported)

    def _exported(self, outcome: Outcome[int]) -> None:
        self._exporting.end()
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("success", self.tr("Planilha salva com %n linha(s).", "", outcome.value or 0))


class _AnswerRows(FiguresTable):
    """`opened`: Enter or a double click on a row."""

    opened = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.doubleClicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.opened.emit()
        else:
            super().keyPressEvent(event)
