"""The steps of the tour: the main job, then `tour_day_end.py`, and the comparison with the server.

Each step waits for what a cashier would see. The last one compares the result with the server's changes.
"""

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTableView, QWidget

from bonifiq_desktop.cli.tour_day_end import DayEnd
from bonifiq_desktop.cli.tour_till import TourError, TourTill
from bonifiq_desktop.ui.lookup.rows import RowList

_ORDER = "1001"
_DOCUMENT = "529.982.247-25"
_SALES = 2  # the second one with a reward
_ITEM, _TYPED, _LAST_ITEM = Decimal("49.90"), Decimal("15.50"), Decimal("14.90")  # what the steps give back


class Tour:
    """A walk through the program."""

    def __init__(self, till: TourTill) -> None:
        self._till = till

    def run_all_steps(self) -> None:
        """Run all steps. Raises TourError at the first failure."""
        self._till.start()
        if not self._till.api_url:
            self._till.wait("the training server", lambda: self._till.training_server is not None)
            self._till.wait("the practice orders", lambda: _ORDER in self._till.text("lookupHint"))
        self._till.picture("start")
        self._look_up()
        self._refund_one_item()
        self._refund_with_lost_answer()
        self._register_sale()
        self._sell_with_a_reward()
        if self._till.training_server is not None:
            self._return_in_two_systems()
        self._open_history()
        DayEnd(self._till).run_all_steps()
        self._look_up_unknown_order()
        self._open_settings()
        self._compare_with_server()

    # --- steps

    def _look_up(self) -> None:
        self._till.step = "look up"
        self._show_order()
        self._till.picture("look-up")

    def _refund_one_item(self) -> None:
        self._till.step = "refund one item"
        self._open_refund()
        self._till.press(Qt.Key.Key_Space, "refundItems")
        self._till.settle()
        self._till.picture("refund")
        self._confirm_refund()
        self._till.wait_for_outcome("refundOutcome", "confirmed")
        self._till.picture("refund-done")
        self._close_refund()

    def _refund_with_lost_answer(self) -> None:
        self._till.step = "refund with a lost answer"
        # The first answer is lost, and the repeat is delayed so that the picture shows the wait.
        faults = [{"name": "lose_answer", "only": "refund"}, {"name": "delay", "only": "refund", "seconds": 1}]
        self._till.call_server("POST", "/training/faults", faults)
        self._open_refund()
        self._till.enter("refundValue", "1550")
        self._confirm_refund()
        self._till.wait_for_outcome("refundOutcome", "unknown")
        self._till.picture("refund-being-confirmed")
        self._till.wait_for_outcome("refundOutcome", "confirmed")
        self._till.picture("refund-settled")
        self._close_refund()

    def _register_sale(self) -> None:
        self._till.step = "register a sale"
        self._till.press(Qt.Key.Key_F3)
        self._till.settle()
        for name, text in (
            ("saleDocument", _DOCUMENT),
            ("saleName", "Maria Aparecida dos Santos"),
            ("saleItemName", "Vestido midi"),
            ("saleItemPrice", "15990"),
        ):
            field = self._till.find(QLineEdit, name)
            if not field.text():
                self._till.enter(name, text)
        # Typed in any case: a packaged program could lack the module that parses phone numbers.
        self._till.enter("salePhone", "11 98765-4321")
        self._till.press(Qt.Key.Key_Return, "saleItemPrice")
        self._till.enter("saleDiscount", "1000", Qt.Key.Key_Return)
        self._till.picture("sale")
        self._till.press(Qt.Key.Key_Return, "saleSubmit")
        self._till.wait_for_outcome("saleOutcome", "confirmed")
        self._till.picture("sale-done")

    def _sell_with_a_reward(self) -> None:
        self._till.step = "sell with a reward"
        self._till.press(Qt.Key.Key_F3)
        self._till.enter("saleDocument", _DOCUMENT, Qt.Key.Key_Return)
        self._till.wait("the customer", self._till.find(QWidget, "saleCustomer").isVisible)
        self._till.enter("saleTotal", "10000")
        button = self._till.find(QWidget, "saleRewardButton")
        self._till.wait("the rewards", lambda: button.isVisible() and button.isEnabled())
        self._till.press(Qt.Key.Key_F5)
        self._till.wait("the rewards to choose", lambda: self._till.has("rewardConfirm"))
        self._till.settle()
        self._till.picture("sale-rewards")
        # The first answer is lost: the same key again redeems nothing twice.
        self._till.call_server("POST", "/training/faults", [{"name": "lose_answer", "only": "redeem"}])
        self._till.press(Qt.Key.Key_Return, "rewardConfirm")
        used = self._till.find(QWidget, "saleRewardState")
        self._till.wait("the used reward", lambda: used.isVisible() and used.property("tone") == "success")
        self._till.picture("sale-reward-used")
        self._till.press(Qt.Key.Key_Return, "saleSubmit")
        self._till.wait_for_outcome("saleOutcome", "confirmed")
        self._till.picture("sale-reward-done")

    def _return_in_two_systems(self) -> None:
        self._till.step = "return in two systems"
        server = self._till.training_server
        if server is None:
            return
        self._till.press(Qt.Key.Key_F2)
        self._show_order()
        server.mirakl.faults.add("lose_answer", only="refund")
        self._open_refund()
        self._till.press(Qt.Key.Key_Down, "refundItems")  # the last item
        self._till.press(Qt.Key.Key_Space, "refundItems")
        self._till.settle()
        self._till.picture("return-in-two-systems")
        self._confirm_refund()
        self._till.wait("the lost answer", lambda: self._legs() == {"mirakl": "unknown", "bonifiq": "queued"})
        self._till.picture("return-being-confirmed")
        self._till.wait("both systems", lambda: self._legs() == {"mirakl": "confirmed", "bonifiq": "confirmed"})
        self._till.picture("return-settled")
        self._close_refund()

    def _open_history(self) -> None:
        self._till.step = "history"
        self._till.press(Qt.Key.Key_F4)
        model = self._till.find(QTableView, "historyTable").model()
        self._till.wait("three operations", lambda: model.rowCount() >= 3)  # noqa: PLR2004
        self._till.wait("the details", lambda: bool(self._till.find(QWidget, "historyDetail").property("plainText")))
        self._till.settle()
        self._till.picture("history")

    def _look_up_unknown_order(self) -> None:
        self._till.step = "unknown order"
        self._till.press(Qt.Key.Key_F2)
        self._till.enter("lookupField", "999999", Qt.Key.Key_Return)
        message = self._till.find(QWidget, "lookupMessage")
        self._till.wait("the sentence", lambda: message.property("tone") in {"warning", "danger"})
        self._till.picture("unknown-order")

    def _open_settings(self) -> None:
        self._till.step = "settings"
        self._till.press(Qt.Key.Key_F9)
        self._till.settle()
        self._till.picture("settings")

    def _compare_with_server(self) -> None:
        self._till.step = "compare with the server"
        state = self._till.call_server("GET", "/training/state")
        applied = [(row["kind"], row["value"]) for row in state["applied"]]
        server = self._till.training_server
        self._compare(
            "BonifiQ",
            [Decimal(value) for kind, value in applied if kind == "refund"],
            [_ITEM, _TYPED] if server is None else [_ITEM, _TYPED, _LAST_ITEM],
        )
        if server is not None:
            self._compare("Marketplace", [entry.amount for entry in server.mirakl.service.applied], [_ITEM, _LAST_ITEM])
        used = [bool(row["order_id"]) and not row["is_canceled"] for row in state["redemptions"]]
        if sum(kind == "sale" for kind, _value in applied) != _SALES or used != [True]:
            raise TourError(f"the server applied: {applied}; rewards used: {used}")

    @staticmethod
    def _compare(name: str, applied: list[Decimal], expected: list[Decimal]) -> None:
        if sorted(applied) != sorted(expected):
            raise TourError(f"{name} applied these refunds: {applied}")

    # --- what several steps do

    def _show_order(self) -> None:
        """Look the order up. A card that is hidden may still be the one of before."""
        self._till.enter("lookupField", _ORDER, Qt.Key.Key_Return)
        card = self._till.find(QWidget, "orderCard")
        self._till.wait("the order", lambda: card.isVisible() and card.property("orderId") == _ORDER, "lookupMessage")
        self._wait_for_systems()

    def _open_refund(self) -> None:
        button = self._till.find(QWidget, "refundButton")
        self._till.wait("the refund button", lambda: button.isEnabled() and button.isVisible())
        self._till.press(Qt.Key.Key_F6)
        self._till.wait("the refund page", lambda: self._till.has("refundDialog"))
        self._till.settle()

    def _confirm_refund(self) -> None:
        confirm = self._till.find(QWidget, "refundConfirm")
        self._till.wait("the confirm button", confirm.isEnabled, "refundMessage")
        self._till.press(Qt.Key.Key_Return, "refundConfirm")

    def _close_refund(self) -> None:
        self._till.press(Qt.Key.Key_Return, "refundConfirm")
        self._till.wait("the closed page", lambda: not self._till.has("refundDialog"))
        self._till.settle()

    def _wait_for_systems(self) -> None:
        """Wait until each connection has answered about the order."""
        rows = self._till.find(RowList, "orderProducts")
        self._till.wait("the other systems", lambda: not any(row.tone == "info" for row in rows.rows))

    def _legs(self) -> dict[str, str]:
        """The states of the return's legs, by system."""
        found = self._till.all("legOutcome")
        return {str(each.property("system")): str(each.property("state")) for each in found if each.isVisible()}
