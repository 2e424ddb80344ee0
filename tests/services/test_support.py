"""Tests of the support file, made from a data folder full of personal data and secrets."""

import json
import logging
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bonifiq_desktop.diagnostics.crash_reports import write_crash_report
from bonifiq_desktop.diagnostics.log_file import start_logging, stop_logging
from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.ledger.backups import backups_of, make_backup, restore
from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.services.doctor import run_checks
from bonifiq_desktop.services.support import write_support_file
from bonifiq_desktop.storage.files import write_private
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from bonifiq_desktop.storage.settings import Settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till
from tests.support.ledger_actions import START
from tests.support.rights import is_private

TOKEN, KEY, CPF, EMAIL, PHONE, NAME, CASHIER = (
    *("plantedtoken4711", "plantedkey0815", "52998224725", "planted.mail@exemplo.com.br", "11987654321"),
    *("Plantada da Silva", "mariplantada"),
)
PLANTED = (TOKEN, KEY, CPF, "529.982.247-25", "529982247", EMAIL, "planted.mail", PHONE, "98765", "Plantada", CASHIER)
PARTS = {"doctor.txt", "versions.json", "settings.json", "operations.json", "log.jsonl", "crashes.json"}


@pytest.fixture(name="home")
def home_of_a_cashier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that holds a person's name."""
    home = tmp_path / CASHIER
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture(name="worn")
def till_with_a_past(home: Path, server: TrainingServer) -> Iterator[Paths]:
    """A till whose files hold the personal data and secrets, after a crash and a restore."""
    paths = Paths(home / "data")
    paths.folder.mkdir(mode=0o700)
    start_logging(paths.logs)
    settings = Settings(
        url=f"https://loja.example/{TOKEN}",
        till="CAIXA7",
        account=TOKEN,
        branch_id=PHONE,
        branch_name=NAME,
        sales_people=(NAME, CPF),
        payment_methods=(EMAIL,),
        connections=(
            RemoteSettings(
                NAME,
                "akinon",
                f"https://web.example/{TOKEN}",
                user=EMAIL,
                reasons=(ReasonMapping("Defeito", "7", NAME),),
            ),
        ),
    )
    save_settings(paths.settings, settings)
    CredentialStore(paths.credentials, None).save(Credentials(TOKEN, KEY), settings.url, allow_plain_file=True)
    CredentialStore(paths.credentials, None).connections.save(
        NAME, settings.connections[0].url, f"{KEY}2", allow_plain_file=True
    )
    _work(paths, server)
    copy = make_backup(paths.ledger, START)
    assert copy is not None
    shutil.copy(copy, copy.with_name(f"ledger-99999999-{NAME}.db"))
    restore(paths.ledger, copy, decided_by=NAME, now=START + timedelta(days=1))
    log = logging.getLogger("bonifiq_desktop.services.outbox")
    log.warning("said %s", " ".join(PLANTED), extra={"copy": NAME})
    for mistake in (ValueError(" ".join(PLANTED)), OSError(13, NAME, f"/home/{CASHIER}/x")):
        write_crash_report(paths, mistake, thread=NAME, options=[TOKEN])
    (paths.logs / "bonifiq-desktop.log.1").write_text(f"2026 INFO {NAME}\n" + json.dumps({"event": CPF, "who": NAME}))
    (paths.crash_reports / "crash-20260101T000000Z-1.json").write_text(json.dumps({"error": [EMAIL], "note": NAME}))
    (paths.crash_reports / "fault.log").write_text(
        f'Fatal Python error: {EMAIL}\n  File "/home/{CASHIER}/x.py", line 1 in f'
    )
    write_private(paths.folder / "drafts.txt", " ".join(PLANTED).encode())
    yield paths
    stop_logging()


def _work(paths: Paths, server: TrainingServer) -> None:
    till = Till(paths.folder, server.url, Credentials(server.token, server.key), settings=Settings(account="LOJA1"))
    try:
        customer = Customer(name=NAME, document=CPF, email=EMAIL, phone=f"+55{PHONE}")
        till.wait_for_state(
            till.sell(Sale(customer, 9000, START, order_id=f"V-{PHONE}", sales_person=NAME)), State.CONFIRMED
        )
        server.faults.add("refuse", only="refund", message=f"{NAME} {EMAIL} {CPF}")
        till.wait_for_state(till.refund(1000), State.REFUSED)
    finally:
        till.close()


def parts_of(paths: Paths, folder: Path) -> dict[str, str]:
    """Write the support file and read its parts."""
    target = folder / "support.zip"
    write_support_file(paths, target)
    with ZipFile(target) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_support_file_holds_no_personal_data_and_no_secret(worn: Paths, tmp_path: Path) -> None:
    everywhere = b"".join(path.read_bytes() for path in worn.folder.rglob("*") if path.is_file())
    for planted in (TOKEN, KEY, CPF, EMAIL, NAME):
        assert planted.encode() in everywhere, "it is not planted"
    parts = parts_of(worn, tmp_path)
    assert parts.keys() == PARTS
    for name, text in parts.items():
        assert [planted for planted in PLANTED if planted.lower() in text.lower()] == [], name
    content = (tmp_path / "support.zip").read_bytes()
    assert not any(planted.encode() in content for planted in PLANTED)


