"""Printing from the window, against the training server and an ESC/POS printer on the loopback."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QTableWidget

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.slips import Paper, SlipKind
from bonifiq_desktop.services import print_at_once
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from bonifiq_desktop.storage.settings import Settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.printing.slip_view import SlipView
from bonifiq_desktop.ui.widgets.choice import Choice
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.network_printer import CUT, Behaviour, NetworkPrinter
from tests.support.staff_actions import open_settings


@pytest.fixture(name="printer")
def network_printer() -> Iterator[NetworkPrinter]:
    """A printer in the network, that works."""
    with NetworkPrinter() as printer:
        yield printer


@pytest.fixture(name="counter")
def counter_with_printer(
    open_till: Callable[[], Cashier], data: Path, printer: NetworkPrinter
) -> Callable[..., Cashier]:
    """Return a function that opens the till with that printer. `at_once`: the kinds printed without F11."""

    def open_it(*at_once: SlipKind) -> Cashier:
        data.mkdir(exist_ok=True)
        chosen = PrinterSettings(PrintRoute.NETWORK, host="127.0.0.1", port=printer.port, at_once=at_once)
        save_settings(data / "settings.json", Settings(printer=chosen))
        return open_till()

    return open_it


def open_preview(cashier: Cashier, button: str) -> SlipView:
    """F11, once the button with that key is there; return the shown slip."""
    wait_until(lambda: cashier.is_shown(button) and cashier.find(button).isEnabled(), button)
    cashier.press(Qt.Key.Key_F11)
    wait_until(lambda: cashier.is_shown("previewSlip") and cashier.find("previewSlip").pages, "the slip")
    view: SlipView = cashier.find("previewSlip", SlipView)
    return view


def print_it(cashier: Cashier) -> None:
    """Enter in the preview, wherever its focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
    wait_until(lambda: not cashier.is_open("previewSheet"), "the preview to close")


def wait_for_pictures(printer: NetworkPrinter, count: int) -> list[QImage]:
    """The pictures, once so many slips are cut: until then a picture has fewer rows."""
    wait_until(lambda: sum(data.endswith(CUT) for data in printer.received) >= count, f"{count} slips on paper")
    return printer.pictures()


def wait_for_jobs(cashier: Cashier, *states: str) -> None:
    """Open the list of print jobs and wait for their states, the newest first."""
    open_settings(cashier, "printer")
    table = cashier.find("printJobs", QTableWidget)

    def shown() -> list[str]:
        return [table.item(row, 3).text() for row in range(table.rowCount())]

    wait_until(lambda: [text.split(":")[0] for text in shown()] == list(states), f"jobs {states}")


# --- the preview


def test_f11_after_a_refund_prints_the_picture_of_the_preview(
    counter: Callable[..., Cashier], printer: NetworkPrinter
) -> None:
    cashier = counter()
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    view = open_preview(cashier, "refundPrint")
    [seen] = view.pages
    assert "10,00" in view.accessibleName()
    assert "1001" in view.accessibleName()
    print_it(cashier)
    [printed] = wait_for_pictures(printer, 1)
    assert printed.copy(seen.rect()) == seen.copy()
    wait_until(lambda: cashier.is_shown("toast"), "the word on it")
    assert cashier.text("toastText") == "Enviado à impressora: Comprovante de devolução  ·  pedido 1001."
    assert not cashier.is_shown("printNotice")


def test_f11_prints_a_whole_cancel_a_sale_and_a_row_of_the_history(counter: Callable[..., Cashier]) -> None:
    cashier = counter()
    cashier.look_up("1001")
    cashier.open_cancel()
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    cashier.wait_for_state("cancelOutcome", "confirmed")
    assert "Cancelamento" in open_preview(cashier, "cancelPrint").accessibleName()
    cashier.press(Qt.Key.Key_Escape, "previewSheet")
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert "159,90" in open_preview(cashier, "lastSalePrint").accessibleName()
    cashier.press(Qt.Key.Key_Escape, "previewSheet")
    cashier.press(Qt.Key.Key_F4)
    assert "159,90" in open_preview(cashier, "historyPrint").accessibleName()


def test_f11_on_an_order_of_another_till_says_that_there_is_no_slip(counter: Callable[..., Cashier]) -> None:
    cashier = counter()
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F11)
    assert "Este caixa não registrou nada" in cashier.wait_for_message("lookupMessage", ("info",))
    assert not cashier.is_open("previewSheet")


