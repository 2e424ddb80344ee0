"""The mirror and a till that tells rubbish in sound changes: it stops there, and no reader of an order meets it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.shop_database import Change
from bonifiq_desktop.ledger.change_bodies import record_place
from bonifiq_desktop.ledger.errors import MirrorBroken
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, Clock, refund
from tests.support.shop_teller import Teller, rehashed

HALF_OF_A_PAIR = "\ud800"


@pytest.fixture(name="second")
def open_second_till(tmp_path: Path) -> Iterator[Teller]:
    """Another till of the shop, with the shop's keys."""
    ledger = Ledger(tmp_path / "second.db", clock=Clock(), customer_keys=KEYS)
    yield Teller(ledger)
    ledger.close()


def _told_with(change: Change, changed: Mapping[str, object]) -> Change:
    """The change of an operation with other columns, and the hash that fits it."""
    body = json.loads(change.body)
    return rehashed(change, body=json.dumps({**body, "row": {**body["row"], **changed}}))


RUBBISH: dict[str, dict[str, object]] = {
    "time without offset": {"created_at": "2026-01-01T10:00:00"},
    "outcome without offset": {"settled_at": "2026-01-01T10:00:00"},
    "time as a number": {"created_at": "1700000000"},
    "end of the calendar": {"created_at": "9999-12-31T23:59:59-12:00"},
    "beginning of the calendar": {"created_at": "0001-01-01T00:00:00+14:00"},
    "order's time without offset": {"snapshot": '{"order_id":"1006/B","total":5,"placed_at":"2026-01-01T10:00:00"}'},
    "value whose sum overflows": {"value": 2**63 - 1},
    "value that no column holds": {"value": 2**70},
    "yes for a value": {"value": True},
    "yes for a leg": {"leg": True},
    "half of a surrogate pair": {"remote_state": HALF_OF_A_PAIR},
    "half of a pair in an item": {"lines": json.dumps([{"product_id": "1", "title": HALF_OF_A_PAIR, "value": 5}])},
}


@pytest.mark.parametrize("name", RUBBISH)
def test_operation_that_would_break_its_readers_is_refused(ledger: Ledger, second: Teller, name: str) -> None:
    refund(second.ledger)
    *before, operation = second.tell()
    with pytest.raises(MirrorBroken):
        ledger.shop.apply("CAIXA2", 1, [*before, _told_with(operation, RUBBISH[name])])
    assert ledger.queries.history_of("1006/B").operations == ()


def test_time_in_another_zone_is_stored_as_every_other_one(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    *before, operation = second.tell()
    ledger.shop.apply("CAIXA2", 1, [*before, _told_with(operation, {"created_at": "2026-11-20T12:00:02-03:00"})])
    (row,) = ledger.connection.rows("SELECT created_at FROM shop_operations")
    assert row["created_at"] == "2026-11-20T15:00:02.000+00:00"


WRONG_RECORDS: dict[str, dict[str, Any]] = {
    "list for a hash": {"identity": [1]},
    "object for a hash": {"phone_hash": {}},
    "number for a name": {"customer": {"name": 5}},
    "list for a name": {"customer": {"name": ["Maria"]}},
    "nothing for a document": {"customer": {"document": None}},
    "text for yes or no": {"customer": {"enrolled": "yes"}},
    "half of a surrogate pair": {"customer": {"name": HALF_OF_A_PAIR}},
    "no customer": {"customer": 5},
}


@pytest.mark.parametrize("name", WRONG_RECORDS)
def test_operation_counts_without_a_customer_of_wrong_types(ledger: Ledger, second: Teller, name: str) -> None:
    refund(second.ledger)
    customer, *after = second.tell()
    body = json.loads(customer.body)
    place = record_place(body["incarnation"], body["id"])
    record, wrong = json.loads(KEYS.unseal_for(place, customer.sealed or b"")), WRONG_RECORDS[name]
    fields = wrong.get("customer", {})
    merged = {**record, **wrong, "customer": {**record["customer"], **fields} if isinstance(fields, dict) else fields}
    sealed = KEYS.seal_for(place, json.dumps(merged).encode())
    told = rehashed(customer, sealed=sealed, sealed_sha256=sha256(sealed).digest())
    changes, previous = [told], told.hash
    for change in after:
        changes.append(rehashed(replace(change, previous=previous)))
        previous = changes[-1].hash
    ledger.shop.apply("CAIXA2", 1, changes)
    (operation,) = ledger.queries.history_of("1006/B").operations
    assert operation.order is not None
    assert operation.order.customer is None