def test_support_file_holds_diagnostics(worn: Paths, tmp_path: Path) -> None:
    parts = parts_of(worn, tmp_path)
    doctor = parts["doctor.txt"].splitlines()
    assert f"ok  data folder: {Path('~') / 'data'}" in doctor
    assert "ok  settings: till CAIXA7, server https://loja.example" in doctor
    place = doctor.index("ok  connections: 1:")
    assert doctor[place + 1].strip() == (
        "akinon, https://web.example, secret in a file that only this user reads, 1 of 6 reasons mapped"
    )
    assert any("put back on 2026" in line or "put back on" in line for line in doctor)
    assert json.loads(parts["settings.json"]) == {
        "till": "CAIXA7",
        "language": "pt_BR",
        "order_paths": "POS",
        "trust_used_key": True,
        "keyring_usable": False,
        "connections": [
            {
                "system": "akinon",
                "cancel_lines": "learn",
                "by_return_flow": False,
                "shipping_back": False,
                "send_return_id": False,
                "ask_bank_account": False,
                "repeat_limited": True,
                "repeat_items": True,
                "mapped_reasons": 1,
            }
        ],
    }
    assert {"program", "python", "sqlite", "openssl"} <= json.loads(parts["versions.json"]).keys()
    told = json.loads(parts["operations.json"])
    assert told["failure"] is None
    assert [(row["kind"], row["state"], row["evidence"], row["attempts"]) for row in told["operations"]] == [
        ("refund", "refused", "answer", 1),
        ("sale", "confirmed", "answer", 1),
    ]
    assert set(told["operations"][0]) == {
        *("id", "kind", "state", "evidence", "review_reason", "failure_reason", "attempts", "created_at", "settled_at"),
        *("system", "leg", "after_money"),
    }
    events = [json.loads(line).get("event") for line in parts["log.jsonl"].splitlines()]
    assert "said %s" not in events
    crashes = json.loads(parts["crashes.json"])
    assert [report.get("error") for report in crashes["reports"].values()] == [
        None,
        ["ValueError"],
        ["PermissionError"],
    ]
    assert crashes["fault"]["fault"] == "unknown"


def test_doctor_on_terminal_shows_folder_and_restorer(worn: Paths) -> None:
    told = {finding.name: finding.value for finding in run_checks(worn)}
    assert told["data folder"] == str(worn.folder)
    assert NAME in told["ledger"]
    assert "plantedtoken" in told["settings"]


def test_doctor_names_a_connection_whose_secret_is_missing(worn: Paths) -> None:
    CredentialStore(worn.credentials, None).connections.forget(NAME)
    (found,) = [check for check in run_checks(worn) if check.name == "connections"]
    assert not found.fine
    assert "NO SECRET" in found.value


def test_support_file_hides_folder_outside_home(home: Path, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "elsewhere" / CASHIER)
    paths.folder.mkdir(parents=True, mode=0o700)
    assert "ok  data folder: /…" in parts_of(paths, tmp_path)["doctor.txt"].splitlines()


@pytest.mark.posix_only("a folder's mode grants no access on Windows: tests/storage/test_windows_access.py")
def test_support_file_of_open_folder_says_that_it_is_not_private(home: Path, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "elsewhere" / CASHIER)
    paths.folder.mkdir(parents=True)
    paths.folder.chmod(0o777)
    assert "!!  data folder: /…, NOT PRIVATE (everyone)" in parts_of(paths, tmp_path)["doctor.txt"].splitlines()


@pytest.mark.parametrize("content", [b"not a database" * 1000, b"", None])
def test_support_file_with_damaged_ledger_is_written(worn: Paths, tmp_path: Path, content: bytes | None) -> None:
    worn.ledger.unlink()
    if content is not None:
        worn.ledger.write_bytes(content)
    worn.settings.write_bytes(b"{")
    parts = parts_of(worn, tmp_path)
    assert parts.keys() == PARTS
    told = json.loads(parts["operations.json"])
    assert (told["operations"], str(told["failure"])[:6]) == ([], "Ledger")
    assert parts["settings.json"] == "SettingsError"
    assert "!!  ledger:" in parts["doctor.txt"]
    assert [planted for planted in PLANTED if planted.lower() in "".join(parts.values()).lower()] == []


def test_support_file_holds_newest_200_operations(paths: Paths, server: TrainingServer, tmp_path: Path) -> None:
    paths.folder.mkdir(mode=0o700)
    till = Till(paths.folder, server.url, Credentials(server.token, server.key), settings=Settings(account="LOJA1"))
    server.refuse_connections()
    ids = [till.sell(Sale(Customer(name="X", document=CPF), 100, START)).operation_id for _ in range(205)]
    till.close()
    server.accept_connections()
    told = json.loads(parts_of(paths, tmp_path)["operations.json"])["operations"]
    assert [row["id"] for row in told] == ids[:4:-1]


def test_support_file_of_empty_folder_is_written(home: Path, tmp_path: Path) -> None:
    parts = parts_of(Paths(home / "nothing"), tmp_path)
    assert "none yet" in parts["doctor.txt"]
    assert not (home / "nothing").exists()


def test_support_file_is_private_and_atomic(worn: Paths, tmp_path: Path) -> None:
    target = tmp_path / "out" / "support.zip"
    target.parent.mkdir()
    was = os.umask(0)
    try:
        write_support_file(worn, target)
    finally:
        os.umask(was)
    assert is_private(target)
    assert [path.name for path in target.parent.iterdir()] == ["support.zip"]
    with pytest.raises(OSError, match="No such file"):
        write_support_file(worn, tmp_path / "nowhere" / "support.zip")


def test_support_file_changes_nothing_in_data_folder(worn: Paths, tmp_path: Path) -> None:
    def everything() -> dict[str, Any]:
        return {
            path.name: path.read_bytes() for path in worn.folder.rglob("*") if path.is_file() and "-" not in path.suffix
        }

    before = everything()
    write_support_file(worn, tmp_path / "support.zip")
    assert everything() == before
    assert backups_of(worn.ledger)
