"""Planted secrets: after a day full of failures, every written file is searched for them."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from bonifiq_desktop.connectors.bonifiq.requests import sale_body
from bonifiq_desktop.domain.documents import RevealedDocument
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, Credentials
from bonifiq_desktop.services import maintenance
from bonifiq_desktop.services.lookup import LookupService
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.fault_injection import faulty_responses
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.http_replies import message_reply
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.lookup.result import LookupResultView
from bonifiq_desktop.worker import backend
from bonifiq_desktop.worker import commands as c
from tests.program.test_credential_theft import press, set_up, settings_of
from tests.support.cashier import PATIENCE, Cashier, history, wait_until
from tests.support.fake_keyring import FileKeyring
from tests.support.ledger_actions import START
from tests.support.secret_scanner import PlantedSecret, find_secrets

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="what a process was given is read from /proc")

TOKEN, KEY = "plantado-token-5b1c", "chave/plantada+Zx9~42=="
NAME, SURNAME = "Iracema Quaresmeira", "Quaresmeira"
CPF, EMAIL, PHONE = "390.533.447-05", "iracema.q@exemplo.com.br", "+5511975318642"
ECHO = f"CPF {CPF} ({CPF.replace('.', '').replace('-', '')}), {EMAIL}, {PHONE}"  # a server's text about the customer
BACK = f"{ECHO}, {TOKEN}, {KEY}"  # plus the credentials that it received
EVERYTHING = f"{NAME}, {ECHO}, {TOKEN}:{KEY}"  # everything that the program knows

CREDENTIALS = (PlantedSecret("token", TOKEN), PlantedSecret("key", KEY), PlantedSecret("pair", f"{TOKEN}:{KEY}"))
PERSONAL = (
    PlantedSecret("cpf", CPF, is_number=True),
    PlantedSecret("e-mail", EMAIL),
    PlantedSecret("phone", PHONE[-9:], is_number=True),
    PlantedSecret("name", SURNAME),
)
SECRETS = (*CREDENTIALS, *PERSONAL)
CUSTOMERS = {secret.name for secret in PERSONAL}

FAULTS: tuple[FaultName, ...] = ("lose_answer", "error_500", "html")

# Allowed places (DESIGN section 6): file pattern -> names of the secrets.
Places = dict[str, set[str]]
KEPT: dict[str, Places] = {
    "keyring": {"data/credentials.json": {"token"}},
    "file": {"data/credentials.json": {"token", "key"}},
}
WAITING: Places = {"data/ledger.db*": CUSTOMERS, "data/backups/*": CUSTOMERS}  # the request of an unfinished sale
HALF_TYPED: Places = {"data/drafts/sale.json": CUSTOMERS}
OLD_COPIES: Places = {"data/backups/*.db": CUSTOMERS}  # final operations stay in backups until the next purge


@dataclass(frozen=True)
class Till:
    """One PC; everything that the program may write is below `root`. `kept`: "keyring" or "file"."""

    root: Path
    kept: str
    keyring_file: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.root / "data"

    def command(self) -> list[str]:
        """Return the command that starts the program in its own process."""
        module = (
            ["tests.support.fake_keyring", str(self.keyring_file)] if self.kept == "keyring" else ["bonifiq_desktop"]
        )
        return [sys.executable, "-B", "-m", *module, "--data-dir", str(self.data)]

    def search(self) -> Places:
        """Return the secrets by file."""
        return find_secrets(self.root, SECRETS)

    def misplaced(self, *allowed: Places) -> Places:
        """Return the secrets in files that `allowed` does not name."""
        found = self.search()
        for places in allowed:
            for pattern, names in places.items():
                found = {file: held - names if fnmatch(file, pattern) else held for file, held in found.items()}
        return {file: held for file, held in found.items() if held}


@pytest.fixture(name="till", params=["keyring", "file"])
def bare_till(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    """A PC without data, with or without a keyring."""
    till = Till(tmp_path / "pc", request.param, tmp_path / "keyring.json")
    for variable, folder in (("HOME", "home"), ("XDG_DATA_HOME", "home/data"), ("XDG_CACHE_HOME", "home/cache"),
                             ("XDG_CONFIG_HOME", "home/config"), ("TMPDIR", "temp")):  # fmt: skip
        (till.root / folder).mkdir(parents=True)
        monkeypatch.setenv(variable, str(till.root / folder))
    for variable in (TOKEN_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(maintenance, "BACKUP_SECONDS", 0.1)
    monkeypatch.setattr(
        backend, "system_keyring", lambda: FileKeyring(till.keyring_file) if till.kept == "keyring" else None
    )
    yield till
    assert not any(secret.is_in(till.keyring_file.read_bytes()) for secret in SECRETS if till.keyring_file.exists())


@pytest.fixture(name="shop")
def server_that_knows_the_customer(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingServer]:
    """Start a server with the planted pair and customer; its errors contain her data."""
    with TrainingServer(contract=resource("contract/bonifiq.openapi.json"), token=TOKEN, key=KEY) as server:
        for customer in server.service._customers.values():
            customer.name, customer.email, customer.phone = NAME, EMAIL, PHONE
            customer.document = CPF.replace(".", "").replace("-", "")
        monkeypatch.setitem(faulty_responses._NOT_APPLIED, "error_500", lambda *_: message_reply(500, BACK))
        monkeypatch.setattr(
            faulty_responses, "_CAPTIVE_PORTAL_PAGE", f"<html><body><form value='{BACK}'>Wi-Fi</form></body></html>"
        )
        yield server


# --- a day full of failures


def fill_sale(cashier: Cashier) -> None:
    """Fill in half of a sale: customer and total."""
    cashier.press(Qt.Key.Key_F3)
    for name, text in (("Document", CPF), ("Name", NAME), ("Email", EMAIL), ("Phone", PHONE), ("Total", "15990")):
        cashier.type(f"sale{name}", text)


def sell(cashier: Cashier, state: str) -> None:
    """Register a sale to the planted customer and wait for its state."""
    fill_sale(cashier)
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", state)


def lose_and_refuse(cashier: Cashier, server: TrainingServer) -> None:
    """Cause every answer that names the customer, for refunds and sales."""
    for number, fault in enumerate(FAULTS, 1):
        server.faults.add(fault, only="refund")
        cashier.refund(f"{number}00")
    server.faults.add("refuse", only="refund", message=BACK)
    cashier.refund("400", state="refused")
    server.faults.add("refuse", only="sale", message=BACK, code_name=CPF)
    sell(cashier, "refused")
    for fault in FAULTS:
        server.faults.add(fault, only="sale")
        server.faults.add(fault, only="lookup")
        sell(cashier, "confirmed")


def break_with_secrets(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise errors in the window and in threads whose texts contain the secrets."""

    def tell(*_arguments: object) -> None:
        raise ValueError(EVERYTHING) from RuntimeError(f"{TOKEN}:{KEY}")

    with monkeypatch.context() as mistake:
        mistake.setattr(LookupResultView, "_show_order", tell)
        cashier.ask_for("1002")
        assert "não esperava" in cashier.wait_for_message("lookupMessage")
    wait_until(lambda: cashier.window.findChild(QDialog, "crashDialog") is not None, "what the window says of it")
    cashier.press(Qt.Key.Key_Return, "crashContinue")
    with monkeypatch.context() as mistake:
        mistake.setattr(LookupService, "look_up", tell)
        cashier.ask_for("1003")
        cashier.wait_for_message("lookupMessage")


