"""What a window does behind its lock, and what it says to whoever comes next."""

from bonifiq_desktop.background.commands import Leave
from bonifiq_desktop.training.server import TrainingServer
from tests.people import BIA
from tests.program.cashier import Cashier, history, wait_until
from tests.program.staff import sign_in


def leave(cashier: Cashier) -> None:
    """Press the button that says goodbye."""
    cashier.find("presentPerson").click()
    wait_until(lambda: cashier.find("lockPin").isVisible(), "the lock")


def test_an_order_refunded_behind_the_lock_is_asked_for_anew_by_whoever_comes_next(
    staffed: Cashier, server: TrainingServer
) -> None:
    staffed.look_up("1001")
    server.stop()
    staffed.open_refund()
    staffed.type("refundValue", "1000")
    staffed.confirm_refund()
    staffed.wait_for_state("refundOutcome", "queued")
    leave(staffed)
    server.start()
    wait_until(lambda: history(staffed.app.paths.folder)[0]["state"] == "confirmed", "the refund")
    sign_in(staffed, "Bia", BIA.pin)
    wait_until(lambda: "10,00" in staffed.text("orderRefunded"), "the figures of now")
    assert staffed.find("refundButton").isEnabled()
    assert not staffed.find("lookupMessage").isVisible()


def test_a_look_up_that_nobody_may_ask_for_says_nothing_of_what_was_registered_before(staffed: Cashier) -> None:
    staffed.app.desk.submit(Leave())
    staffed.ask_for("1001")
    wait_until(lambda: staffed.find("lockPin").isVisible(), "the lock")
    wait_until(lambda: "Ninguém entrou" in staffed.text("lookupMessage"), "the answer")
    assert "foi só uma consulta" in staffed.text("lookupMessage")
    assert "registrado" not in staffed.text("lookupMessage")
