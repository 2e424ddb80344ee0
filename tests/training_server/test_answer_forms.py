"""Answer forms, and the options of the loyalty service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from bonifiq_desktop.training_server.fault_injection.answer_forms import MissingForm, RefundStatus
from bonifiq_desktop.training_server.loyalty_service import KnownSale, LoyaltyService
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import CANCEL, REFUND_PATH, SALE, client, refund


@pytest.mark.parametrize(
    ("form", "status", "content"),
    [
        ("envelope_404", 404, b"OrderNotFound"),
        ("envelope_200", 200, b"OrderNotFound"),
        ("message", 404, b'{"Message":"Pedido n\xc3\xa3o encontrado."}'),
        ("text", 404, b"Order not found"),
        ("json_text", 404, b'"Pedido nao encontrado"'),
        ("empty", 404, b""),
        ("no_content", 204, b""),
        ("null", 200, b"null"),
    ],
)
def test_missing_form_sets_the_answer_for_an_unknown_order(
    http: httpx.Client, server: TrainingServer, form: MissingForm, status: int, content: bytes
) -> None:
    server.faults.missing_form = form
    answer = http.get("/v1/pvt/Order/9999")
    assert answer.status_code == status
    assert content in answer.content
    assert b"OrderNotFound" in content or answer.content == content


def test_lookup_form_sets_bare_flat_or_envelope_answer(http: httpx.Client, server: TrainingServer) -> None:
    bare = http.get("/v1/pvt/Order/1001").json()
    server.faults.lookup_form = "flat"
    assert http.get("/v1/pvt/Order/1001").json() == {**bare, "HasError": False, "ErrorMessage": None}
    server.faults.lookup_form = "flat_code"
    assert http.get("/v1/pvt/Order/1001").json() == {**bare, "CodeName": None}
    server.faults.lookup_form = "envelope"
    assert http.get("/v1/pvt/Order/1001").json()["Result"] == bare


def test_result_form_sets_four_fields_or_flat_answer(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.result_form = "four_fields"
    assert set(refund(http, "A").json()) == {"ErrorMessage", "ErrorCode", "Result", "HasError"}
    server.faults.result_form = "flat"
    flat = refund(http, "B").json()
    assert set(flat) == {"isCanceled", "UpdatedAt", "Status", "HasError", "ErrorMessage"}


@pytest.mark.parametrize(("status", "cancelled"), [(3, False), (0, False), (4, True), (None, False)])
def test_refund_status_sets_status_and_is_canceled(
    http: httpx.Client, server: TrainingServer, status: RefundStatus, *, cancelled: bool
) -> None:
    server.faults.refund_status = status
    result = refund(http).json()["Result"]
    assert (result.get("Status"), result["isCanceled"]) == (status, cancelled)
    assert "Status" in result or status is None


def test_enrolment_form_sets_or_hides_is_enrolled(http: httpx.Client, server: TrainingServer) -> None:
    found = []
    for server.faults.enrolment in ("true", "never", "hidden"):
        found.append(http.get("/v1/pvt/Order/1001").json()["Customer"].get("IsEnrolled"))
    assert found == [True, False, None]


# --- service options


@pytest.mark.parametrize("applies", [False, True])
def test_refund_of_cancelled_order_is_refused_or_applied_by_option(contract: Path, *, applies: bool) -> None:
    with TrainingServer(contract=contract, refunds_cancelled=applies) as server, client(server) as http:
        http.post("/v1/pvt/POS/orders/1001/cancel", json=CANCEL)
        first = refund(http, "A").json()
        assert first["HasError"] is not applies
        assert applies or first["CodeName"] == "OrderAlreadyCancelled"
        assert refund(http, "A").json()["HasError"] is True
        assert http.post(REFUND_PATH, json={"ValueToRefund": 80.01, "CancelKey": "B"}).json()["HasError"] is True
        assert [entry.kind for entry in server.service.applied] == ["cancel"] + ["refund"] * applies
        order = server.service.find("1001")
        assert order is not None
        assert (order.state, order.points_given) == (3, 0)


@pytest.mark.parametrize(
    ("does", "kinds", "total", "points"),
    [
        ("updates", ["sale", "sale_update"], 80, 80),
        ("refuses", ["sale"], 90, 90),
        ("duplicates", ["sale"] * 2, 80, 170),
    ],
)
def test_sale_with_known_number_updates_refuses_or_duplicates_by_option(
    http: httpx.Client, server: TrainingServer, does: KnownSale, kinds: list[str], total: int, points: int
) -> None:
    assert http.post("/training/settings", json={"known_sale": does}).json()["known_sale"] == does
    before = http.get("/v1/pvt/Customer/maria.santos%40exemplo.com.br").json()["Result"]["BalanceOfPoints"]
    http.post("/v1/pvt/POS/orders", json=SALE)
    second = http.post("/v1/pvt/POS/orders", json={**SALE, "OrderTotal": 80}).json()
    assert second["CodeName"] == ("OrderAlreadyExists" if does == "refuses" else None)
    assert [entry.kind for entry in server.service.applied] == kinds
    assert http.get("/v1/pvt/Order/2001").json()["OrderTotal"] == total
    after = http.get("/v1/pvt/Customer/maria.santos%40exemplo.com.br").json()["Result"]["BalanceOfPoints"]
    assert after - before == points


def test_duplicated_order_number_survives_a_restart(tmp_path: Path) -> None:
    service = LoyaltyService(known_sale="duplicates")
    for _ in range(2):
        service.register_sale(SALE)
    service.save(tmp_path / "shop.json")
    again = LoyaltyService.load(tmp_path / "shop.json", shows_metadatas=False)
    assert again.orders() == service.orders()
    assert [order.original_id for order in again.orders()].count("2001") == 2
    assert again.find("2001") == service.find("2001")
    assert (again.known_sale, again.shows_metadatas) == ("updates", False)


@pytest.mark.parametrize("shows", [True, False])
def test_lookup_shows_or_hides_metadatas_by_option(contract: Path, *, shows: bool) -> None:
    with (
        TrainingServer(contract=contract, service=LoyaltyService(shows_metadatas=shows)) as server,
        client(server) as http,
    ):
        posted = http.post("/v1/pvt/POS/orders", json=SALE).json()["Result"]["Metadatas"]
        assert [(entry["Name"], entry["Value"]) for entry in posted] == [("caixa", "1")]
        assert http.get("/v1/pvt/Order/2001").json()["Metadatas"] == (posted if shows else [])


def test_refunds_without_cancel_key_are_applied_each_time(http: httpx.Client, server: TrainingServer) -> None:
    for body in ({"ValueToRefund": 10}, {"ValueToRefund": 10, "CancelKey": None}):
        assert http.post(REFUND_PATH, json=body).json()["HasError"] is False
    assert [(entry.key, entry.cents) for entry in server.service.applied] == [("", 1000)] * 2


@pytest.mark.parametrize("options", [{"known_sale": "forgets"}, {"shows_refunds": 1}, {"nonsense": True}])
def test_unknown_service_option_is_refused_at_once(contract: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        TrainingServer(contract=contract, **options)
    with pytest.raises(ValueError, match=next(iter(options))):
        LoyaltyService(**options)
