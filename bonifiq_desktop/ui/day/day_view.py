"""View of one day: its figures, what it leaves to do, the check with the systems, and the close."""

from datetime import date, datetime

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from bonifiq_desktop.domain.day_close import (
    ClosedDay,
    DayCheck,
    DayReport,
    Difference,
    LateChange,
    NextStep,
    OpenOperation,
    OrderDifference,
)
from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ledger.history_filter import Waiting
from bonifiq_desktop.ui.day.close_sheet import CloseDaySheet
from bonifiq_desktop.ui.day.day_chooser import DayChooser
from bonifiq_desktop.ui.day.figures import Figures, Tables
from bonifiq_desktop.ui.day.record_card import RecordCard
from bonifiq_desktop.ui.day.rows import fit, to_do_rows
from bonifiq_desktop.ui.day.shop_table import ShopTable
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.ui.messages.day_close import damaged_close_message, full_day, restored_message, spoken_code
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.printing.preview import open_preview
from bonifiq_desktop.ui.printing.print_button import print_button
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import Chip
from bonifiq_desktop.ui.widgets.dialog_frame import ask_where_to_save, button_row, lay_out
from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel
from bonifiq_desktop.ui.widgets.progress_row import ProgressRow
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CheckDay, ExportDay, Outcome, ReadDay

_GAP = 12  # pixels at 100 %
_MAX_WIDTH = 1120
_CHANGE_PAUSE_MS = 400
_CONFIRM = ("Ctrl+Return", "Ctrl+Enter")


def today() -> date:
    return datetime.now().astimezone().date()


