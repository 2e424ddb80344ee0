"""A made-up remote system without client keys, with an HTTP server of its own, and its connector.

It proves that the services work with any system behind the connector port. Each refund gets an id of the server. A
look-up keeps the ids of the order in its status text: after a lost answer, a new id is what may be ours.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from bonifiq_desktop.connectors.connector import CallReport, Observer
from bonifiq_desktop.connectors.http_client import HttpClient, HttpResponse, HttpResult
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.remote_orders import Obstacle, RemoteLine, RemoteOrder, RemoteRecord
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import Call, ChosenLine, Leg, LegLine, ReturnChoice, SettlingTimes
from bonifiq_desktop.domain.verdicts import (
    Done,
    FailureReason,
    LookupFailed,
    NotSent,
    OrderNotFound,
    Refused,
    Unknown,
    Verdict,
)
from bonifiq_desktop.security.credentials import Credentials

SYSTEM = "tally"
CREDENTIALS = Credentials("tally-user", "tally-key")
LINES = ("A", "B")
"""The lines of every order, each of half its total."""


class Applied(NamedTuple):
    """A refund that the server has applied."""

    refund_id: str
    cents: int
    line: str


@dataclass
class TallyServer:
    """Holds orders and refunds. `faults`: what happens to the next refunds, each once, in order.

    `drop_before`, `drop_after`: hang up before or after the refund is applied. `late`: hang up, and apply it when
    `apply_late` is called; until then the order is in process. `silent_late`: the same, and nothing shows it.
    `refuse`: a refusal. `unavailable`: status 500.
    `forbids`: the user may not refund. `refund_state`: how far the money is. `closed_lines`: take nothing back.
    """

    faults: list[str] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=lambda: {"1001": 9990, "1002": 5000})
    refunds: dict[str, list[Applied]] = field(default_factory=dict)
    posts: int = 0
    gets: int = 0
    lets_in: bool = True
    forbids: bool = False
    refund_state: str = "WAITING_REFUND"
    closed_lines: set[str] = field(default_factory=set)
    _late: list[tuple[str, int, str, bool]] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Listen on loopback while this lasts; yields the address."""
        handler = type("Handler", (_Handler,), {"tally": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def apply(self, order_id: str, cents: int, line: str = "") -> str:
        """Apply a refund, for any caller; return its id."""
        applied = self.refunds.setdefault(order_id, [])
        applied.append(Applied(f"R{len(applied) + 1}", cents, line))
        return applied[-1].refund_id

    def apply_late(self) -> None:
        """Apply what was accepted and not applied yet."""
        while self._late:
            order_id, cents, line, _shows = self._late.pop()
            self.apply(order_id, cents, line)

    def is_in_process(self, order_id: str) -> bool:
        """Whether a refund of an order was accepted and not applied yet."""
        return any(late_id == order_id and shows for late_id, _cents, _line, shows in self._late)

    def cents(self, order_id: str) -> list[int]:
        """The refunds that were applied to an order."""
        return [applied.cents for applied in self.refunds.get(order_id, [])]

    def lines(self, order_id: str) -> list[str]:
        """The lines of the refunds that were applied to an order."""
        return [applied.line for applied in self.refunds.get(order_id, [])]


class _Handler(BaseHTTPRequestHandler):
    tally: TallyServer

    def do_GET(self) -> None:
        tally, order_id = self.tally, self.path.split("/")[2]
        tally.gets += 1
        if not tally.lets_in:
            self._answer(401, {})
        elif self.path.startswith("/ping/"):
            self._answer(200, {"ready": True})
        elif order_id not in tally.totals:
            self._answer(404, {"error": "no such order"})
        else:
            refunds = [
                {"id": each.refund_id, "cents": each.cents, "line": each.line, "state": tally.refund_state}
                for each in tally.refunds.get(order_id, [])
            ]
            shown = {"id": order_id, "total": tally.totals[order_id], "refunds": refunds}
            closed = sorted(tally.closed_lines)
            self._answer(200, {**shown, "in_process": tally.is_in_process(order_id), "closed": closed})

    def do_POST(self) -> None:
        tally, order_id = self.tally, self.path.split("/")[2]
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        cents, line = sent["cents"], sent.get("line", "")
        tally.posts += 1
        fault = tally.faults.pop(0) if tally.faults else ""
        if not tally.lets_in:
            self._answer(401, {})
        elif tally.forbids:
            self._answer(403, {})
        elif fault == "drop_before":
            self.close_connection = True
        elif fault in {"late", "silent_late"}:
            tally._late.append((order_id, cents, line, fault == "late"))
            self.close_connection = True
        elif fault == "unavailable":
            self._answer(500, {})
        elif fault == "refuse" or sum(tally.cents(order_id)) + cents > tally.totals[order_id]:
            self._answer(400, {"error": "not refundable"})
        else:
            refund_id = tally.apply(order_id, cents, line)
            if fault == "drop_after":
                self.close_connection = True
            else:
                self._answer(200, {"id": refund_id})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the test's output clean."""


class TallyConnector:
    """The connector of the made-up system."""

    def __init__(self, url: str, credentials: Credentials, *, observe: Observer = lambda _report: None) -> None:
        self._client = HttpClient(url, credentials, timeout=2.0)
        self._observe = observe

    def serialize(self, intent: Intent, _key_index: int = 0) -> SerializedRequest:
        line = {"line": intent.leg.lines[0].line_id} if intent.leg else {}
        body = json.dumps({"cents": intent.value, **line}).encode()
        return SerializedRequest(f"/orders/{intent.order_id}/refunds", body)

    async def send(self, operation: Operation, request: SerializedRequest) -> Verdict:
        del operation
        result = self._reported(await self._client.post(request.path, request.body))
        if not isinstance(result, HttpResponse):
            return Unknown(result.reason) if result.possibly_sent else NotSent(result.reason)
        match result.status:
            case 200 if json.loads(result.body).get("id"):
                return Done(evidence_id=json.loads(result.body)["id"])
            case 400:
                return Refused("400", json.loads(result.body)["error"])
            case 401:
                return Unknown(FailureReason.CREDENTIALS)
            case 403:
                return Unknown(FailureReason.FORBIDDEN)
        return Unknown(FailureReason.SERVER_ERROR)

    async def look_up(self, order_id: str) -> Order:
        return _order(await self._shown(order_id))

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        shown = await self._shown(operation.order_id)
        del body
        known = operation.order.status_text.split() if operation.order else []
        left = shown["total"] - sum(refund["cents"] for refund in shown["refunds"])
        ours = [r["id"] for r in shown["refunds"] if r["id"] not in known and r["cents"] == operation.value]
        if shown["in_process"]:
            return ReadBack(Finding.PENDING, _order(shown), wait_seconds=0.02)
        if not ours:  # a second one is impossible where the first would leave too little for it
            return ReadBack(Finding.ABSENT, _order(shown), may_repeat=2 * operation.value > left)
        if len(ours) > 1:
            return ReadBack(Finding.CONFLICT, _order(shown))
        return ReadBack(Finding.APPLIED, _order(shown), evidence_id=ours[0])

    async def verify(self) -> None:
        await self._read("/ping/1")

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _shown(self, order_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = await self._read(f"/orders/{order_id}")
        return shown

    async def _read(self, path: str) -> Any:
        result = self._reported(await self._client.get(path))
        if not isinstance(result, HttpResponse):
            raise LookupFailed(result.reason)
        if result.status == 404:
            raise OrderNotFound
        if result.status != 200:
            raise LookupFailed(FailureReason.CREDENTIALS if result.status == 401 else FailureReason.SERVER_ERROR)
        return json.loads(result.body)

    def _reported(self, result: HttpResult) -> HttpResult:
        if isinstance(result, HttpResponse):
            statuses = {200: ConnectionStatus.ONLINE, 401: ConnectionStatus.CREDENTIALS}
            self._observe(CallReport(statuses.get(result.status, ConnectionStatus.TROUBLE)))
        else:
            self._observe(CallReport(ConnectionStatus.OFFLINE))
        return result


class ReturnTallyConnector(TallyConnector):
    """The same system as one that takes legs of returns: the ids before the sending are the baseline."""

    settling = SettlingTimes(first=0.05, between=0.1)

    def plan(self, order: Order, choice: ReturnChoice) -> tuple[Leg, ...]:
        """One leg for each chosen line, with the amount that the choice names."""
        return tuple(_leg(order.order_id, chosen, choice.return_id) for chosen in choice.lines)

    def baseline(self, order: Order, operation: Operation) -> str:
        """The ids on the leg's line."""
        return json.dumps([record.record_id for record in _records(order, operation)])

    def remote_state(self, order: Order, operation: Operation) -> str:
        """The state of the refund with the operation's id."""
        return next((r.state for r in _records(order, operation) if r.record_id == operation.evidence_id), "")

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        """What is new on the leg's line since its baseline."""
        shown = await self._shown(operation.order_id)
        order, sent = _order(shown), json.loads(body or b"{}")
        left = shown["total"] - sum(refund["cents"] for refund in shown["refunds"])
        known = json.loads(operation.baseline)
        new = [r for r in shown["refunds"] if r["line"] == sent["line"] and r["id"] not in known]
        ours = [refund["id"] for refund in new if refund["cents"] == operation.value]
        fingerprint = " ".join(refund["id"] for refund in shown["refunds"])
        if shown["in_process"]:
            return ReadBack(Finding.PENDING, order, wait_seconds=0.02)
        if not new:
            return ReadBack(Finding.ABSENT, order, may_repeat=2 * operation.value > left, fingerprint=fingerprint)
        if len(new) > 1 or not ours:
            return ReadBack(Finding.CONFLICT, order)
        return ReadBack(Finding.APPLIED, order, evidence_id=ours[0])


def _leg(order_id: str, chosen: ChosenLine, return_id: str) -> Leg:
    amount = chosen.amount or Decimal(0)
    lines = (LegLine(chosen.line_id, chosen.units, amount),)
    return Leg(Call.REFUND_LINE, order_id, lines, "1", "BRL", amount, return_id=return_id)


def _records(order: Order, operation: Operation) -> tuple[RemoteRecord, ...]:
    line = order.remote.line(operation.remote_line) if order.remote else None
    return line.records if line else ()


def _remote(shown: dict[str, Any]) -> RemoteOrder:
    half = Decimal(shown["total"]).scaleb(-2) / 2

    def record(refund: dict[str, Any]) -> RemoteRecord:
        amount = Decimal(refund["cents"]).scaleb(-2)
        return RemoteRecord(refund["id"], "refund", amount, Decimal(0), "1", state=refund["state"])

    def line(name: str) -> RemoteLine:
        records = tuple(record(refund) for refund in shown["refunds"] if refund["line"] == name)
        obstacle = Obstacle.OPEN_RETURN if name in shown["closed"] else None
        return RemoteLine(name, (name,), name, 9, 9, half, half, half, records=records, obstacle=obstacle)

    return RemoteOrder("BRL", tuple(map(line, LINES)))


def _order(shown: dict[str, Any]) -> Order:
    ids = " ".join(refund["id"] for refund in shown["refunds"])
    return Order(shown["id"], shown["total"], status_text=ids, remote=_remote(shown))