def test_f11_on_an_order_with_several_operations_asks_for_one(counter: Callable[..., Cashier]) -> None:
    cashier = counter()
    cashier.refund("1000")
    view = open_preview(cashier, "orderPrint")
    assert "10,00" in view.accessibleName()
    cashier.press(Qt.Key.Key_Escape, "previewSheet")
    cashier.refund("500")
    wait_until(lambda: cashier.find("orderPrint").isEnabled(), "the order's operations")
    cashier.press(Qt.Key.Key_F11)
    wait_until(lambda: cashier.is_shown("slipChoice"), "the choice")
    cashier.press(Qt.Key.Key_Return, "slipChoiceRows")
    wait_until(lambda: cashier.is_shown("previewSlip") and cashier.find("previewSlip").pages, "the newest slip")
    assert "5,00" in cashier.find("previewSlip").accessibleName()


def test_paper_of_the_preview_changes_the_picture_and_not_the_printer(
    counter: Callable[..., Cashier], printer: NetworkPrinter
) -> None:
    cashier = counter()
    cashier.refund("1000")
    view = open_preview(cashier, "orderPrint")
    for digit, width in ((Qt.Key.Key_2, 384), (Qt.Key.Key_3, 1122)):
        choice = cashier.find("previewPaper", Choice)
        QTest.keyClick(choice.focusProxy(), digit)
        assert view.pages[0].width() == width
    print_it(cashier)
    assert wait_for_pictures(printer, 1)[0].width() == 576


def test_preview_without_a_printer_offers_the_settings_and_a_file(cashier: Cashier, tmp_path: Path) -> None:
    cashier.refund("1000")
    view = open_preview(cashier, "orderPrint")
    assert "Nenhuma impressora" in cashier.wait_for_message("previewMessage", ("info",))
    assert not cashier.is_shown("previewPrint")
    cashier.find("previewSheet")._save_as_pdf(str(tmp_path / "slip.pdf"))
    cashier.wait_for_message("previewMessage", ("success",))
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF-")
    cashier.find("previewSheet")._save_as_picture(str(tmp_path / "slip.png"))
    wait_until((tmp_path / "slip.png").exists, "the picture")
    wait_until(lambda: QImage(str(tmp_path / "slip.png")).size() == view.pages[0].size(), "its content")
    cashier.press(Qt.Key.Key_F9, "previewSheet")
    wait_until(lambda: cashier.is_shown("settingsPrintRoute"), "the printer's settings")


def test_saving_a_slip_into_the_data_folder_is_refused(cashier: Cashier, data: Path) -> None:
    cashier.refund("1000")
    open_preview(cashier, "orderPrint")
    cashier.find("previewSheet")._save_as_pdf(str(data / "ledger.db"))
    cashier.wait_for_message("previewMessage", ("danger", "warning"))
    assert (data / "ledger.db").read_bytes().startswith(b"SQLite format 3")


def test_copied_picture_is_the_slip(counter: Callable[..., Cashier]) -> None:
    cashier = counter()
    cashier.refund("1000")
    view = open_preview(cashier, "orderPrint")
    cashier.press(Qt.Key.Key_C, "previewSheet", Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB32)
    assert copied == view.pages[0].convertToFormat(QImage.Format.Format_RGB32)


# --- what becomes of a job


