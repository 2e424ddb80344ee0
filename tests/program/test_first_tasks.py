"""Ten first tasks of a new cashier, who reads the screen, clicks what it says, and types where the cursor is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.domain import undo
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.training_server.models import Item
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, wait_until
from tests.support.newcomer import Newcomer
from tests.support.staff import ANA

OpenTill = Callable[[], Cashier]
SHIRT = "Camiseta básica algodão"


@pytest.fixture(name="newcomer")
def person_at_a_till_that_knows_three_orders(cashier: Cashier, server: TrainingServer) -> Newcomer:
    """Maria's order 1001 has two equal shirts; the orders 1001 to 1003 were looked up here."""
    server.service._orders["1001"].items[1] = Item("CAM-01", SHIRT, 4990)
    server.service._orders["1001"].total_cents = 4990 + 4990 + 1490
    for number in ("1002", "1003", "1001"):
        cashier.look_up(number)
    cashier.press(Qt.Key.Key_Escape, "lookupField")
    return Newcomer(cashier.window)


def states(data: Path) -> list[tuple[str, str, str]]:
    """Kind, value and state of the operations, oldest first."""
    rows = sorted(history(data), key=lambda row: row["id"])
    return [(row["kind"], row["value"], row["state"]) for row in rows]


@pytest.mark.parametrize("known", ["maria apar", "0501"], ids=["name", "last-digits-of-the-phone"])
def test_order_of_a_customer_without_the_slip_is_found(newcomer: Newcomer, known: str) -> None:
    newcomer.types(known)
    newcomer.reads("1001")
    newcomer.enters()
    if known.isdecimal():  # it may be an order number as well: BonifiQ is asked first
        newcomer.reads("O BonifiQ não tem o pedido 0501.")
        newcomer.enters()
    newcomer.reads("Pedido 1001", "Ainda pode devolver", "Maria Aparecida")


def test_one_of_two_shirts_is_given_back(newcomer: Newcomer, data: Path) -> None:
    newcomer.clicks("1001")
    newcomer.clicks("Devolver")
    newcomer.clicks(SHIRT)
    newcomer.reads("49,90")
    newcomer.clicks("Devolver R$ 49,90")
    newcomer.reads("Devolução de R$ 49,90 feita no BonifiQ.", "volta na maquininha ou na gaveta")
    newcomer.clicks("Fechar")
    newcomer.reads("R$ 64,80")
    assert states(data) == [("refund", "49.90", "confirmed")]


def test_wrong_refund_is_undone_before_it_is_sent(
    newcomer: Newcomer, data: Path, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 30.0)
    newcomer.clicks("1001")
    newcomer.clicks("Devolver")
    newcomer.clicks(SHIRT)
    newcomer.clicks("Devolver R$ 49,90")
    newcomer.reads("Registrado neste PC: devolução de R$ 49,90.", "O envio ao BonifiQ começa em seguida.")
    newcomer.clicks("Desfazer")
    newcomer.reads("Desfeito: nada foi enviado.", "Devolver R$ 49,90")
    assert states(data) == [("refund", "49.90", "withdrawn")]
    assert server.service.applied == []


def test_sale_to_a_new_customer_by_phone_is_registered(newcomer: Newcomer, data: Path) -> None:
    newcomer.clicks("Nova venda")
    newcomer.types("11987654321")
    newcomer.enters()
    newcomer.types("Bruno Lima")
    newcomer.enters()
    newcomer.types("15990")
    newcomer.enters(times=3)
    newcomer.reads("Última venda", "R$ 159,90")
    wait_until(lambda: states(data) == [("sale", "159.90", "confirmed")], "the sale")


def test_draft_is_continued_after_a_kill(newcomer: Newcomer, cashier: Cashier, open_till: OpenTill, data: Path) -> None:
    newcomer.clicks("1001")
    newcomer.clicks("Devolver")
    newcomer.clicks(SHIRT)
    newcomer.reads("Devolver R$ 49,90")
    wait_until((data / "drafts" / "refund.json").exists, "the draft on disk")
    assert cashier.app.stop()
    again = Newcomer(open_till().window)
    again.reads("Continuar")
    again.clicks("Devolução do pedido 1001")
    again.reads("Esta devolução estava começada", "Devolver R$ 49,90")


def test_balance_of_a_customer_is_shown(newcomer: Newcomer) -> None:
    newcomer.types("529.982.247-25")
    newcomer.clicks("Saldo do cliente")
    newcomer.reads("Maria", "Pontos", "671", "Cashback", "R$ 28,15")


def test_whole_order_is_cancelled(newcomer: Newcomer, data: Path) -> None:
    newcomer.clicks("1002")
    newcomer.clicks("Cancelar o pedido inteiro")
    newcomer.clicks("Cancelar pedido 1002")
    newcomer.reads("Pedido 1002 cancelado no BonifiQ.")
    assert states(data) == [("cancel", "189.00", "confirmed")]


def test_refund_of_yesterday_is_found_in_the_history(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="milliseconds")
    with monkeypatch.context() as patched:
        patched.setattr(LedgerConnection, "now", lambda _connection: yesterday)
        cashier.refund("1234")
    cashier.refund("500")
    newcomer = Newcomer(cashier.window)
    newcomer.clicks("Histórico")
    newcomer.reads("R$ 12,34", "R$ 5,00")
    newcomer.clicks("Devoluções")
    newcomer.clicks("R$ 12,34")
    newcomer.reads("Devolução", "Confirmada")


def test_refund_that_needs_a_decision_is_decided(newcomer: Newcomer, server: TrainingServer, data: Path) -> None:
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    newcomer.clicks("1001")
    newcomer.clicks("Devolver")
    newcomer.clicks(SHIRT)
    newcomer.clicks("Devolver R$ 49,90")
    newcomer.reads("Uma pessoa precisa decidir")
    newcomer.clicks("Fechar")
    newcomer.clicks("1 registro espera decisão")
    newcomer.reads("O pedido fica bloqueado até o responsável decidir")
    newcomer.clicks("Decidir")
    newcomer.reads("Recomendada: repetir com o mesmo protocolo é seguro.")
    newcomer.clicks("Já foi feita")
    newcomer.reads("Falta dizer quem decide.")
    newcomer.clicks("Seu nome")
    newcomer.types("Dona Lucia")
    newcomer.clicks("Por exemplo")
    newcomer.types("Conferi no painel")
    newcomer.clicks("Gravar a decisão")
    newcomer.reads("Nada pendente")
    assert states(data) == [("refund", "49.90", "confirmed")]


def test_till_is_locked_and_taken_over_by_another_person(staffed: Cashier) -> None:
    newcomer = Newcomer(staffed.window)
    newcomer.clicks("Bia")
    newcomer.clicks("Sair ou trocar de pessoa")
    newcomer.reads("Quem está no caixa?")
    newcomer.clicks("Ana")
    newcomer.types(ANA.pin)
    newcomer.enters()
    newcomer.reads("Ana")
