"""Settle a lost answer by new records of the line: ids, amounts, reason, taxes and time, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.mirakl.baseline import Baseline, LineBefore
from bonifiq_desktop.connectors.mirakl.read_back import limits_itself, read_back_from, state_of
from bonifiq_desktop.connectors.mirakl.schemas import ReturnSchema
from bonifiq_desktop.connectors.mirakl.sent import SentCall, SentRequest
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from tests.connectors.mirakl.examples import (
    LINE,
    NOW,
    ORDER,
    line_json,
    order_json,
    paid_line,
    paid_order,
    parsed,
    record_json,
)

SENT = SentRequest(SentCall.CANCEL_LINE, {LINE: 1}, Decimal("49.9"), Decimal(0), "34", tax_mode="TAX_INCLUDED")
REFUND = replace(SENT, call=SentCall.REFUND_LINE)
TAXED = replace(SENT, taxes={"ICMS": Decimal("4.5")})
WHOLE = SentRequest(SentCall.CANCEL_ORDER)
RETURN = SentRequest(SentCall.OPEN_RETURN, {LINE: 1}, rma="RET-1", commercial_id="8817455903")
OLD = record_json("old", created_date="2026-11-18T12:00:00Z")


def _baseline(*old: dict[str, Any], **changes: Any) -> Baseline:
    before = parsed(order_json(line_json(cancelations=list(old)))).remote
    assert before is not None
    return replace(Baseline.of(before), **changes)


def _read(
    order: Order,
    sent: SentRequest | None = SENT,
    baseline: Baseline | None = None,
    *,
    returns: tuple[ReturnSchema, ...] = (),
    repeat_limited: bool = True,
    has_baseline: bool = True,
) -> ReadBack:
    known = (baseline or _baseline()) if has_baseline else None
    return read_back_from(order, known, sent, line_ids=(LINE,), returns=returns, repeat_limited=repeat_limited)


def _with(*records: dict[str, Any], **changes: Any) -> Order:
    return parsed(order_json(line_json(cancelations=list(records), **changes)))


def test_one_new_record_with_our_amounts_is_ours() -> None:
    found = _read(_with(OLD, record_json("new")), baseline=_baseline(OLD))
    assert (found.finding, found.evidence_id) == (Finding.APPLIED, "new")


def test_record_that_was_there_before_is_no_evidence() -> None:
    same = record_json("old")
    assert _read(_with(same), baseline=_baseline(same)).finding is Finding.ABSENT


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 49.89},
        {"amount": None},
        {"shipping_amount": 4},
        {"reason_code": "35"},
        {"reason_code": None},
        {"created_date": "2026-11-20T14:57:59Z"},
        {"created_date": None},
    ],
)
def test_new_record_with_other_values_is_a_conflict(changes: dict[str, Any]) -> None:
    assert _read(_with(record_json("new", **changes))).finding is Finding.CONFLICT


def test_record_dated_two_minutes_before_sending_is_still_ours() -> None:
    assert _read(_with(record_json("new", created_date="2026-11-20T14:58:00Z"))).finding is Finding.APPLIED


@pytest.mark.parametrize("quantity", [0, 2, None])
def test_quantity_alone_does_not_make_a_record_anothers(quantity: int | None) -> None:
    assert _read(_with(record_json("new", quantity=quantity))).finding is Finding.APPLIED


def test_quantity_breaks_a_tie_and_nothing_else_does() -> None:
    ours, other = record_json("ours"), record_json("other", quantity=2)
    found = _read(_with(other, ours))
    assert (found.finding, found.evidence_id) == (Finding.APPLIED, "ours")
    assert _read(_with(record_json("a"), record_json("b"))).finding is Finding.CONFLICT
    assert _read(_with(other, record_json("third", quantity=3))).finding is Finding.CONFLICT


def test_our_record_beside_a_record_of_another_client_is_ours() -> None:
    found = _read(_with(record_json("hub", 10), record_json("ours")))
    assert (found.finding, found.evidence_id) == (Finding.APPLIED, "ours")


@pytest.mark.parametrize(
    ("taxes", "finding"),
    [
        ([{"code": "ICMS", "amount": 4.5}], Finding.APPLIED),
        ([{"code": "ICMS", "amount": 4.5}, {"code": "COMPUTED", "amount": 1}], Finding.APPLIED),
        ([{"code": "ICMS", "amount": 4.4}], Finding.CONFLICT),
        ([], Finding.CONFLICT),
    ],
)
def test_taxes_that_we_named_must_be_there(taxes: list[Any], finding: Finding) -> None:
    assert _read(_with(record_json("new", taxes=taxes)), TAXED).finding is finding
    shipping = replace(SENT, shipping_taxes=TAXED.taxes)
    assert _read(_with(record_json("new", shipping_taxes=taxes)), shipping).finding is finding


def test_record_of_another_kind_is_a_conflict() -> None:
    refunded = parsed(paid_order(paid_line(refunds=[record_json("new")])))
    assert _read(refunded, SENT).finding is Finding.CONFLICT
    assert _read(refunded, REFUND).finding is Finding.APPLIED


def test_amounts_in_another_tax_mode_are_not_compared() -> None:
    order = parsed(order_json(line_json(cancelations=[record_json("new")]), order_tax_mode="TAX_EXCLUDED"))
    assert _read(order).finding is Finding.CONFLICT


def test_fall_in_price_quantity_or_state_is_no_evidence() -> None:
    fallen = _with(quantity=1, price=49.9, total_price=49.9, order_line_state="CANCELED")
    assert _read(fallen).finding is Finding.ABSENT
    assert _read(parsed(order_json(order_state="CANCELED"))).finding is Finding.ABSENT


def test_record_on_another_line_says_nothing_about_ours() -> None:
    other = line_json("other", cancelations=[record_json("new")])
    assert _read(parsed(order_json(line_json(), other))).finding is Finding.ABSENT


def test_line_that_vanished_is_a_conflict() -> None:
    assert _read(parsed(order_json(line_json("other")))).finding is Finding.CONFLICT


def test_without_baseline_or_body_nothing_is_confirmed_or_repeated() -> None:
    shown = _with(record_json("new"))
    for found in (_read(shown, has_baseline=False), _read(shown, None)):
        assert (found.finding, found.may_repeat) == (Finding.CONFLICT, False)
    for found in (_read(_with(), has_baseline=False), _read(_with(), None)):
        assert (found.finding, found.may_repeat) == (Finding.ABSENT, False)


@pytest.mark.parametrize(("price", "limits"), [(49.9, True), (99.79, True), (99.8, False), (150, False)])
def test_request_limits_itself_when_it_takes_more_than_half(price: float, limits: bool) -> None:
    before = parsed(order_json(line_json(price=price))).remote
    assert before is not None
    found = _read(_with(), baseline=Baseline.of(before))
    assert (found.finding, found.may_repeat) == (Finding.ABSENT, limits)
    assert not _read(_with(), baseline=Baseline.of(before), repeat_limited=False).may_repeat


def test_larger_reading_decides_whether_a_request_limits_itself() -> None:
    before = parsed(order_json(line_json(price=99.8, cancelations=[record_json("c", 40)]))).remote
    assert before is not None
    assert before.lines[0].amount_left == Decimal("59.8")
    assert not limits_itself(SENT, Baseline.of(before))


def test_what_was_left_before_the_first_try_counts_and_not_what_is_left_now() -> None:
    now = parsed(order_json(line_json(price=49.9)))
    assert not _read(now, baseline=_baseline()).may_repeat


def test_whole_cancel_is_proved_by_the_state_of_the_order() -> None:
    cancelled = parsed(order_json(line_json(order_line_state="CANCELED"), order_state="CANCELED"))
    assert _read(cancelled, WHOLE).finding is Finding.APPLIED
    assert _read(cancelled, WHOLE, _baseline(state="CANCELED")).finding is Finding.CONFLICT
    absent = _read(parsed(order_json()), WHOLE)
    assert (absent.finding, absent.may_repeat) == (Finding.ABSENT, True)
    assert _read(_with(record_json("hub")), WHOLE).finding is Finding.CONFLICT


def _return(rma: str = "RET-1", units: int = 1, return_id: str = "ret-1") -> ReturnSchema:
    lines = [{"order_line_id": LINE, "quantity": units}]
    return ReturnSchema.model_validate({"id": return_id, "rma": rma, "order_id": ORDER, "return_lines": lines})


def test_return_is_found_by_our_own_number() -> None:
    order = parsed(paid_order())
    found = _read(order, RETURN, returns=(_return("RET-2", return_id="other"), _return()))
    assert (found.finding, found.evidence_id) == (Finding.APPLIED, "ret-1")
    assert _read(order, RETURN, returns=(_return("RET-2"),)).finding is Finding.ABSENT
    assert _read(order, RETURN, returns=(_return(units=2),)).finding is Finding.CONFLICT
    assert _read(order, RETURN, returns=(_return(), _return(return_id="ret-2"))).finding is Finding.CONFLICT


def test_return_limits_itself_by_units() -> None:
    assert limits_itself(replace(RETURN, lines={LINE: 2}), _baseline())
    assert not limits_itself(RETURN, _baseline())


def test_fingerprint_changes_with_every_record_and_with_the_time_of_change() -> None:
    unchanged = _read(_with()).fingerprint
    assert unchanged == _read(_with()).fingerprint
    other_line = line_json("other", refunds=[record_json("r")])
    others = {
        _read(parsed(order_json(last_updated_date="2026-11-20T15:00:05Z"))).fingerprint,
        _read(_with(record_json("new"))).fingerprint,
        _read(parsed(order_json(line_json(), other_line))).fingerprint,
        _read(_with(), RETURN, returns=(_return(),)).fingerprint,
    }
    assert len(others | {unchanged}) == 5


def test_baseline_survives_its_text_and_other_texts_are_none() -> None:
    before = _baseline(OLD, record_json("c2", "0.001"))
    assert Baseline.load(before.dump()) == before
    assert Baseline.load(replace(before, read_at=None).dump()) == replace(before, read_at=None)
    for text in ("", "x", "{}", "[]", '{"state":"A","read_at":"x","lines":{}}', '{"state":"A","read_at":null}'):
        assert Baseline.load(text) is None


def test_record_after_a_baseline_without_time_is_a_conflict() -> None:
    assert _read(_with(record_json("new")), baseline=_baseline(read_at=None)).finding is Finding.CONFLICT


def test_state_of_what_was_made_is_the_systems_word() -> None:
    refund = record_json("r", refund_state="WAITING_REFUND_PAYMENT")
    remote = parsed(paid_order(paid_line(refunds=[refund], cancelations=[record_json("c")]))).remote
    assert remote is not None
    assert state_of(remote, "r", (LINE,)) == "WAITING_REFUND_PAYMENT"
    assert state_of(remote, "r", ()) == "WAITING_REFUND_PAYMENT"
    assert state_of(remote, "c", (LINE,)) == state_of(remote, "gone", (LINE,)) == state_of(remote, "", (LINE,)) == ""
    assert state_of(replace(remote, state="CANCELED"), "", (LINE,)) == "CANCELED"


AMOUNTS = st.integers(1, 2000).map(lambda cents: Decimal(cents) / 100)


@given(st.lists(st.tuples(AMOUNTS, st.integers(-300, 300)), max_size=4), st.integers(1, 2000))
def test_any_new_records_confirm_only_by_exactly_one_of_ours(records: list[tuple[Decimal, int]], cents: int) -> None:
    sent = replace(SENT, amount=Decimal(cents) / 100)
    shown = [
        record_json(f"n{i}", str(amount), created_date=(NOW + timedelta(seconds=seconds)).isoformat())
        for i, (amount, seconds) in enumerate(records)
    ]
    found = _read(_with(*shown), sent)
    ours = [i for i, (amount, seconds) in enumerate(records) if amount == sent.amount and seconds >= -120]
    expected = Finding.APPLIED if len(ours) == 1 else Finding.CONFLICT if records else Finding.ABSENT
    assert found.finding is expected
    assert found.evidence_id == (f"n{ours[0]}" if len(ours) == 1 else "")


@given(AMOUNTS, AMOUNTS)
def test_request_that_limits_itself_fits_only_once(amount: Decimal, left: Decimal) -> None:
    baseline = Baseline("SHIPPING", NOW, {LINE: LineBefore(frozenset(), left, 9)})
    if limits_itself(replace(SENT, amount=amount), baseline):
        assert left - amount < amount