def export(cashier: Cashier, till: Till) -> None:
    """Export the history as a spreadsheet."""
    cashier.press(Qt.Key.Key_F4)
    sheet = till.root / "home" / "historico.csv"
    cashier.window.content.history.export_to(str(sheet))
    wait_until(sheet.exists, "the spreadsheet")


def queue_and_type_on(cashier: Cashier, server: TrainingServer, till: Till) -> None:
    """Leave a queued sale, its backup, and the draft of a second sale."""
    server.refuse_connections()
    sell(cashier, "queued")
    wait_until(lambda: any("cpf" in held for file, held in till.search().items() if "backups" in file), "a copy of it")
    fill_sale(cashier)
    wait_until((till.data / "drafts" / "sale.json").exists, "the draft")


def die_while_sending(till: Till, server: TrainingServer) -> None:
    """Start the program in its own process, check what other processes can see, kill it after the sale was sent."""
    server.accept_connections()
    server.faults.add("hang", only="sale")
    with subprocess.Popen(till.command()) as process:
        try:
            assert server.faults.wait_until_held(PATIENCE), "no request arrived"
            assert [pid for pid in (process.pid, *children_of(process.pid)) if given_to(pid)] == []
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL
    server.faults.release()


def given_to(pid: int) -> set[str]:
    """Return the secrets in a process's command line or start environment."""
    told = b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ", "comm"))
    return {secret.name for secret in SECRETS if secret.is_in(told)}


