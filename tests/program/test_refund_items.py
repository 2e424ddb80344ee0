"""Items in the refund dialog of the whole program: what BonifiQ gets, what the card shows after it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bonifiq_desktop.domain.money import to_wire
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, wait_until

Lines = Sequence[tuple[str, str, int]]
DISCOUNTED = [("CAM", "Camiseta", 10000), ("D", "Desconto", -1000)]
COUPON = [("CAM", "Camiseta", 5000), ("BER", "Bermuda", 5000)]


@pytest.fixture(name="open_order")
def order_opener(cashier: Cashier, server: TrainingServer) -> Callable[[int, Lines], None]:
    """Puts an order into BonifiQ and opens its refund."""

    def open_it(total: int, lines: Lines) -> None:
        server.service.register_sale(
            {
                "OriginalId": "PED-1",
                "OrderPlacementDate": "2026-11-20T12:00:00Z",
                "OrderCompletedDate": "2026-11-20T12:00:00Z",
                "IsCompleted": True,
                "OrderTotal": to_wire(total),
                "Customer": {"OriginalId": "maria.santos@exemplo.com.br"},
                "Products": [{"OriginalId": i, "Title": t, "ProductPrice": to_wire(p)} for i, t, p in lines],
            }
        )
        cashier.look_up("PED-1")
        cashier.open_refund()

    return open_it


def refund_and_open_again(cashier: Cashier) -> None:
    """Confirm, close, and open the refund of the same order anew."""
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    cashier.close_refund()
    cashier.look_up("PED-1")
    cashier.open_refund()


def test_discount_is_not_refundable_and_no_amount_is_negative(
    cashier: Cashier, server: TrainingServer, open_order: Callable[[int, Lines], None]
) -> None:
    open_order(9000, DISCOUNTED)
    cashier.tick(1)
    assert (cashier.text("refundValue"), cashier.find("refundItems").ticked_rows()) == ("", [])
    assert not cashier.find("refundConfirm").isEnabled()
    value = cashier.find("refundValue")
    value.setFocus()
    for _ in range(6):
        QTest.keyClick(value, Qt.Key.Key_Backspace)
    QTest.keyClicks(value, "-5")
    assert value.value() == 5
    cashier.tick(0)
    assert cashier.text("refundValue") == "90,00"
    assert "Cancelar tudo" in cashier.text("refundConfirm")
    cashier.type_item_value(0, "8999")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert [(entry.kind, entry.cents) for entry in server.service.applied[1:]] == [("refund", 8999)]


def test_coupon_is_shared_by_the_items(
    cashier: Cashier, server: TrainingServer, open_order: Callable[[int, Lines], None]
) -> None:
    open_order(9000, COUPON)
    cashier.tick(0)
    assert cashier.text("refundValue") == "45,00"
    cashier.tick(1)
    assert cashier.text("refundValue") == "90,00"
    assert "Cancelar tudo (R$\u00a090,00)" in cashier.text("refundConfirm")
    cashier.tick(1)
    refund_and_open_again(cashier)
    cashier.tick(0)
    assert cashier.find("refundItems").ticked_rows() == []
    cashier.tick(1)
    assert "Cancelar tudo (R$\u00a045,00)" in cashier.text("refundConfirm")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert [(entry.kind, entry.cents) for entry in server.service.applied[1:]] == [("refund", 4500), ("cancel", 4500)]


def test_item_is_limited_to_its_price_and_then_to_its_rest(
    cashier: Cashier, server: TrainingServer, open_order: Callable[[int, Lines], None]
) -> None:
    open_order(12500, [("CAM", "Camiseta", 2500), ("BER", "Bermuda", 10000)])
    cashier.tick(0)
    cashier.type_item_value(0, "60000")
    assert (cashier.item_value(0), cashier.text("refundValue")) == ("25,00", "25,00")
    assert "no máximo R$\u00a025,00" in cashier.wait_for_message("refundMessage")
    cashier.type_item_value(0, "1000")
    assert not cashier.find("refundMessage").isVisible()
    refund_and_open_again(cashier)
    cashier.tick(0)
    assert cashier.text("refundValue") == "15,00"
    cashier.type_item_value(0, "60000")
    assert cashier.text("refundValue") == "15,00"
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert [entry.cents for entry in server.service.applied[1:]] == [1000, 1500]


def test_typed_refund_value_needs_a_reason_and_names_no_item(
    cashier: Cashier, server: TrainingServer, open_order: Callable[[int, Lines], None]
) -> None:
    open_order(9000, COUPON)
    cashier.tick(0)
    cashier.type("refundValue", "3000")
    assert cashier.find("refundItems").ticked_rows() == []
    reason, confirm = cashier.find("refundReason"), cashier.find("refundConfirm")
    assert confirm.isEnabled()
    for empty in ("", "   "):
        reason.setCurrentText(empty)
        assert not confirm.isEnabled()
        assert "escreva o motivo" in cashier.text("refundPreview")
    cashier.press(Qt.Key.Key_F8, "refundValue")
    assert (cashier.text("refundValue"), confirm.isEnabled()) == ("90,00", True), "the whole order explains itself"
    cashier.type("refundValue", "3000")
    reason.setCurrentText("Avaria no frete")
    assert confirm.isEnabled()
    refund_and_open_again(cashier)
    cashier.tick(0)
    assert cashier.text("refundValue") == "45,00", "no item was claimed"
    cashier.tick(1)
    assert not cashier.find("refundConfirm").isEnabled()
    assert "no máximo R$\u00a060,00" in cashier.wait_for_message("refundMessage")


def test_refund_draft_restores_units(
    cashier: Cashier, open_order: Callable[[int, Lines], None], tmp_path: Path
) -> None:
    open_order(9000, COUPON)
    cashier.tick(1)
    cashier.type_item_value(1, "2000")
    cashier.close_refund()
    draft = tmp_path / "data" / "drafts" / "refund.json"
    wait_until(draft.exists, "the draft on disk")
    kept = json.loads(draft.read_text())
    assert (kept["units"], kept["values"]) == ([0, 1], [0, 2000])
    cashier.open_refund()
    wait_until(lambda: cashier.text("refundValue") == "20,00", "the draft")
    assert cashier.find("refundItems").units() == [0, 1]


def test_estimate_follows_the_last_sale_here_and_the_outcome_shows_the_new_balance(
    cashier: Cashier, server: TrainingServer
) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.tick(0)
    assert "BonifiQ calcula" in cashier.text("refundEstimate"), "no sale here says what a sale earns"
    cashier.press(Qt.Key.Key_Escape, "refundDialog")
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    cashier.look_up("1001")
    cashier.open_refund()
    wait_until(lambda: cashier.text("refundValue") == "49,90", "the draft")
    estimate = cashier.text("refundEstimate")
    assert "≈ −49 pontos" in estimate
    assert "R$\u00a02,49" in estimate
    assert "(estimativa)" in estimate
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    wait_until(lambda: "Saldo agora" in cashier.text("refundBalance"), "the balance")
    order = server.service.find("1001")
    assert order is not None
    points = server.service._customers[order.customer_id].points
    assert f"{points:,} pontos".replace(",", ".") in cashier.text("refundBalance")
