"""The history of the whole shop through the services: what another till did counts here, and is no work here."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest

from bonifiq_desktop.domain.operations import Line, Operation, State
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.errors import OrderBusy, SaleNumberUsed
from bonifiq_desktop.services.follow_up import INTERVAL
from bonifiq_desktop.services.lookup import PROPAGATION_DELAY
from bonifiq_desktop.services.refundable import (
    ItemNotRefundable,
    OrderAlreadyCancelled,
    RefundRequest,
    ValueNotRefundable,
)
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import CUSTOMER_KEYS, SALE, Till, applied
from tests.support.shop_teller import Teller
from tests.support.tally_system import ReturnTallyConnector, TallyServer
from tests.support.tally_till import Tally

Tell = Callable[[], None]


@pytest.fixture(name="second")
def second_till(make_till: MakeTill) -> Till:
    """The till that does things first."""
    return make_till("caixa2")


@pytest.fixture(name="tell")
def what_the_second_till_tells(till: Till, second: Till) -> Tell:
    """Let the first till know what the second one did."""
    teller = Teller(second.ledger, keys=CUSTOMER_KEYS)
    return lambda: teller.tell_to(till.ledger)


def _item_refund(till: Till, value: int = 0) -> Operation:
    """Give the first item of order 1001 back."""
    found = till.look_up()
    item = found.items[0]
    cents = value or item.value_of(1)
    line = Line(item.product.product_id, item.product.title, cents, 1, position=item.position)
    operation = till.registration.refund(RefundRequest(found.order, cents, "Troca", (line,)))
    till.outbox.wake()
    return operation


def test_refund_at_another_till_counts_against_what_is_refundable(
    till: Till, second: Till, tell: Tell, server: TrainingServer
) -> None:
    server.service.shows_refunds = False
    second.wait_until_settled(second.refund(12000))
    assert till.look_up().refundable == 12990, "BonifiQ does not tell"
    tell()
    found = till.look_up()
    assert (found.refundable, found.refunded) == (990, 12000)
    with pytest.raises(ValueNotRefundable):
        till.refund(991)
    assert till.wait_until_settled(till.refund(990)).state is State.CONFIRMED
    assert sum(cents for _kind, _order, cents in applied(server)) == 12990


def test_item_given_back_at_another_till_is_not_taken_twice(till: Till, second: Till, tell: Tell) -> None:
    value = second.wait_until_settled(_item_refund(second)).value
    found = till.look_up()
    assert found.items[0].units == 1
    tell()
    item = till.look_up().items[0]
    assert (item.units, item.refundable) == (0, 0)
    assert item.last_return is not None
    assert item.last_return.till == "CAIXA2"
    line = Line(item.product.product_id, item.product.title, value, 1, position=item.position)
    with pytest.raises(ItemNotRefundable):
        till.registration.refund(RefundRequest(found.order, value, "Troca", (line,)))


def test_order_under_way_at_another_till_is_shown_and_refused(till: Till, second: Till, tell: Tell) -> None:
    second.refund(1000)
    tell()
    found = till.look_up()
    assert found.unfinished is not None
    assert found.unfinished.till == "CAIXA2"
    registrations: tuple[Callable[[], Operation], ...] = (lambda: till.refund(1000), till.cancel)
    for register in registrations:
        with pytest.raises(OrderBusy) as raised:
            register()
        assert raised.value.other.till == "CAIXA2"


def test_order_cancelled_at_another_till_cannot_be_refunded_offline(
    till: Till, second: Till, tell: Tell, server: TrainingServer
) -> None:
    till.look_up()
    second.wait_until_settled(second.cancel())
    tell()
    server.stop()
    found = till.look_up()
    assert found.cached_at is not None
    assert (found.closed, found.refundable) == (True, 0)
    with pytest.raises(OrderAlreadyCancelled):
        till.refund(1000)


def test_order_sold_at_another_till_is_shown_offline(
    till: Till, second: Till, tell: Tell, server: TrainingServer
) -> None:
    sold = second.wait_until_settled(second.sell())
    server.stop()
    with pytest.raises(LookupFailed):
        till.look_up(sold.order_id)
    tell()
    found = till.look_up(sold.order_id)
    assert (found.order.total, found.failure_reason) == (SALE.total, FailureReason.NO_CONNECTION)
    assert found.cached_at == sold.created_at


def test_typed_number_sold_at_another_till_is_refused(till: Till, second: Till, tell: Tell) -> None:
    second.wait_until_settled(second.sell())
    tell()
    with pytest.raises(SaleNumberUsed):
        till.sell()


def test_customer_of_another_till_is_found_by_document(till: Till, second: Till, tell: Tell) -> None:
    second.wait_until_settled(second.sell())
    assert till.run(till.customers.find("52998224725")) is None
    tell()
    found = till.run(till.customers.find("52998224725"))
    assert found is not None
    assert found.name == "Maria"


def test_contradicted_operation_raises_the_alarm_at_its_own_till_only(
    till: Till, second: Till, tell: Tell, server: TrainingServer
) -> None:
    done = {}
    for each in (till, second):  # the second one comes first in the history
        done[each] = each.wait_until_settled(each.cancel())
        server.service._orders["1001"].cancelled = None
    tell()
    for each in (till, second):
        each.time_offset += PROPAGATION_DELAY + timedelta(seconds=1)
        each.published.clear()
        each.look_up()
        assert [operation.uid for operation in each.published] == [done[each].uid]


def test_outbox_leaves_the_operations_of_other_tills_alone(
    till: Till, second: Till, tell: Tell, server: TrainingServer
) -> None:
    second.refund(1000)
    tell()
    till.wait_until_settled(till.refund(500, "1002"))
    assert [order_id for _kind, order_id, _cents in applied(server)] == ["1002"]


def test_follow_up_reads_the_money_of_this_till_alone(
    till: Till, second: Till, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = TallyServer()
    with system.listening() as url, ExitStack() as stack:
        legs = []
        for each, line in ((till, "A"), (second, "B")):  # the second one comes first in the history
            tally = Tally(each, url, ReturnTallyConnector)
            stack.callback(tally.stop)
            tally.start()
            [leg] = tally.register(tally.money(line, 1000, f"DV-{line}"))
            legs.append(tally.settled(leg))
            if each is till:
                here = tally
        tell()
        loop = till.run(_running_loop())
        really = type(loop).time
        monkeypatch.setattr(loop, "time", lambda: really(loop) + INTERVAL + 1, raising=False)
        here.services.outbox.wake()
        here.wait_until(lambda: till.stored(legs[0]).remote_state == "WAITING_REFUND")
        history = till.ledger.queries.history_of(legs[0].order_id, here.connection.scope).operations
        assert [(o.till, o.remote_state) for o in history] == [("CAIXA2", ""), ("", "WAITING_REFUND")]


async def _running_loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()
