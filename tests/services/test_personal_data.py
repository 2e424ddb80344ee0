"""Tests of finding, exporting and erasing one customer's data."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.personal_data import (
    CustomerBusy,
    CustomerNotNamed,
    CustomersHidden,
    ErasureResult,
    PersonalDataReport,
)
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.personal_data import PersonalDataService
from bonifiq_desktop.storage.drafts import load_draft, save_draft
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from tests.ledger.test_personal_data import held
from tests.services.conftest import MakeTill
from tests.support.headless_till import CUSTOMER_KEYS, SALE, Till
from tests.support.rights import is_private

MARIA, JOAO, ZE = "529.982.247-25", "111.444.777-35", "ze.carlos@exemplo.com.br"
OF_MARIA = (b"52998224725", b"***.982.247-**", b'"Maria"', b"maria.santos")
HASH_OF_MARIA, HASH_OF_JOAO, HASH_OF_ZE = (
    str(CUSTOMER_KEYS.identity(*names)).encode() for names in ((MARIA, ""), (JOAO, ""), ("", ZE))
)
NOTHING = PersonalDataReport(0, 0, 0, 0, 0)


def customers(till: Till) -> PersonalDataService:
    """The service for personal data of a till."""
    return PersonalDataService(till.ledger, Paths(till.path.parent), FileExecutor(), access=till.access)


def find(till: Till, typed: str) -> PersonalDataReport:
    """Count one customer's data."""
    return till.run(customers(till).find(typed))


def erase(till: Till, typed: str) -> ErasureResult:
    """Erase one customer's data."""
    return till.run(customers(till).erase(typed))


def busy_day(till: Till, make_till: MakeTill) -> tuple[Till, list[Operation]]:
    """Sales, refunds, look-ups, drafts, a backup and a quarantined file of Maria, João and Zé."""
    for number in ("1001", "1002", "1008"):
        till.look_up(number)
    sale = till.sell()
    make_backup(till.path, datetime.now(UTC))
    done = [
        till.wait_until_settled(sale),
        till.wait_until_settled(till.refund(100)),
        till.wait_until_settled(till.refund(100, "1002")),
    ]
    make_backup(till.path, datetime(2030, 1, 1, tzinfo=UTC))
    newest = sorted((till.path.parent / "backups").iterdir())[-1]
    till.close()
    restore(till.path, newest, decided_by="o responsável", now=datetime.now(UTC))
    again = make_till("caixa1")
    drafts = again.path.parent / "drafts"
    save_draft(drafts, "sale", {"saleDocument": "529982247-25", "saleName": "Maria"})
    save_draft(drafts, "refund", {"order_id": "1002", "reason": "João desistiu"})
    return again, done


def test_find_counts_data_of_customer(till: Till, make_till: MakeTill) -> None:
    again, _done = busy_day(till, make_till)
    assert find(again, MARIA) == find(again, " 52998224725 ") == PersonalDataReport(1, 2, 0, 3, 1)
    assert find(again, JOAO) == PersonalDataReport(1, 1, 0, 3, 0)
    assert find(again, ZE.upper()) == PersonalDataReport(1, 0, 0, 3, 0)
    assert find(again, "123.456.789-09") == NOTHING


def test_find_counts_unfinished_operations(till: Till) -> None:
    till.sell()
    assert find(till, MARIA) == PersonalDataReport(0, 1, 1, 0, 0)


@pytest.mark.parametrize("typed", ["", "Maria", "529.982.247-26", "maria@", "1001"])
def test_find_without_identifier_is_refused(till: Till, typed: str) -> None:
    with pytest.raises(CustomerNotNamed):
        find(till, typed)
    with pytest.raises(CustomerNotNamed):
        erase(till, typed)


def test_find_under_keys_that_hide_kept_customers_is_refused(till: Till) -> None:
    till.look_up("1001")
    till.ledger.customers.use(CustomerKeys.for_this_run())
    for ask in (find, erase):
        with pytest.raises(CustomersHidden):
            ask(till, MARIA)


def test_find_without_customer_keys_is_refused(till: Till) -> None:
    till.look_up("1001")
    till.ledger.customers.keys = None
    with pytest.raises(CustomersHidden):
        find(till, MARIA)


