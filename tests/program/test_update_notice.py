"""The update notice in the whole program: off by default, hidden while operations are unsent."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from bonifiq_desktop import __version__
from bonifiq_desktop.services import updates
from bonifiq_desktop.storage.settings import Settings, load_settings, save_settings
from bonifiq_desktop.storage.update_check import UpdateCheck, load_update_check, save_update_check
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, let_work, program, wait_until
from tests.support.staff_actions import open_settings
from tests.support.update_publisher import PAGE, UpdatePublisher

OpenTill = Callable[[], Cashier]


@pytest.fixture(name="at_once", autouse=True)
def check_without_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the random delay of minutes that keeps tills from asking together."""
    monkeypatch.setattr(updates, "FIRST_DELAY", (0.0, 0.0))
    monkeypatch.setattr(updates, "NEXT_DELAY", (0.02, 0.02))


@pytest.fixture(name="open_subscribed")
def till_with_update_feed(open_till: OpenTill, data: Path, publisher: UpdatePublisher) -> OpenTill:
    """Open the till with the publisher's feed in its settings."""
    data.mkdir(exist_ok=True)
    save_settings(data / "settings.json", Settings(update_feed=publisher.feed))
    return open_till


def shows_notice(cashier: Cashier) -> bool:
    """Return whether any widget mentions a newer version."""
    return bool(cashier.find("updateNotice").isVisible() or cashier.find("settingsUpdateNotice").isVisible())


def test_newer_version_is_shown_in_side_bar_and_settings(open_subscribed: OpenTill, publisher: UpdatePublisher) -> None:
    cashier = open_subscribed()
    cashier.type("lookupField", "10")
    wait_until(lambda: shows_notice(cashier), "the notice")
    assert QApplication.focusWidget() is cashier.find("lookupField")
    assert cashier.text("lookupField") == "10"
    assert cashier.text("updateNotice") == "Versão nova: 9.8.7\nVeja Ajustes (F9)."
    cashier.press(Qt.Key.Key_F4)
    assert cashier.find("updateNotice").isVisible()
    cashier.press(Qt.Key.Key_F9)
    assert not cashier.find("updateNotice").isVisible()
    words = cashier.text("settingsUpdateNotice")
    assert cashier.find("settingsUpdateNotice").isVisible()
    assert cashier.find("settingsUpdateNotice").property("tone") == "info"
    assert "9.8.7, de 01/12/2026" in words
    assert "não baixa nem instala" in words
    assert PAGE in words
    cashier.press(Qt.Key.Key_Escape)
    cashier.look_up("1001")
    assert not shows_notice(cashier)
    cashier.app.stop()
    again = open_subscribed()
    wait_until(lambda: shows_notice(again), "the notice after a start")
    assert len(publisher.requests) == 1, "a known version is not requested again"


def test_notice_is_hidden_while_operations_are_unsent(open_subscribed: OpenTill, server: TrainingServer) -> None:
    cashier = open_subscribed()
    wait_until(lambda: shows_notice(cashier), "the notice")
    server.refuse_connections()
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "queued")
    wait_until(lambda: not shows_notice(cashier), "silence")
    cashier.press(Qt.Key.Key_F9)
    assert not shows_notice(cashier), "shown on the settings page"
    cashier.press(Qt.Key.Key_F3)
    server.accept_connections()
    cashier.wait_for_state("saleOutcome", "confirmed")
    wait_until(lambda: shows_notice(cashier), "the notice again")


def test_notice_is_hidden_while_a_review_is_open(
    open_subscribed: OpenTill, server: TrainingServer, data: Path, publisher: UpdatePublisher
) -> None:
    cashier = open_subscribed()
    wait_until(lambda: shows_notice(cashier), "the notice")
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    cashier.refund(state="review")
    wait_until(lambda: not shows_notice(cashier), "silence")
    cashier.app.stop()
    again = open_subscribed()
    wait_until(lambda: again.counted[-1:] == ["1 registro espera decisão"], "the count")
    let_work(0.3)
    assert not shows_notice(again)
    assert load_update_check(data / "updates.json").notice == publisher.answer


def test_check_with_unsent_operations_makes_no_request(
    open_subscribed: OpenTill, server: TrainingServer, publisher: UpdatePublisher
) -> None:
    publisher.answer = b""
    cashier = open_subscribed()
    server.refuse_connections()
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "queued")
    cashier.app.stop()
    (cashier.app.paths.update_check).unlink(missing_ok=True)
    publisher.requests.clear()
    again = open_subscribed()
    wait_until(lambda: again.counted[-1:] == ["1 registro em andamento"], "the count")
    let_work(0.5)
    assert publisher.requests == []
    server.accept_connections()
    wait_until(lambda: bool(publisher.requests), "the question, with all sent")


