"""Home of the look-up page: what was begun, the recent orders of this till, today's figures, what is pending."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.search import DayTotal, Home
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ui.lookup.parts import SideColumn
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from bonifiq_desktop.ui.lookup.texts import checkout_row, draft_row, hit_row
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out, paragraph
from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import HomeSummary, Outcome, PracticeOrders


class HomeView(QWidget):
    """Filled each time it comes into sight, and after each operation. `rows.chosen`: OrderHit, Draft, OpenCheckout."""

    filled = Signal()

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._request_id = 0
        self.rows = RowList("homeRows", self.tr("Começados e recentes neste caixa"))
        sentence = self.tr("Leia o código do cupom fiscal, ou digite o pedido, o CPF, o telefone ou o nome.")
        self._empty = EmptyState("scan", sentence)
        self._list = QStackedLayout()
        self._figures: dict[str, QLabel] = {}
        self._hint = paragraph("", "muted", "lookupHint")
        self._hint.hide()
        self._hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._arrange()
        client.statusChanged.connect(self._changed)  # follows each change of an operation
        client.sessionChanged.connect(self._session_changed)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(16))
        layout.addLayout(self._list, 1)  # first, because a stack without a parent shows its page as a window
        self._list.addWidget(self._empty)
        self._list.addWidget(self.rows)
        layout.addWidget(self._right())

    def _right(self) -> SideColumn:
        today = QFrame()
        today.setProperty("look", "card")
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(12))
        for place, (name, caption) in enumerate(
            (
                ("homeSales", self.tr("Vendas")),
                ("homeRefunds", self.tr("Devoluções")),
                ("homePoints", self.tr("Pontos dados")),
                ("homePending", self.tr("Pendentes")),
            )
        ):
            figure = label("", "section", name)
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            self._figures[name] = figure
            cell = QVBoxLayout()
            cell.setSpacing(0)
            add_all(cell, label(caption, "muted"), figure)
            grid.addLayout(cell, place // 2, place % 2)
        self._pending_note = label("", "muted", "homePendingNote")
        lay_out(
            today,
            label(self.tr("Hoje neste caixa"), "caption"),
            grid,
            self._pending_note,
            margins=(px(16), px(12), px(16), px(12)),
            spacing=px(8),
        )
        column = QWidget()
        lay_out(column, today, self._hint, spacing=px(12)).addStretch(1)
        return SideColumn(column)

    def set_practice_orders(self, practice: PracticeOrders) -> None:
        parts = (
            (self.tr("Pedidos para experimentar:"), practice.orders),
            (self.tr("Clientes para vender com benefício:"), practice.customers),
        )
        blocks = [
            "\n".join([title, *(f"{name}   {hint}" for name, hint in entries)]) for title, entries in parts if entries
        ]
        self._hint.setText("\n\n".join(blocks))
        self._hint.setVisible(bool(blocks))  # a screen reader would stop at an empty text

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot()
    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        self._request_id = self._client.submit(HomeSummary(), self._received)

    @Slot(object)
    def _session_changed(self, session: Session) -> None:
        """Forget what the last person saw."""
        self._request_id = 0
        self._show(Home())
        if self.isVisible() and not (session.requires_sign_in and session.current_user is None):
            self.refresh()

    def _received(self, outcome: Outcome[Home]) -> None:
        if outcome.request_id == self._request_id:
            # Locked or without a ledger: another place says why.
            self._show(outcome.value or Home())

    def _show(self, home: Home) -> None:
        rows = []
        if home.open_checkouts:
            rows.append(Row(self.tr("Benefícios usados sem venda"), is_heading=True))
            rows += [checkout_row(checkout) for checkout in home.open_checkouts]
        if home.drafts:
            rows.append(Row(self.tr("Continuar"), is_heading=True))
            rows += [draft_row(draft) for draft in home.drafts]
        if home.recent:
            rows.append(Row(self.tr("Recentes neste caixa"), is_heading=True))
            rows += [hit_row(hit) for hit in home.recent]
        if tuple(rows) != self.rows.rows:
            kept = self.rows.current_target()
            self.rows.show_rows(rows, next((n for n, row in enumerate(rows) if kept and row.target == kept), -1))
        self._list.setCurrentIndex(1 if rows else 0)
        self._show_figures(home)
        self.filled.emit()

    def _show_figures(self, home: Home) -> None:
        texts = {
            "homeSales": _total(home.sales),
            "homeRefunds": _total(home.refunds),
            "homePoints": self.locale().toString(home.points),
            "homePending": str(home.pending),
        }
        for name, text in texts.items():
            self._figures[name].setText(text)
        review = self.tr("%n precisam de decisão, veja com F4", "", home.review) if home.review else ""
        self._pending_note.setText(review)
        self._pending_note.setVisible(bool(review))


def _total(total: DayTotal) -> str:
    return joined(str(total.count), format_reais(total.value)) if total.count else "0"
