"""A customer's data: what is neither sent, kept nor shown, and what a person can have shown on purpose."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import Decision, State
from bonifiq_desktop.domain.orders import PersonalOrderId
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.services.values import RefundRequest
from bonifiq_desktop.training.server import TrainingServer
from tests.services.till import SALE, Till, posts

MARIA = "52998224725"


@pytest.mark.parametrize("typed", ["529.982.247-25", "12.ABC.345/01DE-35", "maria.santos@exemplo.com.br"])
def test_a_persons_number_typed_for_an_orders_is_sent_to_nobody(till: Till, server: TrainingServer, typed: str) -> None:
    with pytest.raises(PersonalOrderId):
        till.look_up(typed)
    assert server.shop.requests == []


def test_eleven_digits_may_be_an_orders_number(till: Till, server: TrainingServer) -> None:
    assert till.decided(till.sell(replace(SALE, order_id=MARIA))).order_id == MARIA
    assert till.look_up(MARIA).order.order_id == MARIA
    assert [request.path for request in server.shop.requests[-1:]] == [f"/v1/pvt/Order/{MARIA}"]


PERSONAL_TEXT = "CPF 529.982.247-25, tel (11) 98765-4321, maria@exemplo.com.br"
WITHOUT = "CPF ***.982.247-**, tel [telefone], [e-mail]"


def test_what_a_cashier_types_about_a_person_is_neither_kept_nor_sent(till: Till, server: TrainingServer) -> None:
    found = till.look_up("1001")
    refund = till.decided(till.counter.refund(RefundRequest(found.order, 100, PERSONAL_TEXT)))
    cancel = till.decided(till.counter.cancel(till.look_up("1002").order, PERSONAL_TEXT))
    assert (refund.reason, cancel.reason) == (WITHOUT, WITHOUT)
    sale = till.decided(till.sell(replace(SALE, notes=(("Observação", PERSONAL_TEXT),))))
    assert sale.state is State.CONFIRMED
    sent = b"".join(request.body for request in posts(server))
    assert b"98765-4321" not in sent
    assert b"maria@" not in sent
    assert sent.count(b"***.982.247-**") == 2


def test_what_bonifiq_says_is_kept_and_shown_without_a_persons_number(till: Till, server: TrainingServer) -> None:
    server.faults.add("refuse", only="refund", code_name=f"Doc{MARIA}", message=PERSONAL_TEXT)
    refused = till.decided(till.refund(100))
    assert (refused.state, refused.message) == (State.REFUSED, WITHOUT)
    assert till.details(refused).attempts[-1].code == "Doc***.982.247-**"
    server.faults.add("refuse", only="lookup", message=PERSONAL_TEXT)
    with pytest.raises(LookupFailed) as failed:
        till.look_up("1002")
    assert failed.value.message == WITHOUT


def test_what_a_decider_writes_about_a_person_is_not_kept(till: Till, server: TrainingServer) -> None:
    server.shop.refund("1001", {"ValueToRefund": 1, "CancelKey": "X"})
    server.faults.add("lose_answer", only="refund")
    server.faults.add("refuse", only="refund")
    waiting = till.decided(till.refund(100))
    assert waiting.state is State.REVIEW
    till.counter.decide(waiting.operation_id, Decision.NOT_DONE, "Ana", PERSONAL_TEXT)
    assert till.details(waiting).events[-1].note == f"Ana: {WITHOUT}"
