"""Injected faults of the look-alikes: what each one applies, and what the caller sees."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from bonifiq_desktop.training_server.akinon.server import AkinonTraining
from bonifiq_desktop.training_server.mirakl.server import MiraklTraining
from bonifiq_desktop.training_server.remote.faults import REMOTE_FAULTS, RemoteFaultName
from tests.training_server.remote_calls import CONTRACTS, cancel_items, marketplace, refund, web_shop

LINE = "1001-A-1"
ORDER, ITEM = 5002, 61002

# Fault: number of entries that were made at once, and the status that the caller sees (None: no answer).
SEEN: dict[RemoteFaultName, tuple[int, int | None]] = {
    "close": (0, None),
    "lose_answer": (1, None),
    "late": (0, None),
    "by_other_client": (1, None),
    "beside_other_client": (2, None),
    "delay": (1, 200),
    "error_500": (0, 500),
    "error_500_after": (1, 500),
    "error_503": (0, 503),
    "html": (0, 200),
    "html_502": (0, 502),
    "html_502_after": (1, 502),
    "cut_with_length": (1, None),
    "cut_without_length": (1, 200),
    "no_ids": (1, 200),
    "unauthorized": (0, 401),
    "forbidden": (0, 403),
    "error_429": (0, 429),
    "refuse": (0, 400),
    "refuse_406": (0, 406),
}


@pytest.fixture(name="mirakl")
def running_marketplace() -> Iterator[MiraklTraining]:
    server = MiraklTraining(CONTRACTS / "mirakl.openapi.json")
    server.start()
    yield server
    server.stop()


@pytest.fixture(name="shop")
def shop_client(mirakl: MiraklTraining) -> Iterator[httpx.Client]:
    with marketplace(mirakl) as http:
        yield http


def test_every_fault_has_a_row() -> None:
    assert set(SEEN) == set(REMOTE_FAULTS)


@pytest.mark.parametrize("name", SEEN)
def test_fault_applies_and_answers_as_named(mirakl: MiraklTraining, shop: httpx.Client, name: RemoteFaultName) -> None:
    mirakl.faults.add(name, only="refund", seconds=30 if name == "late" else 0)
    entries, status = SEEN[name]
    try:
        seen: int | None = shop.put("/api/orders/refund", json=refund(LINE, "10")).status_code
    except httpx.HTTPError:
        seen = None
    assert (len(mirakl.service.applied), seen) == (entries, status)


@pytest.mark.parametrize("name", SEEN)
def test_fault_of_the_web_shop_applies_and_answers_as_named(name: RemoteFaultName) -> None:
    server = AkinonTraining(CONTRACTS / "akinon.openapi.json")
    server.start()
    server.faults.add(name, only="cancel", seconds=30 if name == "late" else 0)
    entries, status = SEEN[name]
    with web_shop(server) as shop:
        try:
            seen: int | None = shop.post(f"/api/i1/orders/{ORDER}/cancel/", json=cancel_items(ORDER, ITEM)).status_code
        except httpx.HTTPError:
            seen = None
    server.stop()
    assert (len(server.service.applied), seen) == (min(entries, 1), status)  # an item goes back once


@pytest.mark.parametrize("name", ["html_502", "html_502_after"])
def test_page_under_5xx_is_html(mirakl: MiraklTraining, shop: httpx.Client, name: RemoteFaultName) -> None:
    mirakl.faults.add(name)
    answer = shop.put("/api/orders/refund", json=refund(LINE, "10"))
    assert answer.headers["content-type"].startswith("text/html")
    assert "<html" in answer.text


def test_answer_cut_without_length_is_no_json(mirakl: MiraklTraining, shop: httpx.Client) -> None:
    mirakl.faults.add("cut_without_length")
    answer = shop.put("/api/orders/refund", json=refund(LINE, "10"))
    assert answer.text.startswith("{")
    with pytest.raises(json.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("name", ["cut_with_length", "cut_without_length"])
def test_cut_answer_without_a_body_is_no_answer(
    mirakl: MiraklTraining, shop: httpx.Client, name: RemoteFaultName
) -> None:
    mirakl.faults.add(name)
    with pytest.raises(httpx.HTTPError):
        shop.put("/api/orders/2002-A/cancel")
    assert len(mirakl.service.applied) == 1


def test_late_application_comes_after_its_seconds(mirakl: MiraklTraining, shop: httpx.Client) -> None:
    mirakl.faults.add("late", seconds=0.2)
    with pytest.raises(httpx.HTTPError):
        shop.put("/api/orders/refund", json=refund(LINE))
    assert mirakl.service.applied == []
    deadline = time.monotonic() + 5
    while not mirakl.service.applied and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(mirakl.service.applied) == 1


@pytest.mark.parametrize("name", ["error_429", "error_503"])
def test_busy_answer_tells_when_to_come_again(
    mirakl: MiraklTraining, shop: httpx.Client, name: RemoteFaultName
) -> None:
    mirakl.faults.add(name, retry_after=7)
    assert shop.get("/api/orders").headers["retry-after"] == "7"


def test_fault_waits_for_its_kind_of_call(mirakl: MiraklTraining, shop: httpx.Client) -> None:
    mirakl.faults.add("error_500", only="cancel_order")
    assert shop.get("/api/orders").status_code == 200
    assert shop.put("/api/orders/2002-A/cancel").status_code == 500
    with pytest.raises(ValueError, match="explode"):
        mirakl.faults.add("explode")  # type: ignore[arg-type]
