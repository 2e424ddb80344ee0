"""Finding a customer by document, in orders that were seen or sold here."""

import pytest

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till

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
