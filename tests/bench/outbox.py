"""The outbox's throughput against a plain loop that sends and stores the same."""

from __future__ import annotations

import asyncio
import itertools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import httpx

from bonifiq_desktop.connectors.bonifiq.requests import SALES_PATH, order_path, refund_body, refund_path, sale_body
from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.domain.keys import cancel_key
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.ledger.database import open_for_writing
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.storage.settings import Settings
from tests.bench.measure import Bench, Figure, Goal, Result, Sample, compare
from tests.support.headless_till import Till
from tests.support.ledger_actions import START
from tests.support.separate_training_server import SeparateTrainingServer, separate_training_server

QUEUE = 20
"""Operations in one measurement."""

_ROUNDS = 20
_VALUE = 1000
_SALE = Sale(Customer(name="Maria", document="52998224725", customer_id="52998224725"), 9000, START)
_UNBOUND = RetryPolicy(requests_per_hour=10_000_000, min_interval=0.0)
"""A policy without the rate limits that spare BonifiQ."""


def rows(bench: Bench) -> Iterator[Result]:
    """Operations per second."""
    with separate_training_server() as server, tempfile.TemporaryDirectory(dir=bench.folder, prefix="outbox-") as name:
        folder = Path(name)
        orders = Orders(server)
        till = Till(folder / "till", server.url, server.credentials, pace=_UNBOUND, settings=Settings(account="LOJA1"))
        drain, rounds = draining(till, orders), bench.rounds(_ROUNDS)
        bare = Figure(
            "outbox",
            "drain / POST + commit",
            f"{QUEUE} queued refunds until each is confirmed on disk, against a loop that POSTs {QUEUE} like them, each"
            " over a connection of its own, reads the answer and commits it durably in one row",
            Goal(0.8, at_least=True),
            unit="1/s",
        )
        with BareLoop(server, folder / "bare.db", orders) as loop:
            yield compare(bare, ours=drain, limit=loop.sample, rounds=rounds)
        promised = Figure(
            "outbox",
            "drain / GET + commit + POST + commit",
            "the same against a loop that also looks the order up and commits, before the first byte leaves, that it"
            " will: what the promise of never sending twice costs",
            unit="1/s",
        )
        with BareLoop(server, folder / "promised.db", orders, looks_first=True) as loop:
            yield compare(promised, ours=drain, limit=loop.sample, rounds=rounds)
        till.close()


class Orders:
    """Known orders, each taken once."""

    def __init__(self, server: SeparateTrainingServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)

    def take(self) -> Order:
        """Take the next order."""
        order_id = f"VENDA-{next(self._numbers)}"
        self._server.ask("POST", SALES_PATH, sale_body(_SALE, order_id))
        return Order(order_id, _SALE.total)


def draining(till: Till, orders: Orders) -> Sample:
    """Queue refunds and measure how many are sent in a second."""
    confirmed: list[int] = []

    def hear(operation: Operation) -> None:
        if operation.state is State.CONFIRMED:
            confirmed.append(operation.operation_id)

    till.on_published = hear

    def measure() -> float:
        for order in [orders.take() for _ in range(QUEUE)]:
            till.registration.refund(RefundRequest(order, _VALUE))
        confirmed.clear()
        till.outbox.wake()
        begun = perf_counter()
        till.wait_until(lambda: len(confirmed) == QUEUE)
        return QUEUE / (perf_counter() - begun)

    return measure


class BareLoop:
    """Sends and writes down, with nothing between: no intent and no judgement.

    `looks_first`: look the order up, and commit that the request will be sent, before it is.
    """

    def __init__(
        self, server: SeparateTrainingServer, path: Path, orders: Orders, *, looks_first: bool = False
    ) -> None:
        self._orders = orders
        self._looks_first = looks_first
        self._runner = asyncio.Runner()
        self._db = open_for_writing(path)
        self._db.execute("CREATE TABLE sent (order_id TEXT PRIMARY KEY, body BLOB NOT NULL, answer BLOB)")
        self._client = httpx.AsyncClient(
            base_url=server.url,
            auth=(server.credentials.token, server.credentials.key),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            limits=httpx.Limits(max_keepalive_connections=0),
            timeout=CALL_TIMEOUT,
            trust_env=False,
        )
        self._reader = httpx.AsyncClient(
            base_url=server.url,
            auth=(server.credentials.token, server.credentials.key),
            timeout=CALL_TIMEOUT,
            trust_env=False,
        )

    def __enter__(self) -> BareLoop:
        return self

    def __exit__(self, *_error: object) -> None:
        self._runner.run(self._client.aclose())
        self._runner.run(self._reader.aclose())
        self._runner.close()
        self._db.close()

    def sample(self) -> float:
        """Measure how many are sent in a second."""
        taken = [self._orders.take() for _ in range(QUEUE)]
        bodies = [refund_body(_VALUE, cancel_key("LOJA1", order.order_id, _VALUE, 0)) for order in taken]
        begun = perf_counter()
        for order, body in zip(taken, bodies, strict=True):
            self._runner.run(self._send(order.order_id, body))
        return QUEUE / (perf_counter() - begun)

    async def _send(self, order_id: str, body: bytes) -> None:
        if self._looks_first:
            assert json.loads((await self._reader.get(order_path(order_id))).content)
            self._write_down(order_id, body, None)
        answer = await self._client.post(refund_path(order_id, family="POS"), content=body)
        assert json.loads(answer.content)["HasError"] is False
        self._write_down(order_id, body, answer.content)

    def _write_down(self, order_id: str, body: bytes, answer: bytes | None) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("INSERT OR REPLACE INTO sent VALUES (?, ?, ?)", (order_id, body, answer))
        self._db.execute("COMMIT")
