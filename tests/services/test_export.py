"""Tests of the JSON and CSV export, and of the doctor's findings."""

import csv
import io
import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, State
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, Credentials, CredentialStore
from bonifiq_desktop.services.doctor import run_checks
from bonifiq_desktop.services.export import COLUMNS, write_csv, write_json
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, save_settings
from tests.support.ledger_actions import refund

AT = datetime(2026, 11, 20, 15, 0, 1, 234567, tzinfo=UTC)
DONE = Operation(
    operation_id=7,
    kind=Kind.REFUND,
    order_id="1006/B",
    cancel_key="BQ-AAAAA",
    value=123456789,
    state=State.CONFIRMED,
    evidence=Evidence.KEY,
    review_reason=None,
    reason="Veio errado",
    message="",
    failure_reason=None,
    bonus=None,
    lines=(),
    order=None,
    attempts=2,
    created_at=AT,
    settled_at=AT,
)
OPEN = replace(DONE, operation_id=8, state=State.UNKNOWN, evidence=None, settled_at=None, value=5)


def test_json_export_has_exact_values_and_times() -> None:
    out = io.StringIO()
    assert write_json([OPEN, DONE], out) == 2
    waiting, done = json.loads(out.getvalue())
    assert tuple(done) == COLUMNS
    assert done == {
        "id": 7,
        "kind": "refund",
        "system": "bonifiq",
        "return_id": "",
        "order_id": "1006/B",
        "cancel_key": "BQ-AAAAA",
        "value": "1234567.89",
        "state": "confirmed",
        "evidence": "key",
        "evidence_id": "",
        "attempts": 2,
        "created_at": "2026-11-20T15:00:01.234+00:00",
        "settled_at": "2026-11-20T15:00:01.234+00:00",
    }
    assert (waiting["value"], waiting["evidence"], waiting["settled_at"]) == ("0.05", None, None)


def test_json_export_of_empty_history_is_empty_list() -> None:
    out = io.StringIO()
    assert write_json([], out) == 0
    assert json.loads(out.getvalue()) == []


def test_csv_export_has_brazilian_values() -> None:
    out = io.StringIO(newline="")
    assert write_csv([DONE, OPEN], out) == 2
    head, done, waiting = csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";")
    assert tuple(head) == COLUMNS
    shown = dict(zip(head, done, strict=True)), dict(zip(head, waiting, strict=True))
    assert [each["value"] for each in shown] == ["1.234.567,89", "0,05"]
    assert shown[1]["settled_at"] == ""


@pytest.mark.parametrize(
    ("currency", "json_value", "csv_value"),
    [("BRL", "1234567.89", "1.234.567,89"), ("CLP", "123456789", "123.456.789"), ("KWD", "123456.789", "123.456,789")],
)
def test_export_of_a_leg_has_its_return_ids_and_the_digits_of_its_currency(
    currency: str, json_value: str, csv_value: str
) -> None:
    leg = replace(
        DONE, kind=Kind.RETURN, system="mirakl", return_id="DV-1", evidence_id="R-9", currency=currency, leg=1
    )
    out = io.StringIO()
    write_json([leg], out)
    [shown] = json.loads(out.getvalue())
    names = ("kind", "system", "return_id", "evidence_id", "value")
    assert [shown[name] for name in names] == ["return", "mirakl", "DV-1", "R-9", json_value]
    lines = io.StringIO(newline="")
    write_csv([leg], lines)
    [line] = csv.DictReader(io.StringIO(lines.getvalue(), newline=""), delimiter=";")
    assert [line[name] for name in names] == ["return", "mirakl", "DV-1", "R-9", csv_value]


