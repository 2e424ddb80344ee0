"""Check with the systems and export of a day from the window: progress, stop, differences and their next steps."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.day.day_view import DayView
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from tests.support.cashier import Cashier, wait_until
from tests.support.days import close_days, register, today


def open_day(cashier: Cashier) -> DayView:
    cashier.press(Qt.Key.Key_F10)
    view: DayView = cashier.window.content.day.day
    wait_until(lambda: view.report is not None and view.report.operations > 0, "the day")
    return view


def check(cashier: Cashier) -> str:
    """F5; what the page says of the check."""
    cashier.press(Qt.Key.Key_F5)
    wait_until(lambda: cashier.is_shown("dayMessage"), "the result")
    return cashier.text("dayMessage")


def rows(cashier: Cashier) -> list[Row]:
    return [row for row in cashier.find("dayRows", RowList).rows if not row.is_heading]


def test_equal_day_is_told_as_equal(cashier: Cashier) -> None:
    cashier.refund()
    open_day(cashier)
    words = check(cashier)
    assert "Tudo igual nos sistemas." in words
    assert "Conferidos 1 de 1 pedidos" in words
    assert rows(cashier) == []


def test_order_cancelled_elsewhere_is_a_difference_that_leads_to_the_order(
    cashier: Cashier, server: TrainingServer
) -> None:
    cashier.refund()
    server.service.cancel("1001", {"OrderCancelledDate": "2026-01-01T00:00:00Z"})
    open_day(cashier)
    assert "1 diferença encontrada." in check(cashier)
    [row] = [row for row in rows(cashier) if row.chip == "Cancelado lá"]
    assert row.title == "Pedido 1001 · BonifiQ"
    assert row.detail
    cashier.find("dayRows").setFocus()
    cashier.press(Qt.Key.Key_Return, "dayRows")
    wait_until(lambda: cashier.window.pages.currentWidget() is not cashier.window.content.day, "the next step")


def test_check_without_a_connection_says_what_was_not_checked(cashier: Cashier, server: TrainingServer) -> None:
    cashier.refund()
    server.stop()
    open_day(cashier)
    words = check(cashier)
    assert "Conferidos 0 de 1 pedidos" in words
    assert "igual" not in words
    assert [row.chip for row in rows(cashier)] == ["Não conferido"]
    assert rows(cashier)[0].detail.endswith("Confira de novo.")
    server.start()
    cashier.find("dayRows").setFocus()
    cashier.press(Qt.Key.Key_Return, "dayRows")
    wait_until(lambda: "Tudo igual" in cashier.text("dayMessage"), "the second check")
    assert rows(cashier) == []


def test_stopped_check_keeps_what_was_checked(open_till: Callable[[], Cashier], server: TrainingServer) -> None:
    cashier = open_till()
    for order_id in ("1001", "1002", "1004"):
        refund(cashier, order_id)
    view = open_day(cashier)
    for _order in range(3):
        server.faults.add("delay", only="lookup", seconds=1.0)
    cashier.press(Qt.Key.Key_F5)
    wait_until(lambda: cashier.is_shown("dayCheckProgress"), "the bar")
    assert not cashier.find("dayCheck").isEnabled()
    cashier.find("dayCheckStop").click()
    wait_until(lambda: cashier.is_shown("dayMessage"), "the result")
    assert "de 3 pedidos" in cashier.text("dayMessage")
    assert "Conferidos 3" not in cashier.text("dayMessage")
    assert cashier.find("dayCheck").isEnabled()
    assert view.report is not None


def refund(cashier: Cashier, order_id: str) -> None:
    cashier.look_up(order_id)
    cashier.open_refund()
    cashier.type("refundValue", "100")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    cashier.close_refund()


@pytest.mark.parametrize(("kind", "ending", "begins"), [(0, ".xlsx", b"PK"), (1, ".csv", b"\xef\xbb\xbf")])
def test_day_is_exported_in_both_formats(
    cashier: Cashier, tmp_path: Path, kind: int, ending: str, begins: bytes
) -> None:
    cashier.refund()
    open_day(cashier)
    cashier.press(Qt.Key.Key_Return, "dayExport")
    dialog = cashier.find("dayExportDialog", QFileDialog)
    filters = dialog.nameFilters()
    dialog.selectNameFilter(filters[kind])
    dialog.filterSelected.emit(filters[kind])
    dialog.setDirectory(str(tmp_path))
    dialog.accept()
    assert "Fechamento salvo" in cashier.wait_for_message("dayMessage", ("success",))
    made = tmp_path / f"fechamento-{today().isoformat()}{ending}"
    assert made.read_bytes().startswith(begins)
    assert ending != ".csv" or b"1001" in made.read_bytes() or b"10,00" in made.read_bytes()


def test_export_to_a_missing_folder_shows_an_error(cashier: Cashier, tmp_path: Path) -> None:
    cashier.refund()
    open_day(cashier).export_to(str(tmp_path / "gone" / "x.csv"))
    assert "Não foi possível gravar neste PC" in cashier.wait_for_message("dayMessage")


def test_closed_day_is_shown_as_a_slip_by_f11(open_till: Callable[[], Cashier], data: Path) -> None:
    data.mkdir()
    register(data / "ledger.db", today(), "S-1", value=5000)
    close_days(data / "ledger.db", [today()])
    cashier = open_till()
    open_day(cashier)
    assert cashier.find("dayPrint").isVisible()
    cashier.press(Qt.Key.Key_F11)
    wait_until(lambda: cashier.is_shown("previewSlip"), "the preview")
    cashier.press(Qt.Key.Key_Escape, "previewSheet")