def test_check_reveals_nothing_about_the_shop(
    open_subscribed: OpenTill, server: TrainingServer, publisher: UpdatePublisher
) -> None:
    cashier = open_subscribed()
    wait_until(lambda: shows_notice(cashier), "the notice")
    [asked] = publisher.requests
    assert set(asked) <= {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert asked["user-agent"] == f"BonifiQ-Desktop/{__version__}"
    assert server.token not in str(asked)


def test_check_by_default_makes_no_request(open_till: OpenTill, data: Path) -> None:
    cashier = open_till()
    wait_until(lambda: "Nada pendente" in cashier.counted, "the office")
    cashier.look_up("1001")
    let_work(0.3)
    assert not (data / "updates.json").exists()
    assert not shows_notice(cashier)
    assert "ok  update notice: off" in program("doctor", "--data-dir", str(data)).stdout


def test_check_in_training_makes_no_request(
    start: Callable[..., Cashier], tmp_path: Path, publisher: UpdatePublisher
) -> None:
    (tmp_path / "training").mkdir()
    save_settings(tmp_path / "training" / "settings.json", Settings(update_feed=publisher.feed))
    known = UpdateCheck(datetime(2026, 1, 1, tzinfo=UTC), publisher.address, publisher.answer)
    save_update_check(tmp_path / "training" / "updates.json", known)
    cashier = start("--training", "--data-dir", str(tmp_path))
    cashier.look_up("1001")
    let_work(0.3)
    assert publisher.requests == []
    assert not shows_notice(cashier)
    open_settings(cashier, "advanced")
    assert not cashier.find("settingsUpdates").isEnabled()


def test_unsigned_notice_is_ignored(open_subscribed: OpenTill, publisher: UpdatePublisher) -> None:
    publisher.answer = UpdatePublisher().notice("9.9.9")
    cashier = open_subscribed()
    wait_until(cashier.app.paths.update_check.exists, "the question")
    cashier.look_up("1001")
    assert not shows_notice(cashier)
    assert len(publisher.requests) == 1


def test_update_feed_is_saved_cleared_and_validated(
    open_till: OpenTill, data: Path, publisher: UpdatePublisher
) -> None:
    cashier = open_till()
    wait_until(lambda: bool(cashier.text("settingsUrl")), "the set-up")
    open_settings(cashier, "advanced")
    cashier.type("settingsUpdates", publisher.address)
    cashier.press(Qt.Key.Key_S, "settingsUpdates", Qt.KeyboardModifier.ControlModifier)
    assert "termina com # e a chave" in cashier.wait_for_message("settingsMessage")
    assert cashier.find("settingsUpdates", QLineEdit).property("wrong") == "true"
    assert not (data / "settings.json").exists()
    cashier.type("settingsUpdates", publisher.feed)
    cashier.press(Qt.Key.Key_S, "settingsUpdates", Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: shows_notice(cashier), "the notice")
    assert load_settings(data / "settings.json").update_feed == publisher.feed
    asked = len(publisher.requests)
    cashier.type("settingsUpdates", " ")
    cashier.press(Qt.Key.Key_S, "settingsUpdates", Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: not shows_notice(cashier), "silence")
    cashier.app.paths.update_check.unlink()
    let_work(0.3)
    assert (asked, len(publisher.requests)) == (1, 1)


def test_doctor_reports_the_update_check(open_subscribed: OpenTill, data: Path, publisher: UpdatePublisher) -> None:
    save_settings(data / "settings.json", Settings(update_feed=publisher.feed))
    before = program("doctor", "--data-dir", str(data)).stdout
    assert f"ok  update notice: on, {publisher.address}; never asked, no notice known" in before
    cashier = open_subscribed()
    wait_until(lambda: shows_notice(cashier), "the notice")
    target = data.parent / "suporte.zip"
    told_by = program("doctor", "--data-dir", str(data), "--file", str(target)).stdout
    assert f"found 9.8.7 of 2026-12-01, {PAGE}" in told_by
    stored = json.loads((data / "updates.json").read_bytes())
    (data / "updates.json").write_text(json.dumps(stored | {"notice": "forged"}), encoding="utf-8")
    assert "no notice known" in program("doctor", "--data-dir", str(data)).stdout