@pytest.mark.parametrize(
    "evil",
    [
        *("=1+1", "+55", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "\u00a0=1", "\u3000=1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "\ufe661+1", "\u208a1"),
    ],
)
def test_csv_export_defuses_formulas(evil: str) -> None:
    out = io.StringIO(newline="")
    write_csv([replace(DONE, order_id=evil, cancel_key=evil)], out)
    [row] = csv.DictReader(io.StringIO(out.getvalue(), newline=""), delimiter=";")
    assert row["order_id"] == row["cancel_key"] == f"'{evil}"


HOSTILE = st.text(st.sampled_from("=+-@;\"'\r\n\t \u00a0\u202e\u2066\ufeff\uff1d,.0E1çR$|\\"), max_size=12) | st.text(
    max_size=8
)


@given(HOSTILE.filter(lambda text: "\0" not in text))
def test_csv_export_gives_back_every_text_and_executes_none(text: str) -> None:
    out = io.StringIO(newline="")
    write_csv([replace(DONE, order_id=text, cancel_key=text), DONE], out)
    content = out.getvalue().encode("utf-8-sig", "surrogatepass").decode("utf-8-sig", "surrogatepass")
    first, second = csv.DictReader(io.StringIO(content, newline=""), delimiter=";")
    assert first["order_id"] == first["cancel_key"]
    assert first["order_id"].removeprefix("'") == text.removeprefix("'")
    assert second["order_id"] == DONE.order_id, "the next row is where it was"
    assert unicodedata.normalize("NFKC", first["order_id"].lstrip())[:1] not in {*"=+-@"}


def test_csv_export_quotes_separators() -> None:
    out = io.StringIO(newline="")
    write_csv([replace(DONE, order_id='10";06\n')], out)
    [row] = csv.DictReader(io.StringIO(out.getvalue(), newline=""), delimiter=";")
    assert row["order_id"] == '10";06\n'


@pytest.fixture(name="paths")
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A data folder, and no credentials in the environment."""
    for name in (TOKEN_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return Paths(tmp_path)


def _findings(paths: Paths) -> dict[str, tuple[str, bool]]:
    return {finding.name: (finding.value, finding.fine) for finding in run_checks(paths)}


def test_doctor_on_fresh_pc_changes_nothing(paths: Paths, tmp_path: Path) -> None:
    found = _findings(Paths(tmp_path / "not" / "there"))
    assert found["ledger"] == ("none yet", True)
    assert found["settings"] == ("none yet", True)
    assert found["credentials"] == ("no key stored", True)
    assert list(tmp_path.iterdir()) == []


def test_doctor_counts_unfinished_and_reveals_no_secret(paths: Paths) -> None:
    save_settings(paths.settings, Settings(till="CAIXA7"))
    CredentialStore(paths.credentials, None).save(
        Credentials("the-token", "the-secret-key"), "https://a.com", allow_plain_file=True
    )
    ledger = Ledger(paths.ledger)
    try:
        refund(ledger)
        found = _findings(paths)
    finally:
        ledger.close()
    assert found["ledger"] == ("1 operations, 1 unfinished, 0 to decide", True)
    assert found["settings"] == ("till CAIXA7, server https://api.bonifiq.com.br", True)
    assert "only this user can read" in found["credentials"][0]
    assert not [value for value, _ in found.values() if "the-secret-key" in value or "the-token" in value]


def test_doctor_names_environment_credentials_without_values(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "the-token")
    monkeypatch.setenv(KEY_VARIABLE, "the-secret-key")
    assert _findings(paths)["credentials"] == ("from the environment", True)


@pytest.mark.parametrize("name", ["settings", "credentials", "ledger"])
def test_doctor_names_damaged_file_without_repair(paths: Paths, name: str) -> None:
    file = {"settings": paths.settings, "credentials": paths.credentials, "ledger": paths.ledger}[name]
    file.write_bytes(b"\x00 rubbish " * 1000)
    before = file.read_bytes()
    assert _findings(paths)[name][1] is False
    assert file.read_bytes() == before


def test_json_export_names_key_and_reward_of_a_redemption() -> None:
    out = io.StringIO()
    redemption = replace(DONE, kind=Kind.REDEMPTION, cancel_key="BR-AAAAA", evidence_id="5001", external_code="PDV-1")
    write_json([redemption], out)
    (row,) = json.loads(out.getvalue())
    assert (row["kind"], row["cancel_key"], row["evidence_id"]) == ("redemption", "BR-AAAAA", "5001")
    assert "PDV-1" not in out.getvalue(), "the code is as good as money until its sale used it"
