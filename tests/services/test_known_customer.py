"""Finding a customer by document, in orders that were seen or sold here."""

from dataclasses import replace

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.sales import Sale, SaleError
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till, posted_requests
from tests.support.ledger_actions import START

MARIA = "52998224725"


@pytest.mark.parametrize("typed", [MARIA, "529.982.247-25"])
def test_find_customer_by_document_of_seen_order_finds_customer(till: Till, typed: str) -> None:
    assert till.run(till.customers.find(typed)) is None
    till.look_up("1001")
    found = till.run(till.customers.find(typed))
    assert found is not None
    assert (found.name, found.document) == ("Maria Aparecida dos Santos", "***.982.247-**")


def test_find_customer_by_digits_finds_document_with_punctuation(till: Till, server: TrainingServer) -> None:
    body = {
        "OriginalId": "2002",
        "OrderPlacementDate": "2026-01-01T00:00:00Z",
        "OrderTotal": 10,
        "Customer": {"OriginalId": "nova@exemplo.com.br", "Name": "Nova", "Document": "390.533.447-05"},
    }
    server.service.register_sale(body)
    till.look_up("2002")
    found = till.run(till.customers.find("39053344705"))
    assert found is not None
    assert found.name == "Nova"


def test_find_customer_of_order_with_other_customer_now_finds_none(till: Till, server: TrainingServer) -> None:
    till.look_up("1002")
    body = {
        "OriginalId": "1002",
        "OrderPlacementDate": "2026-01-01T00:00:00Z",
        "OrderTotal": 189,
        "Customer": {"OriginalId": "maria.santos@exemplo.com.br"},
    }
    server.service.register_sale(body)
    assert till.run(till.customers.find("11144477735")) is None


def test_find_customer_of_own_sale_finds_customer(till: Till) -> None:
    till.wait_until_settled(till.sell())
    found = till.run(till.customers.find(MARIA))
    assert found is not None
    assert found.name == "Maria"


def test_find_customer_by_unknown_document_finds_none_and_asks_nothing(till: Till, server: TrainingServer) -> None:
    till.look_up("1001")
    asked = len(server.service.requests)
    for document in ("", "11144477735"):
        assert till.run(till.customers.find(document)) is None
    assert len(server.service.requests) == asked


def test_sale_with_mark_gets_the_data_of_the_customer_found_by_order(till: Till, server: TrainingServer) -> None:
    till.look_up("1001")
    found = till.run(till.customers.find("", "1001"))
    assert found is not None
    assert found.document == "***.982.247-**"
    assert MARIA not in found.customer_id
    till.wait_until_settled(till.sell(Sale(found, 9000, START, order_id="2001")))
    sent = exact_json.load(posted_requests(server)[-1].body)["Customer"]
    assert (sent["OriginalId"], sent["Document"]) == (MARIA, MARIA)
    assert (sent["Email"], sent["Phone"]) == ("maria.santos@exemplo.com.br", "+5511900000501")


def test_sale_with_mark_of_another_customer_is_rejected(till: Till) -> None:
    till.look_up("1001")
    till.look_up("1002")
    maria = till.run(till.customers.find("", "1001"))
    assert maria is not None
    till.run(till.customers.find("", "1002"))
    with pytest.raises(SaleError):
        till.sell(Sale(maria, 9000, START, order_id="2001"))


@pytest.mark.parametrize("named", [("", "1001"), (MARIA, "")])
def test_find_customer_without_connection_uses_the_kept_record(
    till: Till, server: TrainingServer, named: tuple[str, str]
) -> None:
    till.look_up("1001")
    server.faults.add("error_500", only="lookup", times=100)
    found = till.run(till.customers.find(*named))
    assert found is not None
    assert (found.name, found.email) == ("Maria Aparecida dos Santos", "m***@exemplo.com.br")
    assert till.customers.unmasked(found if named[1] else replace(found, document=MARIA)).document == MARIA
