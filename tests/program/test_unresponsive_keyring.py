"""A keyring that never answers: reported in time, blocks nothing else, and a late answer changes nothing."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt

from bonifiq_desktop.security import keyrings
from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, account_for_token, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend
from tests.support.cashier import Cashier, let_work, wait_until

Start = Callable[..., Cashier]


class Hanging(KeyringBackend):
    """Keeps secrets in memory; the calls in `hangs` answer only once `released` is set."""

    priority = 1

    def __init__(self, *hangs: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.hangs = set(hangs)
        self.released = threading.Event()
        self.kept: dict[tuple[str, str], str] = {}

    def _wait(self, call: str) -> None:
        if call in self.hangs:
            self.released.wait()

    def get_password(self, service: str, username: str) -> str | None:
        self._wait("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait("set")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._wait("delete")
        self.kept.pop((service, username), None)


@pytest.fixture(name="keyring")
def hanging_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    """The system's keyring, which answers as long as nothing is put into its `hangs`."""
    for name in ("BONIFIQ_API_TOKEN", "BONIFIQ_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    keyring = Hanging()
    monkeypatch.setattr(backend, "system_keyring", lambda: keyring)
    yield keyring
    keyring.released.set()


@pytest.fixture(name="sealed")
def till_with_a_sealed_key(keyring: Hanging, server: TrainingServer, data: Path) -> Hanging:
    """A till that is set up, its key sealed with the keyring."""
    data.mkdir(mode=0o700)
    save_settings(Paths(data).settings, Settings(url=server.url, account=account_for_token(server.token)))
    pair = Credentials(server.token, server.key)
    CredentialStore(Paths(data).credentials, keyring).save(pair, server.url, allow_plain_file=False)
    return keyring


@pytest.mark.parametrize("call", ["get", "find"])
def test_lookup_with_a_hanging_keyring_is_answered_within_20_seconds(
    sealed: Hanging, start: Start, data: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed.hangs.add(call)
    if call == "find":
        monkeypatch.setattr(backend, "system_keyring", lambda: (sealed.released.wait(), sealed)[1])
    began = time.monotonic()
    cashier = start("--data-dir", str(data))
    cashier.ask_for("1001")
    wait_until(lambda: "cofre de senhas" in cashier.text("connectionStatus"), "the reason")
    cashier.press(Qt.Key.Key_F4)
    wait_until(lambda: "Nada registrado" in cashier.text("historyEmpty"), "the history")
    assert time.monotonic() - began < keyrings.TIMEOUT_SECONDS - 1, "the history waited for the keyring"
    cashier.press(Qt.Key.Key_F2)
    words = cashier.wait_for_message("lookupMessage")
    assert "cofre de senhas deste computador não responde" in words
    assert "Nada foi registrado nem enviado" in words
    assert time.monotonic() - began < 20
    began = time.monotonic()
    assert cashier.app.stop()
    assert time.monotonic() - began < 5


def test_credentials_typed_after_the_timeout_outlast_a_late_answer(
    sealed: Hanging, start: Start, server: TrainingServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyrings, "TIMEOUT_SECONDS", 1.5)
    sealed.hangs |= {"get", "set", "delete"}
    cashier = start("--data-dir", str(data))
    wait_until(lambda: "não responde" in cashier.text("settingsMessage"), "the settings")
    cashier.press(Qt.Key.Key_F9)
    cashier.type("settingsToken", server.token)
    cashier.type("settingsKey", server.key)
    cashier.press(Qt.Key.Key_Return, "settingsSave")
    assert "vale até fechar o programa" in cashier.wait_for_message("settingsMessage", ("success",))
    cashier.look_up("1001")
    stored = Paths(data).credentials.read_bytes()
    sealed.released.set()
    let_work(0.3)
    assert Paths(data).credentials.read_bytes() == stored
    assert server.key.encode() not in stored
    cashier.look_up("1002")


@pytest.fixture(name="hurried")
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deadline that a test can wait for."""
    monkeypatch.setattr(keyrings, "TIMEOUT_SECONDS", 1.5)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("call", ["set", "get"])
def test_credentials_saved_while_the_keyring_hangs_stay_in_memory(
    keyring: Hanging, start: Start, server: TrainingServer, data: Path, call: str
) -> None:
    keyring.hangs.add(call)
    data.mkdir(mode=0o700)
    save_settings(Paths(data).settings, Settings(url=server.url))
    cashier = start("--data-dir", str(data))
    wait_until(lambda: cashier.text("settingsUrl") == server.url, "the settings")
    cashier.press(Qt.Key.Key_F9)
    cashier.type("settingsToken", server.token)
    cashier.type("settingsKey", server.key)
    cashier.press(Qt.Key.Key_Return, "settingsSave")
    assert "vale até fechar o programa" in cashier.wait_for_message("settingsMessage", ("success",))
    cashier.look_up("1001")


def test_credentials_are_forgotten_though_the_keyring_hangs(
    sealed: Hanging, start: Start, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyrings, "TIMEOUT_SECONDS", 1.5)
    sealed.hangs.add("delete")
    cashier = start("--data-dir", str(data))
    wait_until(lambda: cashier.text("connectionStatus") == "Pronto", "the pair")
    cashier.press(Qt.Key.Key_F9)
    cashier.press(Qt.Key.Key_Return, "settingsForget")
    cashier.press(Qt.Key.Key_Return, "settingsForget")
    assert "foram apagados" in cashier.wait_for_message("settingsMessage", ("success",))
    assert not Paths(data).credentials.exists()


def test_doctor_reports_a_hanging_keyring(sealed: Hanging, data: Path) -> None:
    del sealed
    code = (
        "import sys, threading, keyring, keyring.backend\n"
        "class Hanging(keyring.backend.KeyringBackend):\n"
        "    priority = 1\n"
        "    def get_password(self, *_): threading.Event().wait()\n"
        "    set_password = delete_password = get_password\n"
        "Hanging.__module__ = 'keyring.backends.SecretService'\n"
        "keyring.set_keyring(Hanging())\n"
        "from bonifiq_desktop.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "doctor", "--data-dir", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "key sealed with a keyring that does not answer" in done.stdout
    assert "keyring: does NOT ANSWER" in done.stdout
    assert "Traceback" not in done.stderr
