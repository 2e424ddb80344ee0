"""Undocumented behaviour of the service, option by option: the promises hold under every value."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.training_server.loyalty_service import SERVICE_OPTIONS, KnownSale
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.fault_cases import applied_kinds, check_promises, for_each_kind, register
from tests.support.headless_till import SALE, Till, call_kind_of

OLD_CARD = timedelta(seconds=90)
EVERY_VALUE = [(name, value) for name, values in SERVICE_OPTIONS.items() for value in values]


@for_each_kind
@pytest.mark.parametrize(("name", "value"), EVERY_VALUE)
def test_lost_answer_with_any_options_is_applied_once(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, name: str, value: Any
) -> None:
    server.service.set_options(**{name: value})
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add("lose_answer", only=only)
    evidence = Evidence.KEY if kind is Kind.REFUND else Evidence.LOOKUP
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, evidence)
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("shows_refunds", [True, False])
@pytest.mark.parametrize("shows_metadatas", [True, False])
@pytest.mark.parametrize("known_sale", ["updates", "refuses"])
@for_each_kind
def test_late_copy_with_any_options_is_applied_once(
    till: Till,
    server: TrainingServer,
    ledger_file: Path,
    kind: Kind,
    known_sale: KnownSale,
    *,
    shows_refunds: bool,
    shows_metadatas: bool,
) -> None:
    server.service.set_options(shows_refunds=shows_refunds, shows_metadatas=shows_metadatas, known_sale=known_sale)
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add("late_copy", only=only, seconds=0.1)
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    till.run_for(0.1)
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@pytest.fixture(name="two")
def two_tills(make_till: MakeTill) -> tuple[Till, Till]:
    """Two tills of one shop."""
    return make_till("caixa1"), make_till("caixa2")


def cancelled_by(other: Till) -> None:
    """Cancel order 1001 at another till."""
    assert other.wait_until_settled(other.cancel()).state is State.CONFIRMED


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_refund_queued_over_restart_is_not_applied_to_cancelled_order(
    two: tuple[Till, Till], make_till: MakeTill, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.set_options(refunds_cancelled=True, shows_refunds=shows_refunds)
    first, second = two
    refund = first.refund(2590)
    first.close()
    cancelled_by(second)
    assert make_till("caixa1").wait_until_settled(refund).state is State.REVIEW
    assert applied_kinds(server) == ["cancel"]


@pytest.mark.parametrize("registered_first", [True, False])
def test_refund_from_old_card_is_looked_up_before_sending(
    two: tuple[Till, Till], server: TrainingServer, *, registered_first: bool
) -> None:
    server.service.set_options(refunds_cancelled=True)
    first, second = two
    found = first.look_up()
    request = RefundRequest(found.order, 2590, "Troca", cached_at=found.cached_at)
    if registered_first:
        refund = first.registration.refund(request)
        first.time_offset += OLD_CARD
    else:
        first.time_offset += OLD_CARD
        refund = first.registration.refund(request)
    cancelled_by(second)
    assert first.wait_until_settled(refund).state is State.REVIEW
    assert applied_kinds(server) == ["cancel"]


@pytest.mark.parametrize("shows_metadatas", [True, False])
@pytest.mark.parametrize("other_customer", [True, False])
def test_sale_of_another_till_with_same_number_confirms_nothing(
    two: tuple[Till, Till], server: TrainingServer, *, shows_metadatas: bool, other_customer: bool
) -> None:
    server.service.set_options(shows_metadatas=shows_metadatas)
    first, second = two
    mine = first.sell()
    server.faults.add("close", only="sale")
    first.wait_for_state(mine, State.UNKNOWN)  # its number was free and its request was lost
    customer = Customer(name="Joana", document="11144477735") if other_customer else SALE.customer
    theirs = second.sell(replace(SALE, customer=customer, placed_at=SALE.placed_at + timedelta(milliseconds=7)))
    assert second.wait_until_settled(theirs).evidence is Evidence.ANSWER
    assert first.wait_until_settled(mine).state is State.REVIEW
    assert applied_kinds(server) == ["sale"]


@pytest.mark.parametrize("kind", [Kind.SALE, Kind.CANCEL])
def test_refusal_of_network_copy_is_not_a_refusal(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind
) -> None:
    server.service.set_options(known_sale="refuses")
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add("twice_second_answer", only=only)
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert check_promises(server, ledger_file) == []
