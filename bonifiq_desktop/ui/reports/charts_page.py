"""Section of the day page with the owner's pictures: one chart of a period, or the table of its figures."""

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from bonifiq_desktop.domain.reports import Pictures
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ui.messages.message import join_sentences
from bonifiq_desktop.ui.messages.shop_database import own_till_text
from bonifiq_desktop.ui.reports.chart import Chart
from bonifiq_desktop.ui.reports.chart_view import ChartView, FiguresTable
from bonifiq_desktop.ui.reports.charts import charts_of, period_text
from bonifiq_desktop.ui.reports.paper import pdf_bytes, png_bytes
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
from bonifiq_desktop.ui.widgets.progress_row import ProgressRow
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome
from bonifiq_desktop.worker.report_commands import ReadPictures, SaveReport

_GAP = 12  # pixels at 100 %


class ChartsPage(QWidget):
    """Reads the chosen period each time it is shown. An older answer, and one under another period, is dropped."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self.setObjectName("chartsPage")
        self._client = client
        self._charts: tuple[Chart, ...] = ()
        self._period = PeriodBar("charts")
        self._which = Choice(
            "chartsPicture",
            [
                (0, self.tr("Por hora")),
                (1, self.tr("Por dia da semana")),
                (2, self.tr("Motivos")),
                (3, self.tr("Pontos")),
            ],
        )
        self._which.setAccessibleName(self.tr("Gráfico"))
        self._which.set_value(0)
        self._toggle = ActionButton("chartsTable", self.tr("Ver os números"), action=self._show_chosen, icon="list")
        self._toggle.setCheckable(True)
        self._save = ActionButton(
            "chartsSave", self.tr("Salvar gráfico"), "Ctrl+S", self._choose_file, icon="download", has_shortcut=True
        )
        self._progress = ProgressRow(client, "charts")
        self._message = Notice("chartsMessage")
        self._view = ChartView("chartsChart")
        self._table = FiguresTable("chartsFigures")
        self._notes = paragraph("", "muted", "chartsNotes")
        self._empty = EmptyState("history", "")
        self._empty.setObjectName("chartsEmpty")
        self._stack = QStackedWidget()
        self._request = ReportRequest(client, self._progress, self._show_outcome)
        self._arrange()
        self._clear()
        self._period.changed.connect(self.reload)
        self._which.changed.connect(self._show_chosen)
        client.sessionChanged.connect(self._session_changed)

    def _arrange(self) -> None:
        top = side_by_side(self._period, self._which, spacing=px(_GAP))
        below = side_by_side(self._toggle, self._save, spacing=px(_GAP))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._view)
        for view in (scroll, self._table, self._empty):
            self._stack.addWidget(view)
        self._picture = scroll
        layout = lay_out(self, top, self._progress, self._message, spacing=px(_GAP))
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._notes)
        layout.addWidget(below)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self._period.setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    # --- what is shown

    @Slot()
    def reload(self) -> None:
        """Read the chosen period; what is shown of another one goes at once."""
        if self._charts and self._shown_days != self._period.days:
            self._clear()
        first, last = self._period.days
        self._request.begin(ReadPictures(first, last), self.tr("Somando o período…"))

    def _show_outcome(self, outcome: Outcome[Pictures]) -> None:
        self._message.clear()
        if outcome.value is None:
            self._clear(self.tr("Nada para mostrar agora."))
            if outcome.error is not None:
                self._message.show_error(outcome.error)
            return
        pictures = outcome.value
        self._shown_days = pictures.first, pictures.last
        own_till = own_till_text(self._client.shop_database)
        if pictures.is_empty and not pictures.points:
            period = period_text(pictures.first, pictures.last)
            nothing = self.tr("Nenhuma venda ou devolução confirmada: {0}.").format(period)
            self._clear(join_sentences(nothing, own_till))
            announce(self._empty, self._empty.text())
            return
        more = (own_till,) if own_till else ()
        self._charts = tuple(replace(chart, notes=chart.notes + more) for chart in charts_of(pictures))
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        if not self._charts:
            return
        chart = self._chosen()
        self._save.setEnabled(True)
        self._toggle.setEnabled(True)
        self._notes.setText("  ".join(chart.notes))
        self._notes.setVisible(bool(chart.notes))
        if not chart.largest and not chart.table:
            self._empty.show_state("history", self.tr("Nada para este gráfico no período."))
            self._stack.setCurrentWidget(self._empty)
            return
        self._view.show_chart(chart)
        self._table.setAccessibleName(chart.title)
        self._table.show_figures(chart.headings, chart.table, amounts=set(range(1, len(chart.headings))))
        is_table = self._toggle.isChecked()
        self._toggle.set_label(self.tr("Ver o gráfico") if is_table else self.tr("Ver os números"))
        self._stack.setCurrentWidget(self._table if is_table else self._picture)
        announce(self._view, f"{chart.title}. {chart.summary}")

    def _chosen(self) -> Chart:
        place = self._which.value()
        return self._charts[place if isinstance(place, int) else 0]

    def _clear(self, sentence: str = "") -> None:
        self._charts = ()
        self._shown_days = self._period.days
        self._view.show_chart(None)
        self._table.setRowCount(0)
        self._notes.hide()
        self._save.setEnabled(False)
        self._toggle.setEnabled(False)
        self._empty.show_state("history", sentence)
        self._stack.setCurrentWidget(self._empty)

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
            "chartsSaveDialog",
            self.tr("Salvar o gráfico"),
            file_name=self.tr("grafico-bonifiq"),
            filters={
                self.tr("Todos os gráficos com números, A4 (*.pdf)"): "pdf",
                self.tr("Este gráfico como imagem (*.png)"): "png",
            },
            save=self.save_to,
        )

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Save all charts as PDF for a name that ends so, else the shown one as PNG."""
        if not self._charts:
            return
        if path.lower().endswith(".pdf"):
            shown = [chart for chart in self._charts if chart.largest or chart.table]
            content = pdf_bytes(shown, self.tr("Gráficos do BonifiQ Desktop"))
        else:
            content = png_bytes(self._chosen())
        self._client.submit(SaveReport(path, content), self._saved)

    def _saved(self, outcome: Outcome[None]) -> None:
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("success", self.tr("Gráfico salvo."))
