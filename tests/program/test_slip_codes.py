"""The codes of a slip at the look-up: the window prints, a decoder reads, the same till and another one look up."""

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.domain.slip_numbers import read_slip_number, slip_number, till_tag
from bonifiq_desktop.domain.slips import Paper, Slip, SlipKind, SlipSubject
from bonifiq_desktop.printing.painter import paint
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker.commands import Outcome, ReadSlip
from tests.program.test_scans import card_shows, scan
from tests.support.cashier import Cashier, wait_until
from tests.support.printed_slips import blurred, faded, read_codes
from tests.support.server_requests import looked_up_orders

Key = Qt.Key


def read_slip(cashier: Cashier, subject: SlipSubject) -> Slip:
    """The slip that the window shows."""
    outcomes: list[Outcome[Slip]] = []
    cashier.app.client.submit(ReadSlip(subject), outcomes.append)
    wait_until(lambda: bool(outcomes), "the slip")
    assert outcomes[0].value is not None
    return outcomes[0].value


@pytest.mark.parametrize("paper", Paper)
def test_codes_read_from_a_worn_slip_open_its_order(cashier: Cashier, server: TrainingServer, paper: Paper) -> None:
    cashier.refund("4990")
    slip = read_slip(cashier, SlipSubject(SlipKind.REFUND, "1"))
    codes = read_codes(faded(blurred(paint(slip, paper)[0])))
    assert codes.keys() == {"QR Code", "Code 128"}
    for code in codes.values():
        cashier.press(Key.Key_F2, "lookupField")
        cashier.look_up("1002")
        scan(code)
        wait_until(card_shows(cashier, "1001"), f"the order of {code}")
    assert set(looked_up_orders(server)) == {"1001", "1002"}, "the slip number itself never goes out"


def test_number_of_another_tills_slip_is_said_clearly(cashier: Cashier, server: TrainingServer) -> None:
    here = read_slip_number(read_slip(cashier, SlipSubject(SlipKind.TEST)).number)
    assert here is not None
    other = next(name for name in ("AAAA", "BBBB") if till_tag(name) != here.tag)
    cashier.type("lookupField", slip_number(other, 7))
    cashier.press(Key.Key_Return, "lookupField")
    assert "comprovante de outro caixa" in cashier.wait_for_message("lookupMessage")
    assert looked_up_orders(server) == []


def test_code_of_the_test_page_says_that_the_scanner_works(cashier: Cashier, server: TrainingServer) -> None:
    scan(read_slip(cashier, SlipSubject(SlipKind.TEST)).qr)
    assert "O leitor funciona" in cashier.wait_for_message("lookupMessage", ("success",))
    assert looked_up_orders(server) == []


def test_slip_of_the_window_has_no_key_and_says_which_copy_comes_next(cashier: Cashier) -> None:
    cashier.refund("4990")
    slip = read_slip(cashier, SlipSubject(SlipKind.REFUND, "1"))
    assert (slip.copy, slip.training, slip.warnings) == (1, False, ())
    assert "BQ-" not in str(slip)