def test_erase_removes_one_customer_and_keeps_operations(till: Till, make_till: MakeTill) -> None:
    again, done = busy_day(till, make_till)
    folder = again.path.parent
    # In clear, the draft and the requests of the copies only; the ledger has a sealed record and its hash.
    assert {text for _file, text in held(folder, *OF_MARIA)} == {b"52998224725", b'"Maria"'}
    assert {"ledger.db"} < {file for file, _text in held(folder, HASH_OF_MARIA)}
    before = [again.stored(operation) for operation in done]
    others = held(folder, HASH_OF_JOAO)
    assert erase(again, MARIA) == ErasureResult(())
    assert held(folder, *OF_MARIA, HASH_OF_MARIA) == []
    assert find(again, MARIA) == NOTHING
    assert find(again, JOAO) == PersonalDataReport(1, 1, 0, 3, 0)
    assert {file for file, _text in held(folder, HASH_OF_JOAO)} == {file for file, _text in others}
    assert load_draft(folder / "drafts", "sale") == {}
    assert load_draft(folder / "drafts", "refund") != {}
    for operation in before:
        after = again.stored(operation)
        assert (after.state, after.order_id, after.value, after.cancel_key) == (
            operation.state, operation.order_id, operation.value, operation.cancel_key,
        )  # fmt: skip
        again.ledger.verify_request(after)
    assert again.wait_until_settled(again.refund(100)).state is State.CONFIRMED, "the next return gets the next key"


def test_erase_by_email_removes_customer(till: Till) -> None:
    till.look_up("1008")
    assert held(till.path.parent, HASH_OF_ZE) != []
    erase(till, ZE)
    assert held(till.path.parent, HASH_OF_ZE, "Zé".encode()) == []


def test_erase_with_unfinished_operation_is_refused(till: Till) -> None:
    till.look_up("1001")
    waiting = till.refund(100)
    save_draft(till.path.parent / "drafts", "sale", {"saleDocument": MARIA})
    with pytest.raises(CustomerBusy):
        erase(till, MARIA)
    assert find(till, MARIA) == PersonalDataReport(1, 1, 1, 0, 1)
    till.wait_until_settled(waiting)
    assert erase(till, MARIA) == ErasureResult(())
    assert find(till, MARIA) == NOTHING


def test_erase_names_locked_copy_and_succeeds_later(till: Till) -> None:
    till.look_up("1001")
    copy = make_backup(till.path, datetime.now(UTC))
    assert copy is not None
    with closing(sqlite3.connect(copy, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert erase(till, MARIA) == ErasureResult((copy.name,))
        other.execute("ROLLBACK")
    assert find(till, MARIA) == PersonalDataReport(0, 0, 0, 1, 0)
    assert erase(till, MARIA) == ErasureResult(())
    assert held(till.path.parent, *OF_MARIA) == []


def exported(till: Till, typed: str, path: Path) -> dict[str, Any]:
    """The exported data."""
    customers(till).export(typed, path)
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_export_holds_all_data_in_private_file(till: Till, make_till: MakeTill, tmp_path: Path) -> None:
    again, done = busy_day(till, make_till)
    told = exported(again, MARIA, tmp_path / "maria.json")
    assert is_private(tmp_path / "maria.json")
    assert told["customer"] == "***.982.247-**"
    [order] = told["orders"]
    assert (order["order_id"], order["first_total"], order["last_total"]) == ("1001", "129.90", "129.90")
    assert order["customer"] == {"first_name": "Maria", "document": "***.982.247-**", "tier": "Prata"}
    assert [(o["kind"], o["order_id"], o["value"], o["state"]) for o in told["operations"]] == [
        ("sale", "2001", "90.00", "confirmed"),
        ("refund", "1001", "1.00", "confirmed"),
    ]
    assert told["operations"][1]["cancel_key"] == done[1].cancel_key
    assert told["drafts"] == {"sale": {"saleDocument": "529982247-25", "saleName": "Maria"}}
    assert told["waiting_requests"] == []
    assert "Jo" not in (tmp_path / "maria.json").read_text(encoding="utf-8")


def test_export_holds_waiting_requests(till: Till, tmp_path: Path) -> None:
    till.sell(replace(SALE, total=12345))
    [request] = exported(till, MARIA, tmp_path / "maria.json")["waiting_requests"]
    assert request["OrderTotal"] == "123.45"
    assert request["Customer"]["Document"] == "52998224725"


def test_export_failure_leaves_no_file(till: Till, tmp_path: Path, server: TrainingServer) -> None:
    till.look_up("1001")
    with pytest.raises(OSError, match="missing"):
        customers(till).export(MARIA, tmp_path / "missing" / "maria.json")
    assert [path.name for path in tmp_path.iterdir()] == ["caixa1"]


def test_erase_by_phone_in_any_form_removes_customer(till: Till) -> None:
    ana = replace(SALE, customer=Customer(name="Ana", phone="+5511987654321"), order_id="")
    sold = till.wait_until_settled(till.sell(ana))
    assert find(till, "(11) 98765-4321") == find(till, "11 98765\u20114321") == PersonalDataReport(0, 1, 0, 0, 0)
    till.look_up(sold.order_id)
    assert find(till, "+55 11 98765-4321").orders == 1
    erase(till, "11987654321")
    assert find(till, "(11) 98765-4321") == NOTHING
    known = till.stored(sold).order
    assert known is not None
    assert known.customer is None
