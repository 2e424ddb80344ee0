"""The page of the day close: a day's figures, what it leaves to do, its close, and the closed days."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenuBar, QTableWidget

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.ledger.day_close import read_day
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.day.day_view import DayView
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from bonifiq_desktop.ui.widgets.date_field import DateField
from bonifiq_desktop.worker.commands import Outcome, RegisterSale
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.days import close_days, day_before, register, today
from tests.support.staff import ANA
from tests.support.staff_actions import type_pin

OpenTill = Callable[[], Cashier]
CONTROL = Qt.KeyboardModifier.ControlModifier


def _now() -> datetime:
    return datetime.now(UTC)


def open_day(cashier: Cashier) -> DayView:
    """F10; the day as it is read."""
    cashier.press(Qt.Key.Key_F10)
    view: DayView = cashier.window.content.day.day
    wait_until(lambda: view.report is not None, "the day")
    return view


def show_day(cashier: Cashier, days: int) -> DayView:
    """The day so many days ago, chosen by its date."""
    view = open_day(cashier)
    field = cashier.find("dayDate", DateField)
    field.setFocus()
    field.set_day(day_before(days))
    wait_until(lambda: view.report is not None and view.report.day == day_before(days), "the other day")
    return view


def rows(cashier: Cashier, name: str = "dayRows") -> list[Row]:
    """The rows of a list that can be chosen."""
    return [row for row in cashier.find(name, RowList).rows if not row.is_heading]


def choose(cashier: Cashier, place: int, name: str = "dayRows") -> None:
    """Choose a row by its place among those that can be chosen, with the keys."""
    found = cashier.find(name, RowList)
    found.setFocus()
    for _row in range(place):
        cashier.press(Qt.Key.Key_Down, name)
    cashier.press(Qt.Key.Key_Return, name)


def open_close(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_Return, "dayClose")
    wait_until(lambda: cashier.is_shown("closeDayDialog"), "the sheet")


def closed_chip(cashier: Cashier) -> str:
    wait_until(lambda: cashier.text("dayChip").startswith("Fechado"), "the closed day")
    return cashier.text("dayChip")


# --- the close


def test_clean_day_is_closed_by_one_enter_in_the_sheet(cashier: Cashier) -> None:
    cashier.refund()
    open_day(cashier)
    assert cashier.find("dayClose").hasFocus(), QApplication.focusWidget()
    open_close(cashier)
    assert not cashier.find("closeDayReason").isVisible()
    assert "Tudo foi enviado e decidido." in cashier.text("closeDaySummary")
    cashier.press(Qt.Key.Key_Return, "closeDayConfirm")
    assert closed_chip(cashier) == "Fechado nº 1"
    record = read_day(cashier.app.paths.ledger, None, till="CAIXA1", now=_now()).closed
    assert record is not None
    assert (record.operations, record.open_operations, record.totals.refunds.value) == (1, 0, 1000)
    assert cashier.text("dayRecordCode").replace(" ", "").casefold() == record.code.casefold()
    assert not cashier.find("dayClose").isVisible()
    assert cashier.find("dayChoice").isAncestorOf(QApplication.focusWidget())


def test_day_that_was_scrolled_shows_its_record_once_it_is_closed(cashier: Cashier) -> None:
    cashier.refund()
    view = open_day(cashier)
    view._scroll.setMaximumHeight(200)
    wait_until(lambda: view._scroll.verticalScrollBar().maximum(), "more than the page has room for")
    view._scroll.verticalScrollBar().setValue(100)
    open_close(cashier)
    cashier.press(Qt.Key.Key_Return, "closeDayConfirm")
    closed_chip(cashier)
    assert view._scroll.verticalScrollBar().value() == 0


def test_open_day_asks_for_a_name_and_a_reason(open_till: OpenTill, data: Path) -> None:
    data.mkdir()
    register(data / "ledger.db", today(), "R-1", Kind.REFUND, state=State.REVIEW)
    cashier = open_till()
    open_day(cashier)
    open_close(cashier)
    assert [row.title for row in rows(cashier, "closeDayOpen")] == ["Devolução · pedido R-1"]
    assert cashier.find("closeDayPerson").hasFocus()
    assert not cashier.find("closeDayConfirm").isEnabled()
    assert cashier.text("closeDayMissing") == "Falta dizer quem fecha."
    cashier.type("closeDayPerson", "Dona Lucia")
    assert cashier.text("closeDayMissing") == "Falta dizer por quê."
    cashier.press(Qt.Key.Key_Return, "closeDayPerson")
    assert cashier.find("closeDayReason").hasFocus()
    cashier.type("closeDayReason", "sem internet")
    cashier.press(Qt.Key.Key_Return, "closeDayReason")
    cashier.press(Qt.Key.Key_Return, "closeDayConfirm")
    closed_chip(cashier)
    assert "Fechado por Dona Lucia em" in cashier.text("dayRecordWho")
    assert cashier.text("dayRecordReason") == "Fechado com 1 registro em aberto. Motivo: sem internet"


def test_draft_of_the_reason_survives_esc_and_a_restart(open_till: OpenTill, data: Path) -> None:
    data.mkdir()
    register(data / "ledger.db", today(), "R-1", Kind.REFUND, state=State.REVIEW)
    cashier = open_till()
    open_day(cashier)
    open_close(cashier)
    cashier.type("closeDayPerson", "Dona Lucia")
    cashier.type("closeDayReason", "sem internet")
    cashier.press(Qt.Key.Key_Escape, "closeDayDialog")
    wait_until(lambda: not cashier.is_open("closeDayDialog"), "the sheet to close")
    assert cashier.find("dayClose").hasFocus()
    assert cashier.text("dayChip") == "Aberto"
    cashier.app.stop()
    again = open_till()
    open_day(again)
    open_close(again)
    wait_until(lambda: again.find("closeDayReason", QLineEdit).text() == "sem internet", "the draft")
    assert again.find("closeDayPerson", QLineEdit).text() == "Dona Lucia"
    again.press(Qt.Key.Key_Return, "closeDayConfirm")
    closed_chip(again)
    wait_until(lambda: not (data / "drafts" / "close_day.json").exists(), "the draft to go")


def test_operations_that_came_meanwhile_are_shown_and_nothing_is_closed(
    cashier: Cashier, server: TrainingServer
) -> None:
    cashier.refund()
    server.stop()
    open_day(cashier)
    open_close(cashier)
    register_beside(cashier, "R-9")
    cashier.press(Qt.Key.Key_Return, "closeDayConfirm")
    words = cashier.wait_for_message("closeDayMessage")
    wait_until(lambda: "1 registro a mais" in cashier.text("closeDayMessage"), f"what is new, not {words}")
    assert "Chegaram registros enquanto isso" in cashier.text("closeDayMessage")
    assert "Em aberto: +1" in cashier.text("closeDayMessage")
    assert [row.title for row in rows(cashier, "closeDayOpen")] == ["Venda · pedido R-9"]
    assert cashier.find("closeDayReason").isVisible(), "the day is not clean any more"
    assert read_day(cashier.app.paths.ledger, None, till="", now=_now()).closed is None


def test_manager_approves_the_close_of_an_open_day(staffed: Cashier, server: TrainingServer) -> None:
    queue_refund(staffed, server)
    open_day(staffed)
    open_close(staffed)
    assert staffed.find("closeDayPerson", QLineEdit).text() == "Bia"
    assert staffed.find("closeDayPerson", QLineEdit).isReadOnly()
    assert staffed.find("closeDayReason").hasFocus()
    staffed.type("closeDayReason", "sem internet")
    staffed.press(Qt.Key.Key_Return, "closeDayReason")
    let_work(0.2)
    staffed.press(Qt.Key.Key_Return, "closeDayConfirm")
    wait_until(lambda: staffed.is_shown("approvalDialog"), "the question for the manager")
    type_pin(staffed, "approvalPin", ANA.pin)
    closed_chip(staffed)
    assert "Fechado por Ana em" in staffed.text("dayRecordWho")


def test_ctrl_enter_opens_the_close_of_the_day(cashier: Cashier) -> None:
    open_day(cashier)
    cashier.find("dayDate").setFocus()
    cashier.press(Qt.Key.Key_Return, modifier=CONTROL)
    wait_until(lambda: cashier.is_shown("closeDayDialog"), "the sheet")


def test_future_day_offers_no_close(cashier: Cashier) -> None:
    show_day(cashier, -1)
    assert not cashier.find("dayClose").isEnabled()


# --- what a day shows


def test_figures_and_tables_of_a_day_add_up(open_till: OpenTill, data: Path) -> None:
    data.mkdir()
    path = data / "ledger.db"
    register(path, today(), "S-1", value=123456)
    register(path, today(), "S-2", value=100000, person="Bia")
    register(path, today(), "R-1", Kind.REFUND, 4990, reason="Defeito")
    register(path, today(), "R-2", Kind.REFUND, 10, reason="Troca", person="Bia")
    register(path, today(), "C-1", Kind.CANCEL, 5000, reason="Defeito")
    register(path, today(), "R-3", Kind.REFUND, 77700, state=State.REVIEW)
    cashier = open_till()
    open_day(cashier)
    assert cashier.text("daySales") == "R$\u00a02.234,56"
    assert cashier.text("daySalesNote") == "2 vendas"
    assert cashier.text("dayRefunds") == "R$\u00a0100,00"
    assert cashier.text("dayRefundsNote") == "2 devoluções  ·  1 cancelamento"
    assert (cashier.text("dayOpen"), cashier.text("dayOpenNote")) == ("1", "fora dos totais")
    assert table(cashier, "dayRefundsByReason") == [
        ("Defeito", "1", "R$\u00a049,90"),
        ("Troca", "1", "R$\u00a00,10"),
    ]
    assert table(cashier, "dayCancellationsByReason") == [("Defeito", "1", "R$\u00a050,00")]
    assert sorted(table(cashier, "dayRefundsByPerson")) == [
        ("Ana", "1", "R$\u00a049,90"),
        ("Bia", "1", "R$\u00a00,10"),
    ]
    assert not cashier.find("dayReturns").isVisible()
    assert [(row.title, row.amount) for row in rows(cashier)] == [("Devolução · pedido R-3", "R$\u00a0777,00")]


def test_closed_day_keeps_its_figures_and_lists_what_changed_since(
    open_till: OpenTill, data: Path, server: TrainingServer
) -> None:
    cashier = open_till()
    queue_refund(cashier, server)
    open_day(cashier)
    open_close(cashier)
    cashier.type("closeDayPerson", "Ana")
    cashier.type("closeDayReason", "sem internet")
    cashier.press(Qt.Key.Key_Return, "closeDayConfirm")
    closed_chip(cashier)
    assert cashier.text("dayRefunds") == "R$\u00a00,00"
    server.start()
    wait_until(lambda: any("antes: aguardando envio" in row.detail for row in rows(cashier)), "the late change")
    assert cashier.text("dayRefunds") == "R$\u00a00,00", "a record is never counted again"
    assert cashier.text("dayOpen") == "1"
    [late] = rows(cashier)
    assert (late.chip, late.tone) == ("Confirmada", "success")
    choose(cashier, 0)
    wait_until(lambda: cashier.find("historySearch", QLineEdit).text() == "1001", "its place in the history")


def test_open_operation_leads_to_its_decision_in_the_history(open_till: OpenTill, data: Path) -> None:
    data.mkdir()
    for order_id in ("R-1", "R-2"):
        register(data / "ledger.db", today(), order_id, Kind.REFUND, state=State.REVIEW)
    cashier = open_till()
    open_day(cashier)
    choose(cashier, 1)
    wait_until(lambda: cashier.find("historyDecide").isVisible(), "the decision")
    wait_until(lambda: "R-2" in cashier.find("historyDetail").toPlainText(), "its details")
    assert cashier.find("historyReview").isChecked()


def test_earlier_open_days_are_offered_oldest_first(open_till: OpenTill, data: Path) -> None:
    data.mkdir()
    for days in (2, 5):
        register(data / "ledger.db", day_before(days), f"S-{days}")
    cashier = open_till()
    view = open_day(cashier)
    assert [row.target for row in rows(cashier)] == [day_before(5), day_before(2)]
    box = cashier.find("dayChoice")
    assert [box._box.itemText(place).endswith("(aberto)") for place in range(box._box.count())] == [False, True, True]
    choose(cashier, 0)
    wait_until(lambda: view.report is not None and view.report.day == day_before(5), "the oldest day")
    assert cashier.text("daySalesNote") == "1 venda"
    assert box.value() == day_before(5)
    cashier.press(Qt.Key.Key_F10)
    assert view.report is not None
    assert view.report.day == day_before(5), "the way back from the history leads to the same day"


def test_day_without_operations_says_so_and_can_be_closed(cashier: Cashier) -> None:
    open_day(cashier)
    empty = cashier.find("dayEmpty")
    assert empty.isVisible()
    assert empty.text() == f"Nada foi registrado em {today():%d/%m/%Y}."
    assert not cashier.find("dayPrint").isVisible(), "an open day has no slip"
    open_close(cashier)
    cashier.press(Qt.Key.Key_Return, "closeDayConfirm")
    closed_chip(cashier)


def test_new_operation_comes_into_the_figures_by_itself(cashier: Cashier) -> None:
    view = open_day(cashier)
    register_beside(cashier, "S-9")
    wait_until(lambda: view.report is not None and view.report.operations == 1, "the new operation")
    wait_until(lambda: cashier.text("daySales") == "R$\u00a0159,90", "its place in the totals")


def test_damaged_record_names_itself_and_its_way_out(open_till: OpenTill, data: Path) -> None:
    data.mkdir()
    path = data / "ledger.db"
    register(path, day_before(1), "S-1")
    close_days(path, [day_before(1)])
    with closing(sqlite3.connect(path)) as db:
        triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'closed_days'")
        for (name,) in triggers.fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE closed_days SET record = replace(record, 'Ana', 'Bia')")
        db.commit()
    cashier = open_till()
    show_day(cashier, 1)
    words = cashier.text("dayDamaged")
    assert "nº 1" in words
    assert "uma cópia do histórico pode ter o registro certo" in words
    assert not cashier.find("dayClose").isEnabled()
    assert cashier.text("dayChip") == "Aberto"


def test_unreadable_day_shows_the_error_and_no_figures(cashier: Cashier) -> None:
    view = open_day(cashier)
    path = cashier.app.paths.ledger
    shutil.move(path, path.with_suffix(".away"))
    view.refresh()
    wait_until(lambda: cashier.is_shown("dayMessage"), "the error")
    assert cashier.find("dayEmpty").text() == "O dia não pôde ser lido."
    assert not cashier.is_shown("daySales")
    assert not cashier.find("dayClose").isEnabled()
    shutil.move(path.with_suffix(".away"), path)


# --- the list of closed days


def test_closed_days_are_read_page_by_page(open_till: OpenTill, data: Path) -> None:
    data.mkdir()
    path = data / "ledger.db"
    days = [day_before(number) for number in range(120, 0, -1)]
    register(path, days[0], "S-1", value=5000)
    close_days(path, days)
    cashier = open_till()
    open_day(cashier)
    cashier.find("daySections2").click()
    listed = cashier.find("closedDays", RowList)
    wait_until(lambda: len(listed.rows) == 50, "the first page")
    assert listed.rows[0].target == day_before(1)
    listed.scrollToBottom()
    wait_until(lambda: len(listed.rows) == 100, "the second page")
    listed.scrollToBottom()
    wait_until(lambda: len(listed.rows) == 120, "the last page")
    assert [row.target for row in listed.rows] == days[::-1]
    listed.setFocus()
    cashier.press(Qt.Key.Key_End, "closedDays")
    cashier.press(Qt.Key.Key_Return, "closedDays")
    view = cashier.window.content.day.day
    wait_until(lambda: view.report is not None and view.report.day == days[0], "the oldest day")
    assert closed_chip(cashier) == "Fechado nº 1"
    assert cashier.text("daySales") == "R$\u00a050,00"


def test_list_without_closed_days_says_so(cashier: Cashier) -> None:
    open_day(cashier)
    cashier.find("daySections2").click()
    wait_until(lambda: cashier.find("closedDaysEmpty").isVisible(), "the empty state")
    assert cashier.find("closedDaysEmpty").text() == "Nenhum dia foi fechado ainda neste caixa."


# --- keys


def test_f10_shows_the_day_from_every_field_and_no_menu_bar_takes_it(cashier: Cashier) -> None:
    assert cashier.window.findChildren(QMenuBar) == []
    for name, key in (
        ("saleTotal", Qt.Key.Key_F3),
        ("historyPersonList", Qt.Key.Key_F4),
        ("settingsUrl", Qt.Key.Key_F9),
    ):
        cashier.press(key)
        cashier.find(name).setFocus()
        cashier.press(Qt.Key.Key_F10, name)
        assert cashier.window.pages.currentWidget() is cashier.window.content.day
        assert cashier.find("navDay").isChecked()


def table(cashier: Cashier, name: str) -> list[tuple[str, ...]]:
    """The texts of a table's rows."""
    found = cashier.find(name, QTableWidget)
    return [
        tuple(item.text() if (item := found.item(row, column)) else "" for column in range(found.columnCount()))
        for row in range(found.rowCount())
    ]


def queue_refund(cashier: Cashier, server: TrainingServer) -> None:
    """Register a refund that cannot be sent."""
    cashier.look_up("1001")
    server.stop()
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")
    cashier.close_refund()


def register_beside(cashier: Cashier, order_id: str) -> None:
    """Register a sale on the worker while the page is in front."""
    customer = Customer(name="Maria", document="52998224725")
    sale = Sale(customer, 15990, _now(), order_id=order_id)
    answered: list[Outcome[Operation]] = []
    cashier.app.client.submit(RegisterSale(sale, ignore_clock=True), answered.append)
    wait_until(lambda: answered, "the sale on the disk")
    assert answered[0].error is None
