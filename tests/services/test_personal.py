"""Tests that personal data is neither sent, stored nor shown without need."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.operations import Decision, State
from bonifiq_desktop.domain.orders import Customer, OrderIdError, PersonalOrderId
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.errors import OrderBusy
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.training_server.models import Item
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import CUSTOMER_KEYS, SALE, Till, posted_requests

MARIA = "52998224725"
OF_MARIA = (MARIA, "529.982.247-25", "maria.santos", "900000501")


@pytest.mark.parametrize(
    "typed",
    [
        "529.982.247-25",
        "12.ABC.345/01DE-35",
        "maria.santos@exemplo.com.br",
        "529982247-25",
        "529.982.247–25",
        "CPF 529982247-25",
        "11222333/0001-81",
        MARIA,
        "11987654321",
        "+55 11 98765-4321",
        "https://www.nfce.fazenda.sp.gov.br/qrcode?p=35260911222333000181650010000001231000001233|3|1",
    ],
)
def test_lookup_of_personal_number_is_not_sent(till: Till, server: TrainingServer, typed: str) -> None:
    with pytest.raises(OrderIdError):
        till.look_up(typed)
    assert server.service.requests == []


@pytest.mark.parametrize("typed", [MARIA, "11987654321", "529982247-25"])
def test_lookup_of_confirmed_uncertain_number_is_sent(till: Till, server: TrainingServer, typed: str) -> None:
    with pytest.raises(SaleError) as refused:
        till.sell(replace(SALE, order_id=typed))
    assert refused.value.field == "doubtful_order_id"
    sold = till.wait_until_settled(till.sell(replace(SALE, order_id=typed, is_sure_of_id=True)))
    assert (sold.state, sold.order_id) == (State.CONFIRMED, typed)
    with pytest.raises(PersonalOrderId) as doubted:
        till.look_up(typed)
    found = till.run(till.lookup.look_up(doubted.value.order_id, is_order_number=True))
    assert found.order.order_id == typed
    till.wait_until(lambda: till.ledger.queries.has_seen(typed))
    assert till.look_up(typed).order.order_id == typed, "known here by now"
    assert [request.path for request in server.service.requests[-1:]] == [f"/v1/pvt/Order/{typed}"]


@pytest.mark.parametrize("typed", ["529.982.247-25", "+55 11 98765-4321", "maria@exemplo.com.br"])
def test_lookup_of_certain_personal_data_is_never_sent(till: Till, typed: str) -> None:
    with pytest.raises(PersonalOrderId) as refused:
        till.run(till.lookup.look_up(typed, is_order_number=True))
    assert refused.value.order_id == ""
    with pytest.raises(SaleError):
        till.sell(replace(SALE, order_id=typed, is_sure_of_id=True))


PERSONAL_TEXT = "CPF 529.982.247-25, tel (11) 98765-4321, maria@exemplo.com.br"
WITHOUT = "CPF ***.982.247-**, tel [telefone], [e-mail]"


def test_refund_reason_is_stored_and_sent_redacted(till: Till, server: TrainingServer) -> None:
    found = till.look_up("1001")
    refund = till.wait_until_settled(till.registration.refund(RefundRequest(found.order, 100, PERSONAL_TEXT)))
    cancel = till.wait_until_settled(till.registration.cancel(till.look_up("1002").order, PERSONAL_TEXT))
    assert (refund.reason, cancel.reason) == (WITHOUT, WITHOUT)
    sale = till.wait_until_settled(till.sell(replace(SALE, notes=(("Observação", PERSONAL_TEXT),))))
    assert sale.state is State.CONFIRMED
    sent = b"".join(request.body for request in posted_requests(server))
    assert b"98765-4321" not in sent
    assert b"maria@" not in sent
    assert sent.count(b"***.982.247-**") == 2


def test_answer_message_is_stored_redacted(till: Till, server: TrainingServer) -> None:
    server.faults.add("refuse", only="refund", code_name=f"Doc{MARIA}", message=PERSONAL_TEXT)
    refused = till.wait_until_settled(till.refund(100))
    assert (refused.state, refused.message) == (State.REFUSED, WITHOUT)
    assert till.details(refused).attempts[-1].code == "Doc***.982.247-**"
    server.faults.add("refuse", only="lookup", message=PERSONAL_TEXT)
    with pytest.raises(LookupFailed) as failed:
        till.look_up("1002")
    assert failed.value.message == WITHOUT


def test_decision_reason_is_stored_redacted(till: Till, server: TrainingServer) -> None:
    server.service.refund("1001", {"ValueToRefund": 1, "CancelKey": "X"})
    server.faults.add("lose_answer", only="refund")
    server.faults.add("refuse", only="refund")
    waiting = till.wait_until_settled(till.refund(100))
    assert waiting.state is State.REVIEW
    till.expire_copies()
    till.review.decide(waiting.operation_id, Decision.NOT_DONE, "Ana", PERSONAL_TEXT)
    assert till.details(waiting).events[-1].note == f"Ana: {WITHOUT}"


def test_lookup_returns_masked_customer(till: Till) -> None:
    customer = till.look_up("1001").order.customer
    assert customer is not None
    assert (customer.name, customer.tier) == ("Maria Aparecida dos Santos", "Prata")
    assert (customer.document, customer.email) == ("***.982.247-**", "m***@exemplo.com.br")
    assert customer.phone == "(11) *****-0501"
    assert not [text for text in OF_MARIA if text in str(asdict(customer))]


def test_lookup_shows_cnpj(till: Till) -> None:
    customer = till.look_up("1009").order.customer
    assert customer is not None
    assert customer.document == "12.ABC.345/01DE-35"


def test_reveal_returns_whole_cpf_hidden_in_repr(till: Till, server: TrainingServer) -> None:
    till.look_up("1001")
    shown = till.run(till.customers.reveal("1001"))
    assert shown.document == "529.982.247-25"
    assert shown.document not in repr(shown)
    assert till.run(till.customers.reveal("1008")).document == ""


def test_reveal_of_mismatched_order_fails(till: Till, server: TrainingServer) -> None:
    server.faults.add("wrong_order", only="lookup")
    with pytest.raises(LookupFailed):
        till.run(till.customers.reveal("1001"))


def found(till: Till, document: str = MARIA) -> Customer:
    """A customer as typed into the form."""
    till.look_up("1001")
    customer = till.run(till.customers.find(document))
    assert customer is not None
    return customer


def sold_to(server: TrainingServer) -> dict[str, Any]:
    """The customer of the last sale that was sent."""
    body: dict[str, Any] = exact_json.load(posted_requests(server)[-1].body)
    customer: dict[str, Any] = body["Customer"]
    return customer


def test_sale_to_found_customer_replaces_masks(till: Till, server: TrainingServer) -> None:
    masked = found(till)
    assert not [text for text in OF_MARIA if text in str(asdict(masked))]
    assert masked.email == "m***@exemplo.com.br"
    customer = Customer(name=masked.name, document=MARIA, email=masked.email, phone=masked.phone)
    till.wait_until_settled(till.sell(replace(SALE, customer=customer)))
    assert sold_to(server)["Email"] == "maria.santos@exemplo.com.br"
    assert sold_to(server)["Phone"] == "+5511900000501"


def test_sale_with_overwritten_mask_sends_typed_text(till: Till, server: TrainingServer) -> None:
    masked = found(till)
    customer = Customer(name="Maria", document=MARIA, email="nova@exemplo.com.br", phone=masked.phone)
    till.wait_until_settled(till.sell(replace(SALE, customer=customer)))
    assert sold_to(server)["Email"] == "nova@exemplo.com.br"
    assert sold_to(server)["Phone"] == "+5511900000501"
    customer = Customer(name="Maria", document=MARIA, email="outra@exemplo.com.br")
    till.wait_until_settled(till.sell(replace(SALE, order_id="2002", customer=customer)))
    assert (sold_to(server)["Email"], sold_to(server).get("Phone")) == ("outra@exemplo.com.br", None)


def test_customer_name_with_cpf_is_masked_and_sold_whole(till: Till, server: TrainingServer) -> None:
    whole = f"MARIA DOS SANTOS {MARIA}"
    customer = server.service._customers[server.service._orders["1001"].customer_id]
    customer.name, customer.tier = whole, f"Ouro {MARIA}"
    masked = found(till)
    assert (masked.name, masked.tier) == ("MARIA DOS SANTOS ***.982.247-**", "Ouro ***.982.247-**")
    sale = replace(SALE, customer=Customer(name=masked.name, document=MARIA))
    till.wait_until_settled(till.sell(sale))
    assert sold_to(server)["Name"] == whole
    with pytest.raises(SaleError) as refused:  # no cached customer fits the mask any more
        till.sell(replace(sale, order_id="2002"))
    assert refused.value.field == "name"


def test_lookup_redacts_texts_and_keeps_numbers(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(till.sell(replace(SALE, order_id=MARIA, is_sure_of_id=True)))
    order = server.service._orders[MARIA]
    order.status = order.coupon = PERSONAL_TEXT
    order.items = [Item(MARIA, PERSONAL_TEXT, 9000)]
    shown = till.run(till.lookup.look_up(MARIA, is_order_number=True)).order
    assert (shown.order_id, shown.products[0].product_id) == (MARIA, MARIA)
    assert (shown.status_text, shown.coupon, shown.products[0].title) == (WITHOUT, WITHOUT, WITHOUT)


@pytest.mark.parametrize("document", ["11144477735", ""])
def test_sale_with_mask_of_other_customer_is_refused(till: Till, server: TrainingServer, document: str) -> None:
    masked = found(till)
    joao = Customer(name="João", customer_id="joao", document=document)
    for field, customer in (("email", replace(joao, email=masked.email)), ("phone", replace(joao, phone=masked.phone))):
        with pytest.raises(SaleError) as refused:
            till.sell(replace(SALE, customer=customer))
        assert refused.value.field == field
    assert (posted_requests(server), till.ledger.queries.page("")) == ([], [])


def test_customer_cache_is_dropped_after_sale(till: Till, server: TrainingServer) -> None:
    masked = found(till)
    sale = replace(SALE, customer=Customer(name="Maria", document=MARIA, email=masked.email))
    server.faults.add("delay", seconds=0)
    till.refund(100, "1002")
    with pytest.raises(OrderBusy):
        till.sell(replace(sale, order_id="1002"))
    till.sell(sale)  # the refused sale kept the cached customer
    with pytest.raises(SaleError):
        till.sell(replace(sale, order_id="2002"))


def test_customer_cache_is_replaced_by_next_search(till: Till) -> None:
    masked = found(till)
    assert till.run(till.customers.find("39053344705")) is None
    with pytest.raises(SaleError):
        till.sell(replace(SALE, customer=Customer(name="Maria", document=MARIA, email=masked.email)))


def test_customer_without_document_has_email_pseudonym(till: Till) -> None:
    till.look_up("1008")
    by_email = CUSTOMER_KEYS.identity("", "Ze.Carlos@Exemplo.com.br ")
    assert by_email is not None
    assert till.ledger.queries.last_order_id_of_customer(by_email) == "1008"
    sale = till.wait_until_settled(till.sell(replace(SALE, customer=Customer(name="Ana", email="ANA@exemplo.com.br"))))
    other = CUSTOMER_KEYS.identity("", "ana@exemplo.com.br")
    assert other is not None
    assert till.ledger.queries.last_order_id_of_customer(other) == sale.order_id
