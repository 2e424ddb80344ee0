"""Beside the sale's form: the points that it may give, and the last sale of this till."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.domain.verdicts import Bonus
from bonifiq_desktop.ui.messages.formats import operation_state, points_text, short_date_and_time
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.printing.print_button import print_button
from bonifiq_desktop.ui.widgets.banner import OutcomeBanner
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import Chip
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, card, label
from bonifiq_desktop.ui.widgets.toast import Toast

_REAL = 100  # cents: a shop counts points by the whole real


class PointsEstimate(QWidget):
    """The points of the typed total, at the rate of this till's last sale with points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rate: tuple[Bonus, Cents] | None = None
        self._figure = label("", "figure", "salePoints")
        self._cashback = label("", "strong", "saleCashback")
        self._note = paragraph("", "muted", "salePointsNote")
        frame, inside = card()
        for part in (label(self.tr("Pontos desta venda"), "section"), self._figure, self._cashback, self._note):
            inside.addWidget(part)
        lay_out(self, frame)

    def learn(self, operation: Operation) -> None:
        """Take the rate of a confirmed sale that gave points."""
        bonus = operation.bonus
        if operation.state is State.CONFIRMED and operation.value and bonus is not None and bonus != Bonus():
            self._rate = bonus, operation.value

    def show_total(self, total: Cents, state: SaleState, *, takes_part: bool) -> None:
        self._figure.hide()
        self._cashback.hide()
        if state is SaleState.CANCELLED:
            self._note.setText(self.tr("Uma venda cancelada não dá pontos nem cashback."))
        elif not takes_part:
            self._note.setText(self.tr("Este cliente não participa: a venda não dá pontos nem cashback."))
        elif self._rate is None:
            self._note.setText(self.tr("O BonifiQ diz quantos pontos ao registrar."))
        elif not total:
            self._note.setText(self.tr("Digite o total para ver a estimativa."))
        else:
            self._show_figures(*self._rate, total, state)

    def _show_figures(self, bonus: Bonus, value: Cents, total: Cents, state: SaleState) -> None:
        points = bonus.points * (total // _REAL) // max(1, value // _REAL)
        cashback = (2 * bonus.cashback * total + value) // (2 * value)  # rounded
        self._figure.setText(f"≈ {points_text(points)}")
        self._figure.setVisible(bool(bonus.points))
        self._cashback.setText(self.tr("≈ {0} de cashback").format(format_reais(cashback)))
        self._cashback.setVisible(bool(bonus.cashback))
        later = self.tr("Só depois de concluída. ") if state is SaleState.PENDING else ""
        self._note.setText(later + self.tr("Estimativa pela última venda. O BonifiQ confirma ao registrar."))


class LastSale(QWidget):
    """The number, customer, value and points of the last sale. The outcome's text goes when the next sale begins."""

    openRequested = Signal(str)
    printRequested = Signal(object)
    """Emitted with the sale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.operation: Operation | None = None
        self._customer = ""
        self.outcome = OutcomeBanner("saleOutcome")
        self._chip = Chip("lastSaleState")
        self._number = UntrustedLabel("section", "lastSaleNumber")
        self._facts = UntrustedLabel("strong", "lastSaleFacts")
        self._points = paragraph("", "muted", "lastSalePoints")
        self._empty = paragraph(self.tr("A venda registrada fica aqui, com o número dela."), "muted")
        copy, open_order = self.tr("Copiar"), self.tr("Abrir")
        self._copy = ActionButton("lastSaleCopy", copy, action=self._copy_number, look="ghost", icon="copy")
        self._open = ActionButton("lastSaleOpen", open_order, action=self._open_order, look="ghost", icon="arrow-right")
        self.print_button = print_button("lastSalePrint", self._print, look="ghost")
        frame, inside = card("lastSale")
        head = button_row()
        head.insertWidget(0, label(self.tr("Última venda"), "section"))
        head.addWidget(self._chip)
        inside.addLayout(head)
        for part in (self._empty, self._number, self._facts, self._points):
            inside.addWidget(part)
        inside.addLayout(button_row(self._copy, self._open))
        inside.addLayout(button_row(self.print_button))
        lay_out(self, self.outcome, frame, spacing=12)
        self._show()

    def show_outcome(self, operation: Operation, customer: str) -> None:
        """Show what became of a sale just registered."""
        self._customer = customer
        self.outcome.show_operation(operation)
        self.show_sale(operation)

    def show_sale(self, operation: Operation) -> None:
        """Show a sale; a newer state of the same one keeps the customer's name."""
        if self.operation is not None and operation.operation_id < self.operation.operation_id:
            return
        self.operation = operation
        self._show()

    def begin_next(self) -> None:
        """Take away the outcome: it would mislead beside the next sale."""
        if self.outcome.operation is not None:
            self.outcome.clear_operation()
            self._show()

    @Slot(object)
    def operation_changed(self, operation: Operation) -> None:
        if self.outcome.follows(operation):
            self.outcome.show_operation(operation)
        if self.operation is not None and self.operation.operation_id == operation.operation_id:
            self.show_sale(operation)

    def _show(self) -> None:
        sale = self.operation
        self._empty.setVisible(sale is None)
        for part in (self._chip, self._number, self._facts, self._points, self._copy, self._open, self.print_button):
            part.setVisible(sale is not None)
        if sale is None:
            return
        text, tone = sale_state(sale)
        self._chip.show_chip(tone, text)
        self._number.setText(sale.order_id)
        self._copy.setAccessibleName(self.tr("Copiar o número {0}").format(sale.order_id))
        self._open.setAccessibleName(self.tr("Abrir o pedido {0}").format(sale.order_id))
        amount = f"{format_reais(sale.value)}  ·  {short_date_and_time(sale.created_at)}"
        self._facts.setText("\n".join(fact for fact in (self._customer, amount) if fact))
        earned = sale.bonus if sale.state is State.CONFIRMED else None
        parts = [points_text(earned.points)] if earned and earned.points else []
        if earned and earned.cashback:
            parts.append(self.tr("{0} de cashback").format(format_reais(earned.cashback)))
        self._points.setText("  ·  ".join(parts))
        self._points.setVisible(bool(parts) and self.outcome.operation is None)  # the outcome says it, too

    @Slot()
    def _copy_number(self) -> None:
        QApplication.clipboard().setText(self._number.text())
        Toast.show_in(self.window(), self.tr("Número copiado."))

    @Slot()
    def _print(self) -> None:
        if self.operation is not None:
            self.printRequested.emit(self.operation)

    @Slot()
    def _open_order(self) -> None:
        self.openRequested.emit(self._number.text())


def sale_state(operation: Operation) -> tuple[str, str]:
    """A sale's state as (text, tone): a confirmed sale that gives no points is amber, and says why."""
    sold = operation.order
    if operation.state is State.CONFIRMED and operation.kind is Kind.SALE and sold is not None:
        if sold.cancelled:
            return translate("LastSale", "Cancelada"), "warning"
        if sold.pending:
            return translate("LastSale", "Pendente"), "warning"
    return operation_state(operation)
