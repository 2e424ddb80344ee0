"""A PC with a wrong clock: the sale asks first, the cancel uses BonifiQ's time, doctor reports it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.services import connection
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, let_work, program, wait_until
from tests.support.clock_proxy import proxy_with_date
from tests.support.headless_till import applied, posted_requests

Start = Callable[..., Cashier]


@pytest.mark.parametrize("off", [timedelta(days=5800), timedelta(days=-400), timedelta(minutes=11)])
@pytest.mark.parametrize("asked_before", [True, False])
def test_sale_with_a_wrong_clock_asks_before_registration(
    start: Start, server: TrainingServer, credentials: None, data: Path, off: timedelta, *, asked_before: bool
) -> None:
    with proxy_with_date(server.url, off) as url:
        cashier = start("--data-dir", str(data), "--api-url", url)
        if asked_before:
            cashier.look_up("1001")
            assert "O relógio deste PC está errado" in cashier.wait_for_message("clockNotice")
        cashier.fill_sale()
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        words = cashier.wait_for_message("saleMessage")
        assert "O relógio deste PC está errado" in words
        assert f"{datetime.now(UTC) + off:%Y}" in words
        assert "Nada foi registrado nem enviado" in words
        cashier.press(Qt.Key.Key_Return, "saleSubmit")  # pressing Enter again confirms nothing
        let_work(0.3)
        assert posted_requests(server) == []
        assert cashier.text("pendingCount") == "Nada pendente"
        cashier.press(Qt.Key.Key_Return, "saleDespiteClock")
        cashier.wait_for_state("saleOutcome", "confirmed")
        assert [kind for kind, *_ in applied(server)] == ["sale"]
        assert not cashier.find("saleDespiteClock").isVisible()
        assert cashier.app.stop()


@pytest.mark.parametrize("off", [timedelta(minutes=-9), timedelta(minutes=9), "never", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_sale_with_a_small_or_unreadable_difference_is_registered(
    start: Start, server: TrainingServer, credentials: None, data: Path, off: timedelta | str
) -> None:
    with proxy_with_date(server.url, off) as url:
        cashier = start("--data-dir", str(data), "--api-url", url)
        cashier.fill_sale()
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        cashier.wait_for_state("saleOutcome", "confirmed")
        assert not cashier.find("clockNotice").isVisible()
        assert cashier.app.stop()


def test_sale_offline_with_an_old_clock_asks_until_edited(
    start: Start, server: TrainingServer, credentials: None, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "installed_at", lambda: datetime.now(UTC) + timedelta(days=3))
    server.stop()
    cashier = start("--data-dir", str(data), "--api-url", server.url)
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "O relógio deste PC parece errado" in cashier.wait_for_message("saleMessage")
    assert cashier.find("saleDespiteClock").isVisible()
    cashier.type("saleName", "Outra pessoa")
    wait_until(lambda: not cashier.find("saleDespiteClock").isVisible(), "the button to go")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_message("saleMessage")
    cashier.press(Qt.Key.Key_Return, "saleDespiteClock")
    cashier.wait_for_state("saleOutcome", "queued")


def test_cancel_with_a_wrong_clock_carries_bonifiqs_time(
    start: Start, server: TrainingServer, credentials: None, data: Path
) -> None:
    off = timedelta(days=-400)
    with proxy_with_date(server.url, off) as url:
        cashier = start("--data-dir", str(data), "--api-url", url)
        cashier.look_up("1002")
        cashier.open_cancel()
        cashier.press(Qt.Key.Key_Return, "cancelConfirm")
        wait_until(lambda: bool(posted_requests(server)), "the cancel")
        assert f"{datetime.now(UTC) + off:%Y-%m-%d}".encode() in posted_requests(server)[0].body
        assert cashier.app.stop()


@pytest.mark.parametrize(("off", "says"), [(timedelta(days=5800), "!!  clock: WRONG"), (timedelta(), "ok  clock:")])
def test_doctor_reports_the_clock(server: TrainingServer, tmp_path: Path, off: timedelta, says: str) -> None:
    with proxy_with_date(server.url, off) as url:
        save_settings(Paths(tmp_path).settings, Settings(url=url))
        done = program("doctor", "--data-dir", str(tmp_path))
    assert says in done.stdout
    assert "ok  connection: answers" in done.stdout
    assert posted_requests(server) == []
