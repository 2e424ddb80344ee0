"""Pictures and questions of the owner in the whole program: by keys, from a real refund to its figures and files."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget

from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.ui.reports.charts_page import ChartsPage
from bonifiq_desktop.ui.reports.questions_page import QuestionsPage
from tests.support.cashier import Cashier, wait_until
from tests.support.shop_window import exchange, publish
from tests.support.staff import ANA, BIA
from tests.support.staff_actions import add_person, sign_in, sign_out, type_pin

OWN_TILL = "Só o que este caixa fez, sem os outros caixas da loja."


def open_section(cashier: Cashier, digit: Qt.Key, page: str) -> None:
    """F10, then a section by its digit."""
    cashier.press(Qt.Key.Key_F10)
    wait_until(lambda: cashier.find("daySections1").isVisible(), "the day page")
    QTest.keyClick(cashier.find("daySections1"), digit)
    wait_until(lambda: cashier.find(page).isVisible(), page)


def cells(cashier: Cashier, table: str) -> list[list[str]]:
    """The texts of a table."""
    found = cashier.find(table, QTableWidget)
    return [
        [found.item(row, column).text() for column in range(found.columnCount())] for row in range(found.rowCount())
    ]


def ask(cashier: Cashier, digit: Qt.Key) -> list[list[str]]:
    """Choose a question and wait for its rows."""
    open_section(cashier, Qt.Key.Key_4, "questionsPage")
    QTest.keyClick(cashier.find("questionsQuestion1"), digit)
    wait_until(
        lambda: cashier.find("questionsTable").isVisible() or cashier.find("questionsEmpty").text(), "the answer"
    )
    return cells(cashier, "questionsTable")


def test_refund_is_in_the_chart_its_figures_and_its_file(cashier: Cashier, tmp_path: Path) -> None:
    cashier.refund("1234")
    open_section(cashier, Qt.Key.Key_3, "chartsPage")
    wait_until(lambda: cashier.find("chartsChart").isVisible(), "the chart")
    QTest.keyClick(cashier.find("chartsPicture1"), Qt.Key.Key_3)
    assert "12,34" in cashier.find("chartsChart").accessibleDescription()
    QTest.keyClick(cashier.find("chartsTable"), Qt.Key.Key_Space)
    assert [row[1] for row in cells(cashier, "chartsFigures")] == ["R$\u00a012,34"]
    target = tmp_path / "charts.pdf"
    cashier.find("chartsPage", ChartsPage).save_to(str(target))
    assert "salvo" in cashier.wait_for_message("chartsMessage", ("success",))
    assert target.read_bytes().startswith(b"%PDF")


def test_row_of_an_answer_opens_the_history_of_its_order(cashier: Cashier, tmp_path: Path) -> None:
    cashier.refund("1234")
    [row] = ask(cashier, Qt.Key.Key_1)
    assert row[-1] == "R$\u00a012,34"
    target = tmp_path / "answer.csv"
    cashier.find("questionsPage", QuestionsPage).export_to(str(target))
    cashier.wait_for_message("questionsMessage", ("success",))
    assert "12,34;BRL" in target.read_text(encoding="utf-8-sig")
    QTest.keyClick(cashier.find("questionsTable"), Qt.Key.Key_Return)
    wait_until(lambda: cashier.find("historySearch").isVisible(), "the history")
    assert cashier.text("historySearch") == "1001"


def test_charts_and_answers_of_a_shop_with_several_tills_say_that_they_are_of_this_one(cashier: Cashier) -> None:
    publish(cashier, exchange())
    cashier.refund("1234")
    assert len(ask(cashier, Qt.Key.Key_1)) == 1
    assert cashier.text("questionsHeadline").endswith(OWN_TILL)
    QTest.keyClick(cashier.find("questionsQuestion1"), Qt.Key.Key_3)
    wait_until(lambda: cashier.is_shown("questionsEmpty") and cashier.text("questionsEmpty"), "an empty answer")
    assert cashier.text("questionsEmpty").endswith(OWN_TILL)
    open_section(cashier, Qt.Key.Key_3, "chartsPage")
    wait_until(lambda: cashier.find("chartsChart").isVisible(), "the chart")
    assert cashier.text("chartsNotes").endswith(OWN_TILL)
    publish(cashier, ShopDatabaseStatus("", ""))
    cashier.find("chartsPage", ChartsPage).reload()
    wait_until(lambda: not cashier.text("chartsNotes").endswith(OWN_TILL), "a till of its own")


def test_names_of_customers_need_the_manager_and_go_with_the_lock(cashier: Cashier) -> None:
    cashier.refund("1234")
    add_person(cashier, "Ana", "manager", ANA.pin)
    add_person(cashier, "Bia", "cashier", BIA.pin, approved_by=ANA.pin)
    sign_out(cashier)
    sign_in(cashier, "Bia", BIA.pin)
    [row] = ask(cashier, Qt.Key.Key_2)
    assert row[0].endswith("…")
    assert row[1].startswith("***")
    QTest.keyClick(cashier.find("questionsReveal"), Qt.Key.Key_Space)
    type_pin(cashier, "approvalPin", ANA.pin)
    wait_until(lambda: "…" not in cells(cashier, "questionsTable")[0][0], "the name")
    name = cells(cashier, "questionsTable")[0][0]
    assert "***" not in cells(cashier, "questionsTable")[0][1]
    sign_out(cashier)
    assert name not in str(cells(cashier, "questionsTable"))
    log = (cashier.app.paths.folder / "audit.jsonl").read_text(encoding="utf-8")
    assert '"reveal"' in log
    assert name not in log
