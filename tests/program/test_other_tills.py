"""Other tills of the shop in the window: an order that one has, its age, the take-over, the history."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.shop_database import Trouble
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.history.table import HistoryTable
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.worker.commands import LookUp
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.held_answers import HeldAnswers
from tests.support.shop_window import exchange, never_exchanged, publish, told_by_another_till

OpenTill = Callable[[], Cashier]


@pytest.fixture(name="busy")
def till_with_a_busy_order(open_till: OpenTill, data: Path) -> Cashier:
    """Another till began a refund of order 1001 and was last heard of nine minutes ago."""
    told_by_another_till(data / "ledger.db")
    cashier = open_till()
    publish(cashier, exchange())
    cashier.look_up("1001")
    wait_until(lambda: cashier.is_shown("takeOverButton"), "the other till's refund")
    return cashier


@pytest.fixture(name="done")
def till_that_knows_a_refund(open_till: OpenTill, data: Path) -> Cashier:
    """Another till refunded 49,90 of order 1001."""
    told_by_another_till(data / "ledger.db", State.CONFIRMED)
    cashier = open_till()
    publish(cashier, exchange())
    return cashier


def order_rows(cashier: Cashier) -> list[str]:
    return [f"{row.title} {row.detail}" for row in cashier.find("orderProducts", RowList).rows]


def take_over(cashier: Cashier, reason: str = "desligado") -> None:
    cashier.press(Qt.Key.Key_F8)
    wait_until(lambda: cashier.is_shown("takeOverReason"), "the sheet")
    if reason:
        cashier.type("takeOverReason", reason)
        cashier.press(Qt.Key.Key_Return, "takeOverConfirm")


# --- the order


def test_order_that_another_till_has_can_be_neither_refunded_nor_cancelled(busy: Cashier) -> None:
    assert not busy.find("refundButton").isEnabled()
    assert not busy.find("cancelOrderButton").isEnabled()
    said = busy.text("lookupMessage")
    assert said.startswith(f"O caixa 2 está com este pedido: devolução de {format_reais(4990)}, sendo confirmada.")
    assert "Sem notícia do caixa 2 há 9 min." in said
    assert any("caixa 2" in row for row in order_rows(busy))


def test_age_of_another_tills_news_is_unknown_while_the_database_is_silent(busy: Cashier) -> None:
    publish(busy, exchange(12, Trouble.UNREACHABLE))
    assert "este caixa não fala com o banco da loja há 12 min" in busy.text("lookupMessage")
    assert busy.text("orderShopAge") == "Outros caixas: há 12 min"
    publish(busy, exchange(heard=0))
    assert "O caixa 2 deu notícia há menos de 1 min." in busy.text("lookupMessage")


def test_refund_of_another_till_is_counted_and_named(done: Cashier) -> None:
    done.look_up("1001")
    wait_until(lambda: done.find("refundButton").isEnabled(), "the order")
    assert done.text("orderRefunded") == f"Já devolvido na loja: {format_reais(4990)}"
    assert done.text("orderRefundable") == format_reais(8000)
    assert "Nos outros caixas " in order_rows(done)


def test_old_knowledge_is_said_before_a_refund(done: Cashier) -> None:
    publish(done, exchange(9, Trouble.UNREACHABLE))
    done.look_up("1001")
    wait_until(lambda: done.find("refundButton").isEnabled(), "the order")
    assert "Sem notícia dos outros caixas desde" in done.text("lookupMessage")
    done.open_refund()
    assert "O que eles fizeram depois disso não aparece aqui" in done.text("refundOldKnowledge")
    done.close_refund()
    publish(done, exchange())
    wait_until(lambda: not done.find("lookupMessage").isVisible(), "the message to go")
    done.open_refund()
    assert not done.is_shown("refundOldKnowledge")


@pytest.mark.parametrize("whole", [False, True])
def test_open_page_warns_from_the_moment_when_the_other_tills_fall_silent(done: Cashier, *, whole: bool) -> None:
    publish(done, exchange())
    done.look_up("1002")
    done.open_cancel() if whole else done.open_refund()
    assert not done.is_shown("refundOldKnowledge")
    publish(done, exchange(9, Trouble.UNREACHABLE))
    wait_until(lambda: done.is_shown("refundOldKnowledge"), "the warning")
    publish(done, exchange())
    wait_until(lambda: not done.is_shown("refundOldKnowledge"), "the warning to go")


def test_end_of_another_tills_refund_frees_the_order_on_the_screen(busy: Cashier, data: Path) -> None:
    with closing(sqlite3.connect(data / "ledger.db")) as db:
        db.execute("UPDATE shop_operations SET state = 'confirmed', settled_at = created_at")
        db.commit()
    publish(busy, exchange())
    wait_until(lambda: busy.find("refundButton").isEnabled(), "the order to be free")
    assert busy.text("orderRefunded") == f"Já devolvido na loja: {format_reais(4990)}"
    assert not busy.is_shown("takeOverButton")


def test_order_is_not_looked_up_again_without_news_of_it(busy: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = HeldAnswers(monkeypatch, busy.app.client, LookUp)
    for _ in range(3):
        publish(busy, exchange())
    let_work(0.2)
    assert not answers.asked


def test_wait_for_another_till_is_not_advised_while_the_database_is_silent(busy: Cashier) -> None:
    assert "Espere terminar lá." in busy.text("lookupMessage")
    publish(busy, exchange(12, Trouble.UNREACHABLE))
    assert "Pergunte lá se já terminou." in busy.text("lookupMessage")
    assert "Espere" not in busy.text("lookupMessage")


def test_warnings_of_a_page_and_a_sheet_leave_the_focus_in_the_window(busy: Cashier, data: Path) -> None:
    publish(busy, exchange(heard=0))
    take_over(busy, "")
    assert QApplication.focusWidget() is busy.find("takeOverReason")
    busy.press(Qt.Key.Key_Escape, "takeOverReason")
    publish(busy, exchange(9, Trouble.UNREACHABLE))
    busy.look_up("1003")
    busy.open_refund()
    assert QApplication.activeWindow() is busy.window
    assert busy.find("refundDialog").isAncestorOf(QApplication.focusWidget())


def test_order_card_without_a_shop_database_speaks_of_no_other_till(cashier: Cashier) -> None:
    cashier.look_up("1001")
    assert not cashier.is_shown("orderShopAge")
    assert not cashier.is_shown("takeOverButton")
    assert cashier.text("shopDatabase") == ""


# --- the take-over


def test_taken_over_order_can_be_refunded_here(busy: Cashier, server: TrainingServer) -> None:
    take_over(busy)
    wait_until(lambda: busy.find("refundButton").isEnabled(), "the order to be free")
    assert not busy.is_shown("takeOverButton")
    busy.refund("1000")
    assert [entry.cents for entry in server.service.applied] == [1000]


def test_take_over_without_a_reason_releases_nothing(busy: Cashier) -> None:
    take_over(busy, "")
    assert not busy.find("takeOverConfirm").isEnabled()
    busy.type("takeOverReason", "   ")
    busy.press(Qt.Key.Key_Return, "takeOverReason")
    assert busy.is_shown("takeOverReason")
    busy.press(Qt.Key.Key_Escape, "takeOverReason")
    assert not busy.find("refundButton").isEnabled()


def test_take_over_from_a_till_heard_just_now_is_advised_against(busy: Cashier) -> None:
    publish(busy, exchange(heard=0))
    take_over(busy, "")
    assert "O caixa 2 está ligado" in busy.text("takeOverAlive")


def test_news_of_the_other_till_reach_the_open_take_over(busy: Cashier) -> None:
    take_over(busy, "")
    assert not busy.is_shown("takeOverAlive")
    publish(busy, exchange(heard=0))
    assert busy.is_shown("takeOverAlive")
    assert "O caixa 2 deu notícia há menos de 1 min." in busy.text("takeOverNews")
    publish(busy, exchange())
    assert not busy.is_shown("takeOverAlive")


def test_take_over_of_a_refund_asks_about_the_money(busy: Cashier) -> None:
    take_over(busy, "")
    texts = [each.text() for each in busy.find("takeOverSheet").findChildren(QLabel)]
    assert "Pergunte se o cliente já recebeu o dinheiro lá." in texts


# --- the history


def test_history_shows_another_tills_row_without_actions(done: Cashier) -> None:
    done.press(Qt.Key.Key_F4)
    table = done.find("historyTable", HistoryTable)
    wait_until(lambda: table.model().rowCount() == 1, "the row")
    detail = done.find("historyDetail", QTextBrowser)
    wait_until(lambda: "caixa 2" in detail.toPlainText(), "the details")
    assert "Registrado no caixa 2: os detalhes e o comprovante ficam lá." in detail.toPlainText()
    for name in ("historyWithdraw", "historyDecide", "historyAcknowledge", "historyPrint", "historyTakeOver"):
        assert not done.is_shown(name), name
    assert done.is_shown("historyOrder")


def test_history_offers_the_take_over_of_an_unfinished_operation(busy: Cashier) -> None:
    busy.press(Qt.Key.Key_F4)
    wait_until(lambda: busy.is_shown("historyTakeOver"), "the button")
    assert not busy.is_shown("historyWithdraw")
    take_over(busy)
    wait_until(lambda: not busy.is_open("takeOverSheet"), "the sheet to close")
    detail = busy.find("historyDetail", QTextBrowser)
    wait_until(lambda: "Este caixa assumiu o pedido em" in detail.toPlainText(), "the details")
    assert not busy.is_shown("historyTakeOver")
    busy.look_up("1001")
    wait_until(lambda: busy.find("refundButton").isEnabled(), "the order to be free")


# --- the status strip


@pytest.mark.parametrize(
    ("minutes", "trouble", "text", "tone"),
    [
        (0, None, "Banco da loja: há menos de 1 min", "neutral"),
        (9, None, "Banco da loja: há 9 min", "warning"),
        (9, Trouble.UNREACHABLE, "Banco da loja: sem resposta, visto há 9 min", "warning"),
        (9, Trouble.FORK, "Banco da loja: parado (F9)", "danger"),
    ],
)
def test_status_strip_shows_an_age_and_never_success(
    cashier: Cashier, minutes: int, trouble: Trouble | None, text: str, tone: str
) -> None:
    publish(cashier, exchange(minutes, trouble))
    assert (cashier.text("shopDatabase"), cashier.find("shopDatabase").property("tone")) == (text, tone)


def test_status_strip_before_the_first_exchange_names_no_age(cashier: Cashier) -> None:
    publish(cashier, never_exchanged())
    assert cashier.text("shopDatabase") == "Banco da loja: ainda sem troca"