def children_of(pid: int) -> list[int]:
    """Return the running child processes."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def purge(till: Till, start: Callable[..., Cashier]) -> None:
    """Let the next start purge the backups of sales that are final by now."""
    cashier = start("--data-dir", str(till.data))
    wait_until(lambda: till.search() == {}, "the purge")
    assert cashier.app.stop()


@pytest.mark.qt_no_exception_capture
def test_planted_secrets_are_only_in_the_allowed_files(
    till: Till, shop: TrainingServer, start: Callable[..., Cashier], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KEPT[till.kept]
    cashier = start("--data-dir", str(till.data))
    assert "Ajustes salvos." in set_up(cashier, shop, in_file=till.kept == "file")
    lose_and_refuse(cashier, shop)
    break_with_secrets(cashier, monkeypatch)
    export(cashier, till)
    queue_and_type_on(cashier, shop, till)
    assert till.misplaced(kept, WAITING, HALF_TYPED) == {}, "while the window is open"
    assert cashier.app.stop()
    found = till.search()
    assert {"data/credentials.json", "data/ledger.db", "data/drafts/sale.json"} <= set(found), (
        "the scanner finds nothing"
    )
    assert till.misplaced(kept, WAITING, HALF_TYPED) == {}, "after it was closed"

    die_while_sending(till, shop)
    assert till.misplaced(kept, WAITING, HALF_TYPED) == {}, "after it was killed"

    copies = {file: file.read_bytes() for file in (till.data / "backups").glob("*.db")}
    again = start("--data-dir", str(till.data))
    wait_until(lambda: again.counted and again.counted[-1] == "Nada pendente", "the end of what was waiting")
    again.press(Qt.Key.Key_F3)
    wait_until(lambda: again.text("saleEmail") == EMAIL, "the draft")
    again.press(Qt.Key.Key_Return, "saleSubmit")
    again.wait_for_state("saleOutcome", "confirmed")
    wait_until(lambda: not (till.data / "drafts" / "sale.json").exists(), "the draft to go")
    settings_of(again)
    press(again, "settingsForget")
    assert "foram apagados" in press(again, "settingsForget")
    assert again.app.stop()
    assert {row["state"] for row in history(till.data)} == {"confirmed", "refused"}
    for file, content in copies.items():  # the purge at this start may have changed them
        file.write_bytes(content)
    assert till.misplaced(OLD_COPIES) == {}, "when every operation is final"
    assert till.search() != {}, "the backups hold no secret: the purge proves nothing"
    purge(till, start)
    assert till.search() == {}, "after the purge"


def test_started_process_gets_no_credentials(
    shop: TrainingServer, start: Callable[..., Cashier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in ((TOKEN_VARIABLE, TOKEN), (KEY_VARIABLE, KEY), ("TMPDIR", str(tmp_path))):
        monkeypatch.setenv(variable, value)
    cashier = start("--data-dir", str(tmp_path), "--api-url", shop.url)
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F9)
    cashier.press(Qt.Key.Key_Return, "settingsPractise")
    practice = tmp_path / "training"
    wait_until((practice / "ledger.db").exists, "the practice program")
    process = int((practice / "in-use.lock").read_text().splitlines()[0])
    try:
        assert f"--data-dir\0{tmp_path}" in Path(f"/proc/{process}/cmdline").read_text()
        assert given_to(process) == set()
    finally:
        os.kill(process, signal.SIGTERM)


CUSTOMER = Customer(EMAIL, NAME, CPF, EMAIL, PHONE)
PAIR = Credentials(TOKEN, KEY)
SALE = Sale(CUSTOMER, 100, START)
VALUES = (
    CUSTOMER,
    PAIR,
    SALE,
    Order("1001", 100, customer=CUSTOMER),
    SerializedRequest("/v1/pvt/POS/orders", sale_body(SALE, "V-1")),
    LookupResult(Order("1001", 100, customer=CUSTOMER), "1001", 100, 0, (), None, closed=False),
    c.RegisterSale(SALE),
    c.FindCustomer(CPF),
    c.SaveDraft("sale", {"saleDocument": CPF, "saleName": NAME}),
    c.SaveSettings(Settings(), PAIR, allow_plain_file=True),
    c.TestConnection("https://exemplo.com.br", PAIR),
    c.ResetPin("Ana", "2468", PAIR),
    RevealedDocument(CPF),
    c.Outcome(1, CUSTOMER),
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_printed_object_does_not_reveal_its_secret(value: object) -> None:
    for told in (repr(value), str(value), f"{value}", repr([value]), repr(KeyError(value))):
        assert [secret.name for secret in SECRETS if secret.is_in(told.encode())] == []