def test_failed_job_is_said_and_printed_again_by_its_key(
    counter: Callable[..., Cashier], printer: NetworkPrinter
) -> None:
    cashier = counter()
    cashier.refund("1000")
    printer.behaviour = Behaviour.OUT_OF_PAPER
    open_preview(cashier, "orderPrint")
    print_it(cashier)
    said = cashier.wait_for_message("printNotice", ("danger",))
    assert "pedido 1001" in said
    assert "sem papel" in said
    assert "Nada foi impresso" in said
    printer.behaviour = Behaviour.FINE
    cashier.press(Qt.Key.Key_F11, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_for_pictures(printer, 1)
    wait_until(lambda: not cashier.is_shown("printNotice"), "the notice to go")
    wait_for_jobs(cashier, "Enviado à impressora")


def test_cut_off_job_says_that_paper_may_have_come_out(
    counter: Callable[..., Cashier], printer: NetworkPrinter
) -> None:
    cashier = counter()
    cashier.refund("1000")
    printer.behaviour = Behaviour.CLOSES_HALF_WAY
    open_preview(cashier, "orderPrint")
    print_it(cashier)
    said = cashier.wait_for_message("printNotice", ("warning",))
    assert "O papel pode ter saído" in said
    printer.behaviour = Behaviour.FINE
    cashier.press(Qt.Key.Key_F11, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: not cashier.is_shown("printNotice"), "the notice to go")
    wait_for_jobs(cashier, "Enviado à impressora", "Talvez impresso")
    table = cashier.find("printJobs", QTableWidget)
    assert [table.item(row, 2).text() for row in range(2)] == ["2ª", "1ª"]


def test_failed_job_is_said_after_a_restart_until_it_is_given_up(
    counter: Callable[..., Cashier], open_till: Callable[[], Cashier], printer: NetworkPrinter
) -> None:
    cashier = counter()
    cashier.refund("1000")
    printer.behaviour = Behaviour.OUT_OF_PAPER
    open_preview(cashier, "orderPrint")
    print_it(cashier)
    cashier.wait_for_message("printNotice", ("danger",))
    cashier.app.stop()
    again = open_till()
    wait_until(lambda: again.window.findChild(QTableWidget) is not None, "the pages")
    assert "pedido 1001" in again.wait_for_message("printNotice", ("danger",))
    wait_for_jobs(again, "Não foi impresso")
    again.press(Qt.Key.Key_Space, "printJobsGiveUp")
    wait_for_jobs(again, "Desistiu")
    assert not again.is_shown("printNotice")


# --- printing at once


def test_refund_is_printed_at_once_when_its_outcome_is_known(
    counter: Callable[..., Cashier], printer: NetworkPrinter
) -> None:
    cashier = counter(SlipKind.REFUND)
    cashier.refund("1000")
    [picture] = wait_for_pictures(printer, 1)
    assert open_preview(cashier, "orderPrint").pages[0].height() > picture.height() - 200
    cashier.press(Qt.Key.Key_Escape, "previewSheet")
    wait_for_jobs(cashier, "Enviado à impressora")


def test_sale_is_not_printed_at_once_when_only_refunds_are(counter: Callable[..., Cashier]) -> None:
    cashier = counter(SlipKind.REFUND)
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    let_work(0.5)
    wait_for_jobs(cashier)


def test_undone_refund_is_not_printed(
    counter: Callable[..., Cashier], printer: NetworkPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 2.0)
    monkeypatch.setattr(print_at_once, "PATIENCE", 0.5)
    cashier = counter(SlipKind.REFUND)
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")
    cashier.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: not cashier.is_shown("refundOutcome"), "the undo")
    let_work(3.0)
    assert printer.pictures() == []


def test_refund_without_an_answer_is_printed_as_not_known(
    counter: Callable[..., Cashier], printer: NetworkPrinter, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_at_once, "PATIENCE", 0.5)
    server.faults.add("lose_answer", only="refund")
    cashier = counter(SlipKind.REFUND)
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "unknown", "review", "confirmed")
    wait_for_pictures(printer, 1)
    wait_for_jobs(cashier, "Enviado à impressora")


# --- the settings


def test_network_printer_is_set_up_with_keys_and_prints_a_test_page(cashier: Cashier, printer: NetworkPrinter) -> None:
    open_settings(cashier, "printer")
    wait_until(lambda: cashier.text("settingsPrintPort") == "9100", "the settings")
    route = cashier.find("settingsPrintRoute", QComboBox)
    route.setFocus()
    for _step in range(2):
        QTest.keyClick(route, Qt.Key.Key_Down)
    assert cashier.find("settingsPaper", QComboBox).findData(Paper.A4.value) == -1
    cashier.press(Qt.Key.Key_S, modifier=Qt.KeyboardModifier.ControlModifier)
    assert "endereço" in cashier.wait_for_message("settingsMessage")
    cashier.type("settingsPrintHost", "127.0.0.1")
    cashier.type("settingsPrintPort", "99999")
    cashier.press(Qt.Key.Key_S, modifier=Qt.KeyboardModifier.ControlModifier)
    assert "65535" in cashier.wait_for_message("settingsMessage")
    cashier.type("settingsPrintPort", str(printer.port))
    QTest.keyClick(cashier.find("settingsPrintAtOnce_sale", QCheckBox), Qt.Key.Key_Space)
    cashier.press(Qt.Key.Key_Space, "settingsTestPage")
    assert "Salve" in cashier.wait_for_message("settingsPrinterMessage", ("info",))
    cashier.press(Qt.Key.Key_S, modifier=Qt.KeyboardModifier.ControlModifier)
    cashier.wait_for_message("settingsMessage", ("success",))
    cashier.press(Qt.Key.Key_Space, "settingsTestPage")
    assert wait_for_pictures(printer, 1)[0].width() == 576
    wait_for_jobs(cashier, "Enviado à impressora")
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    wait_for_pictures(printer, 2)