class DayView(QWidget):
    """Reads its day again when it comes into sight and after each change; an older answer is dropped."""

    orderRequested = Signal(str)
    historyRequested = Signal(Waiting, str)
    homeRequested = Signal()

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._day: date | None = None  # None: today, whatever it is by then
        self._report: DayReport | None = None
        self._check: DayCheck | None = None
        self._request_id = 0
        self._timer = QTimer(self, singleShot=True, interval=_CHANGE_PAUSE_MS)
        self._timer.timeout.connect(self.refresh)
        self._make_parts()
        self._arrange()
        client.statusChanged.connect(self._changed)
        client.shopDatabaseChanged.connect(self._changed)
        client.sessionChanged.connect(self._session_changed)

    def _make_parts(self) -> None:
        client = self._client
        self.chooser = DayChooser()
        self.chooser.chosen.connect(self.show_day)
        self._state = UntrustedLabel("muted", "dayState")
        self._chip = Chip("dayChip")
        self._message = Notice("dayMessage")
        self._damaged = Notice("dayDamaged")
        self._checking, self._exporting = ProgressRow(client, "dayCheck"), ProgressRow(client, "dayExport")
        self._record, self._figures, self._tables = RecordCard(), Figures(), Tables()
        self._shop = ShopTable()
        self._rows = RowList("dayRows", self.tr("O que falta resolver"), two_lines=True)
        self._rows.chosen.connect(self._row_chosen)
        self._empty = EmptyState("day", "")
        self._empty.setObjectName("dayEmpty")
        self._check_button = ActionButton(
            "dayCheck", self.tr("Conferir com os sistemas"), "F5", self.start_check, icon="search", has_shortcut=True
        )
        self._export_button = ActionButton(
            "dayExport", self.tr("Exportar"), "Ctrl+S", self._choose_file, icon="download", has_shortcut=True
        )
        self._print = print_button("dayPrint", self._open_preview)
        self._close = ActionButton("dayClose", self.tr("Fechar o dia"), "Ctrl+Enter", self._open_close, look="primary")
        for key in _CONFIRM:
            QShortcut(QKeySequence(key), self._close).activated.connect(self._close.click)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(px(_GAP))
        head.addWidget(self.chooser)
        head.addWidget(self._chip)
        head.addWidget(self._state, 1)
        self._content = QWidget()
        self._content.setObjectName("page")
        self._content.setMaximumWidth(px(_MAX_WIDTH))
        parts = (self._record, self._figures, self._rows, self._shop, self._tables)
        lay_out(self._content, *parts, margins=(0, 0, px(8), 0), spacing=px(_GAP)).addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._content)
        layout = lay_out(self, head, self._damaged, self._message, self._checking, self._exporting, spacing=px(_GAP))
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._empty, 1)
        layout.addLayout(button_row(self._check_button, self._export_button, self._print, right=(self._close,)))
        self._show(None)

    # --- the day

    @property
    def report(self) -> DayReport | None:
        """The day as it is shown."""
        return self._report

    @Slot(object)
    def show_day(self, day: date) -> None:
        if self._report is None or day != self._report.day:
            self._check = None
            self._message.clear()
        self._day = None if day == today() else day
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        self._timer.stop()
        self._request_id = self._client.submit(ReadDay(self._day), self._received)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the close, where the day is open."""
        (self._close if self._close.isVisible() and self._close.isEnabled() else self.chooser).setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    @Slot()
    def _changed(self) -> None:
        if self.isVisible():
            self._timer.start()

    @Slot(object)
    def _session_changed(self, _session: Session) -> None:
        """Forget what the last person saw."""
        self._request_id = 0
        self._day, self._check = None, None
        self._message.clear()
        self._show(None)
        if self.isVisible():
            self.refresh()

    def _received(self, outcome: Outcome[DayReport]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.error is not None:
            self._show(None)
            self._message.show_error(outcome.error)
            self._show_empty("alert", self.tr("O dia não pôde ser lido."))
        else:
            self._show(outcome.value)

    # --- what is shown

    def _show(self, report: DayReport | None) -> None:
        had_focus = self._close.hasFocus()
        before, self._report = self._report, report
        for button in (self._check_button, self._export_button):
            button.setEnabled(report is not None and not self._checking.is_running)
        is_closed = report is not None and report.closed is not None
        self._print.setVisible(is_closed)
        self._close.setVisible(not is_closed)
        self._close.setEnabled(report is not None and self._is_closable(report))
        self._scroll.setVisible(report is not None)
        self._empty.hide()
        if report is None:
            self._chip.show_chip("neutral", "")
            self._state.setText("")
            self._damaged.clear()
            self._record.show_record(None)
            return
        self.chooser.show_report(report, today())
        self._show_head(report)
        self._show_content(report)
        if before is None or (before.day, before.closed) != (report.day, report.closed):
            self._scroll.verticalScrollBar().setValue(0)
        if self.isVisible() and (before is None or (had_focus and not self._close.hasFocus())):
            self.setFocus()

    def _is_closable(self, report: DayReport) -> bool:
        is_damaged = any(each.day == report.day and not each.is_gone for each in report.damaged_closes)
        return report.closed is None and report.day <= today() and not is_damaged

    def _show_head(self, report: DayReport) -> None:
        closed = report.closed
        if closed is None:
            self._chip.show_chip("warning" if report.undecided else "info", self.tr("Aberto"), "clock")
        else:
            self._chip.show_chip("success", self.tr("Fechado nº {0}").format(closed.number), "done")
        operations = report.operations if closed is None else closed.operations
        self._state.setText(joined(report.till, self.tr("%n registro(s)", "", operations)))
        if report.damaged_closes:
            self._damaged.show_message(damaged_close_message(report.damaged_closes))
        elif report.restored_at is not None and closed is None:
            self._damaged.show_message(restored_message(report.restored_at))
        else:
            self._damaged.clear()

    def _show_content(self, report: DayReport) -> None:
        """Show the record of a closed day as it is stored, else the day as of now."""
        closed = report.closed
        totals = closed.totals if closed else report.totals
        self._record.show_record(closed)
        self._figures.show_totals(totals, closed.open_operations if closed else report.undecided)
        self._tables.show_totals(totals)
        self._shop.show_report(report)
        rows = to_do_rows(report, self._check, today())
        if tuple(rows) != self._rows.rows:
            kept = self._rows.current_target()
            self._rows.show_rows(rows, next((n for n, row in enumerate(rows) if kept and row.target == kept), -1))
            fit(self._rows)
        self._rows.setVisible(bool(rows))
        if not (report.operations or closed or rows or any(till.operations for till in report.shop)):
            self._show_empty("day", self.tr("Nada foi registrado em {0}.").format(full_day(report.day)))

    def _show_empty(self, icon: str, sentence: str) -> None:
        self._scroll.hide()
        self._empty.show_state(icon, sentence)
        self._empty.show()

    # --- what is to do

    @Slot(object)
    def _row_chosen(self, target: object) -> None:
        match target:
            case date():
                self.show_day(target)
            case OpenOperation():
                needs_person = target.contradicted or target.state is State.REVIEW
                self.historyRequested.emit(Waiting.PERSON if needs_person else Waiting.PENDING, target.order_id)
            case LateChange():
                self.historyRequested.emit(Waiting.ANYTHING, target.order_id)
            case OrderDifference(difference=Difference.REWARD_OPEN):
                self.homeRequested.emit()
            case OrderDifference(next_step=NextStep.TRY_AGAIN):
                self.start_check()
            case OrderDifference(next_step=NextStep.DECIDE):
                self.historyRequested.emit(Waiting.PERSON, target.order_id)
            case OrderDifference(next_step=NextStep.WAIT):
                self.historyRequested.emit(Waiting.ANYTHING, target.order_id)
            case OrderDifference():
                self.orderRequested.emit(target.order_id)

    # --- the check with the systems

    @Slot()
    def start_check(self) -> None:
        if self._report is None or self._checking.is_running:
            return
        self._message.clear()
        self._check_button.setEnabled(False)
        self._checking.begin(CheckDay, self.tr("Conferindo os pedidos com os sistemas…"))
        self._client.submit(CheckDay(self._report.day), self._checked)

    def _checked(self, outcome: Outcome[DayCheck]) -> None:
        self._checking.end()
        self._check_button.setEnabled(self._report is not None)
        if outcome.error is not None:
            self._message.show_error(outcome.error)
            return
        if outcome.value is None or self._report is None or outcome.value.day != self._report.day:
            return  # another day is shown by now
        self._check = outcome.value
        self._show_content(self._report)
        self._tell_about(outcome.value)

    def _tell_about(self, check: DayCheck) -> None:
        missed = sum(each.difference is Difference.NOT_CHECKED for each in check.differences)
        found, at = len(check.differences) - missed, f"{check.at.astimezone():%H:%M}"
        checked = self.tr("Conferidos {0} de {1} pedidos às {2}.").format(check.checked, check.orders, at)
        if found:
            step = self.tr("Cada linha abaixo diz o próximo passo.")
            self._message.say(
                "warning", self.tr("%n diferença(s) encontrada(s).", "", found), checked, step, code="DIA-03"
            )
        elif not check.orders:
            self._message.say("info", self.tr("Este dia não tem pedidos a conferir."))
        elif not check.checked:
            self._message.say("warning", self.tr("Nenhum pedido pôde ser conferido agora."), checked)
        elif check.checked < check.orders:
            self._message.say("info", self.tr("Nenhuma diferença no que foi conferido."), checked)
        else:
            self._message.say("success", self.tr("Tudo igual nos sistemas."), checked)

    # --- the close

    @Slot()
    def _open_close(self) -> None:
        if self._report is None or not self._is_closable(self._report):
            return
        sheet = CloseDaySheet(self._client, self._report, self)
        sheet.closed.connect(self._day_closed)
        sheet.open()

    @Slot(object)
    def _day_closed(self, closed: ClosedDay) -> None:
        self._message.clear()
        text = self.tr("Dia {0} fechado, nº {1}. Código {2}.")
        words = text.format(full_day(closed.day), closed.number, spoken_code(closed.code))
        Toast.show_in(self.window(), words)
        self.show_day(closed.day)

    # --- paper and files

    def _open_preview(self) -> None:
        if self._report is not None:
            open_preview(self._client, SlipSubject(SlipKind.DAY_CLOSE, self._report.day.isoformat()), self)

    @Slot()
    def _choose_file(self) -> None:
        if self._report is not None:
            ask_where_to_save(
                self,
                "dayExportDialog",
                self.tr("Salvar o fechamento"),
                file_name=f"fechamento-{self._report.day.isoformat()}",
                filters={
                    self.tr("Planilha do Excel (*.xlsx)"): "xlsx",
                    self.tr("CSV, para outros programas (*.csv)"): "csv",
                },
                save=self.export_to,
            )

    @Slot(str)
    def export_to(self, path: str) -> None:
        if self._report is not None and not self._exporting.is_running:
            self._message.clear()
            self._exporting.begin(ExportDay, self.tr("Salvando o fechamento…"))
            self._client.submit(ExportDay(self._report.day, path), self._exported)

    def _exported(self, outcome: Outcome[int]) -> None:
        self._exporting.end()
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("success", self.tr("Fechamento salvo com %n linha(s).", "", outcome.value or 0))
