"""Credentials and requests reach only the server they were typed for; an eavesdropper listens elsewhere."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend
from tests.support.cashier import Cashier, history, let_work, wait_until
from tests.support.eavesdropper import Eavesdropper, redirecting_server
from tests.support.fake_keyring import FakeKeyring

Start = Callable[..., Cashier]
LONG_ENOUGH = 1.5  # seconds; the outbox sends queued operations within the first


@pytest.fixture(name="eavesdropper")
def eavesdropper_that_receives_nothing() -> Iterator[Eavesdropper]:
    """An eavesdropper that must receive nothing."""
    with Eavesdropper().listening() as eavesdropper:
        yield eavesdropper
    assert (eavesdropper.connections, eavesdropper.received) == (0, b"")


@pytest.fixture(name="no_environment_credentials")
def environment_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove token and key from the environment."""
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def press(cashier: Cashier, name: str) -> str:
    """Press a button of the settings; return the message."""
    message = cashier.find("settingsMessage")
    before = message.text()
    if "outra vez" in before:  # the question that this press answers has to stay in sight
        cashier.find(name, QPushButton).click()
        wait_until(lambda: message.text() != before, "the answer")
        return str(message.text())
    message.clear()
    button = cashier.find(name, QPushButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    wait_until(lambda: button.isEnabled() and message.text() and "Testando" not in message.text(), "the settings")
    return str(message.text())


def settings_of(cashier: Cashier) -> None:
    """Open the settings once they are loaded."""
    wait_until(lambda: cashier.text("settingsUrl"), "the settings")
    cashier.press(Qt.Key.Key_F9)


def set_up(cashier: Cashier, server: TrainingServer, *, in_file: bool = True) -> str:
    """Type the server's address, token and key, and save."""
    settings_of(cashier)
    url = server.url
    cashier.find("settingsConsent", QCheckBox).setChecked(in_file)
    cashier.type("settingsUrl", url)
    cashier.type("settingsToken", server.token)
    cashier.type("settingsKey", server.key)
    return press(cashier, "settingsSave")


def queue_a_refund(cashier: Cashier, server: TrainingServer) -> None:
    """Register a refund while the server is down."""
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "500")
    server.refuse_connections()
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")
    cashier.close_refund()


def wait_for_the_refund(data: Path, key: str) -> None:
    """Wait until the refund is sent with its first key."""
    wait_until(lambda: any(o.state is State.CONFIRMED for o in read_operations(data / "ledger.db")), "the refund")
    assert [row["cancel_key"] for row in history(data)] == [key]


def files_with(folder: Path, secret: str) -> set[str]:
    """Return the files below a folder that hold a text."""
    return {file.name for file in folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()}


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_target_receives_nothing(
    start: Start, eavesdropper: Eavesdropper, tmp_path: Path, status: int
) -> None:
    with redirecting_server(status, eavesdropper.url).listening() as away:
        cashier = start("--data-dir", str(tmp_path), "--api-url", away.url)
        cashier.ask_for("1001")
        assert "desviou" in cashier.wait_for_message("lookupMessage")
        cashier.fill_sale()
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        cashier.wait_for_state("saleOutcome", "unknown")
        assert b"POST /v1/pvt/POS/orders" in away.received
        let_work(0.3)
        assert cashier.app.stop()


@pytest.mark.usefixtures("credentials")
def test_proxy_and_netrc_of_the_environment_are_ignored(
    start: Start, eavesdropper: Eavesdropper, server: TrainingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, eavesdropper.url)
        monkeypatch.setenv(name.lower(), eavesdropper.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login eavesdropper password eavesdropper\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    cashier = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "500")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")


