"""Tests of the rules that tell a sale of this till from another one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bonifiq_desktop.domain.evidence import is_other_sale, is_this_sale, same_customer, same_moment
from bonifiq_desktop.domain.keys import REFERENCE
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer, Order

AT = datetime(2026, 11, 28, 13, 45, 12, 345678, UTC)
MARIA = Customer("52998224725", "Maria", "52998224725", "maria@exemplo.com.br", "+5511987654321")
SENT = Order("2001", 9000, placed_at=AT, customer=MARIA)
SALE = Operation(
    1, Kind.SALE, "2001", None, 9000, State.UNKNOWN, None, None, "", "", None, None, (), SENT.for_ledger(), 1, AT, None,
    reference="7KQF-OURS",
)  # fmt: skip
FOUND = replace(SENT, placed_at=AT.replace(microsecond=345000))
OURS, ANOTHERS = ((REFERENCE, "7KQF-OURS"),), ((REFERENCE, "8KQF-THEIRS"),)


@pytest.mark.parametrize(
    ("found", "ours"),
    [
        (replace(FOUND, metadata=OURS), True),
        (replace(FOUND, metadata=(("NFC-e", "1"), *OURS)), True),
        (replace(FOUND, metadata=OURS, placed_at=None, customer=None), True),
        (replace(FOUND, metadata=ANOTHERS), False),
        (replace(FOUND, metadata=OURS, total=9001), False),
        (FOUND, True),
        (replace(FOUND, metadata=(("canal", "loja"),)), True),
        (replace(FOUND, placed_at=AT.astimezone(timezone(timedelta(hours=-3)))), True),
        (replace(FOUND, placed_at=AT + timedelta(milliseconds=1)), False),
        (replace(FOUND, placed_at=AT.replace(microsecond=0)), False),
        (replace(FOUND, placed_at=None), False),
        (replace(FOUND, total=8999), False),
        (replace(FOUND, customer=replace(MARIA, document="11144477735")), False),
        (replace(FOUND, customer=replace(MARIA, document="529.982.247-25", name="M. Santos")), True),
        (replace(FOUND, customer=None), True),
    ],
)
def test_is_this_sale_by_reference_else_date_customer_and_total(found: Order, *, ours: bool) -> None:
    assert is_this_sale(SALE, found, MARIA) is ours
    assert is_this_sale(SALE, found, None) is ours, "by what is kept of the customer"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"email": "Ana@exemplo.com"}, {"email": "ana@exemplo.com"}, True),
        ({"email": "ana@exemplo.com"}, {"email": "bia@exemplo.com"}, False),
        ({"phone": "+5511987654321"}, {"phone": "11987654321"}, True),
        ({"phone": "+5511987654321"}, {"phone": "11987654322"}, False),
        ({"customer_id": "c9"}, {"customer_id": "c8"}, False),
        ({"document": "52998224725"}, {"email": "ana@exemplo.com"}, True),
        ({}, {}, True),
    ],
)
def test_same_customer_first_shared_identifier_decides(
    one: dict[str, str], other: dict[str, str], *, same: bool
) -> None:
    assert same_customer(Customer(**one), Customer(**other)) is same  # type: ignore[arg-type]


def test_same_moment_compares_milliseconds_and_refuses_missing() -> None:
    assert same_moment(AT, AT.replace(microsecond=345999))
    assert not same_moment(AT, AT.replace(microsecond=346000))
    assert not same_moment(None, None)


@pytest.mark.parametrize(
    ("metadata", "anothers"), [(ANOTHERS, True), (OURS, False), ((), False), ((*ANOTHERS, *OURS), False)]
)
def test_is_other_sale_with_references_needs_foreign_one(
    metadata: tuple[tuple[str, str], ...], *, anothers: bool
) -> None:
    found = replace(FOUND, metadata=metadata, placed_at=None)
    assert is_other_sale(SALE, found) is anothers
    assert not is_other_sale(replace(SALE, reference=None), found)


BIA = Customer("11144477735", "Bia", "11144477735")
LATER = AT + timedelta(minutes=7, seconds=13)


@pytest.mark.parametrize(
    ("found", "just_sent", "later"),
    [
        (replace(FOUND, placed_at=LATER, customer=BIA), True, True),
        (replace(FOUND, placed_at=LATER, total=5000), True, False),
        (replace(FOUND, placed_at=LATER), False, False),
        (replace(FOUND, customer=BIA), False, False),
        (replace(FOUND, total=5000), False, False),
        (replace(FOUND, placed_at=AT.replace(microsecond=0), total=5000), False, False),
        (replace(FOUND, placed_at=AT - timedelta(hours=3), total=5000), False, False),
        (replace(FOUND, placed_at=AT.replace(hour=0, minute=0, second=0, microsecond=0), total=5000), False, False),
        (replace(FOUND, placed_at=None, customer=BIA), False, False),
        (replace(FOUND, placed_at=LATER, customer=None), False, False),
        (replace(FOUND, placed_at=LATER, customer=BIA, metadata=OURS), False, False),
    ],
)
def test_is_other_sale_without_references_needs_two_differences(found: Order, *, just_sent: bool, later: bool) -> None:
    assert is_other_sale(SALE, found, just_sent=True) is just_sent
    assert is_other_sale(SALE, found) is later