@pytest.fixture(name="keyring", params=["a keyring", "a file"])
def keyring_or_none(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FakeKeyring | None:
    """Return the PC's keyring, or None."""
    keyring = FakeKeyring() if request.param == "a keyring" else None
    monkeypatch.setattr(backend, "system_keyring", lambda: keyring)
    return keyring


@pytest.mark.usefixtures("no_environment_credentials")
def test_address_edited_in_the_settings_file_receives_nothing(
    start: Start, eavesdropper: Eavesdropper, server: TrainingServer, keyring: FakeKeyring | None, tmp_path: Path
) -> None:
    cashier = start("--data-dir", str(tmp_path))
    assert "Ajustes salvos." in set_up(cashier, server, in_file=keyring is None)
    queue_a_refund(cashier, server)
    assert cashier.app.stop()
    [waiting] = history(tmp_path)
    settings = json.loads((tmp_path / "settings.json").read_text())
    (tmp_path / "settings.json").write_text(json.dumps({**settings, "url": eavesdropper.url}))

    deceived = start("--data-dir", str(tmp_path))
    words = deceived.wait_for_message("settingsMessage")
    assert "mudou neste computador" in words
    assert "não foram enviados a ninguém" in words
    deceived.ask_for("1001")
    assert "ainda não está conectado" in deceived.wait_for_message("lookupMessage")
    deceived.press(Qt.Key.Key_F9)
    assert "ainda não está conectado" in press(deceived, "settingsTest")
    let_work(LONG_ENOUGH)
    assert deceived.app.stop()
    assert history(tmp_path) == [{**waiting, "attempts": history(tmp_path)[0]["attempts"]}]

    server.accept_connections()
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    start("--data-dir", str(tmp_path))
    wait_for_the_refund(tmp_path, waiting["cancel_key"])


def test_changed_address_receives_nothing_without_its_own_credentials(
    start: Start, eavesdropper: Eavesdropper, server: TrainingServer, no_environment_credentials: None, tmp_path: Path
) -> None:
    cashier = start("--data-dir", str(tmp_path))
    set_up(cashier, server)
    assert files_with(tmp_path, server.key) == {"credentials.json"}
    queue_a_refund(cashier, server)
    [waiting] = history(tmp_path)
    settings_of(cashier)
    cashier.type("settingsUrl", eavesdropper.url)
    assert "digite o token e a chave dele" in press(cashier, "settingsTest")
    assert "O endereço mudou" in press(cashier, "settingsSave")
    assert files_with(tmp_path, server.key) == set()
    let_work(LONG_ENOUGH)
    assert cashier.app.stop()
    restarted = start("--data-dir", str(tmp_path))
    let_work(LONG_ENOUGH)
    assert [row["state"] for row in history(tmp_path)] == ["queued"]
    server.accept_connections()
    set_up(restarted, server)
    wait_for_the_refund(tmp_path, waiting["cancel_key"])


def test_environment_credentials_are_not_sent_to_a_changed_address(
    start: Start, eavesdropper: Eavesdropper, server: TrainingServer, credentials: None, tmp_path: Path
) -> None:
    cashier = start("--data-dir", str(tmp_path), "--api-url", server.url)
    settings_of(cashier)
    for token, key in (("", ""), ("any", "pair")):
        cashier.type("settingsUrl", eavesdropper.url)
        if token:
            cashier.type("settingsToken", token)
            cashier.type("settingsKey", key)
        assert "vêm da configuração deste computador" in press(cashier, "settingsSave")
    let_work(0.3)
    cashier.look_up("1001")


def test_forgotten_credentials_are_gone_and_the_queue_uses_new_ones(
    start: Start, server: TrainingServer, no_environment_credentials: None, tmp_path: Path
) -> None:
    cashier = start("--data-dir", str(tmp_path))
    set_up(cashier, server)
    queue_a_refund(cashier, server)
    [waiting] = history(tmp_path)
    settings_of(cashier)
    assert "outra vez" in press(cashier, "settingsForget")
    assert files_with(tmp_path, server.key) == {"credentials.json"}
    assert "foram apagados" in press(cashier, "settingsForget")
    assert not (tmp_path / "credentials.json").exists()
    assert files_with(tmp_path, server.key) == set()
    assert not cashier.find("settingsForget").isVisible()
    cashier.ask_for("1001")
    assert "ainda não está conectado" in cashier.wait_for_message("lookupMessage")
    assert cashier.app.stop()
    [kept] = history(tmp_path)
    assert kept == {**waiting, "attempts": kept["attempts"]}  # it may have been tried again before the keys were gone
    server.accept_connections()
    restarted = start("--data-dir", str(tmp_path))
    set_up(restarted, server)
    wait_for_the_refund(tmp_path, waiting["cancel_key"])
