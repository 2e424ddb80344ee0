"""The service, the network and the clock of the checkout days, and what really happened to every reward.

Rewards are watched at the service, around each delivered request: the answer may be lost, the effect is not.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from random import Random

import httpx

from tests.support.oracle import APPLIED_TWICE, SENT_UNRECORDED, Violation
from tests.support.simulation import POST_FAULTS, Simulation, TillConnection

SALE_FIRST = "sale first"
"""A sale left before its reward was redeemed, or without its coupon."""
UNDONE_USED = "undone used"
"""A reward was undone though its sale was registered or on its way."""
LEFT_BEHIND = "left behind"
"""A redeemed reward has neither a sale nor a reversal."""

QUESTIONS = ("/rewards/available", "/challenge", "/challengevalidate")


@dataclass(frozen=True)
class Redeemed:
    """A redemption at the service. `cents`: of cashback; `points`: of any other reward."""

    reward_id: int
    key: str
    code: str
    customer: str
    points: int
    cents: int
    is_undone: bool


class CheckoutSimulation(Simulation):
    """`released`: a till and a sale that a person sent without its reward."""

    def __init__(self, rng: Random, *, fault_rate: float) -> None:
        super().__init__(rng, fault_rate=fault_rate)
        self.released: set[tuple[str, int]] = set()

    def redeemed(self) -> dict[int, Redeemed]:
        """Every redemption that the service ever made, by its RewardId."""
        raise NotImplementedError

    def orders_with(self, code: str) -> list[str]:
        """The numbers of the orders with this coupon that are not cancelled."""
        return [order.original_id for order in self.service.orders() if order.coupon == code and not order.cancelled]

    def _choose_fault(self, method: str, line: TillConnection) -> str:
        return super()._choose_fault("POST" if method == "DELETE" else method, line)

    def _answers_from_copy(self, request: httpx.Request) -> bool:
        return super()._answers_from_copy(request)

    async def _deliver(self, request: httpx.Request, line: TillConnection, fate: str) -> httpx.Response:
        before = self.redeemed()
        answer = await super()._deliver(request, line, fate)
        for reward in self.redeemed().values():
            known = before.get(reward.reward_id)
            if known is None and any(each.key == reward.key for each in before.values()):
                self._blame(APPLIED_TWICE, line, f"redeemed {reward.key} again")
            if known is not None and reward.is_undone and not known.is_undone and request.method == "DELETE":
                used = self.orders_with(reward.code)
                if used:
                    self._blame(UNDONE_USED, line, f"undid {reward.key} of the sale {used[0]}")
        return answer

    def _blame(self, kind: str, line: TillConnection, text: str) -> None:
        self.violations.append(Violation(kind, f"{line.name} {text}"))

    def _check_recorded(self, request: httpx.Request, line: TillConnection) -> None:
        """Check that the ledger file holds an open attempt with these bytes, and that its checkout is in order."""
        if request.method == "GET" or request.url.path.endswith(QUESTIONS):
            return
        query = """SELECT o.id, o.kind, o.checkout_id FROM attempts a JOIN operations o ON o.id = a.operation_id
                   WHERE a.ended_at IS NULL AND o.state = 'sending' AND o.body_sha256 = ? AND o.path = ?"""
        place = (sha256(request.content).hexdigest(), request.url.raw_path.decode())
        with closing(sqlite3.connect(f"{line.ledger.as_uri()}?mode=ro", uri=True)) as db:
            rows = db.execute(query, place).fetchall()
            if len(rows) != 1:
                self._blame(SENT_UNRECORDED, line, f"sent what is not on its disk: {place[1]}")
                return
            number, kind, checkout = rows[0]
            if not checkout:
                return
            others = db.execute(
                "SELECT kind, state, external_code FROM operations WHERE checkout_id = ? AND id <> ?",
                (checkout, number),
            ).fetchall()
        if kind == "sale" and (line.name, number) not in self.released:
            codes = {code for other, state, code in others if (other, state) == ("redemption", "confirmed")}
            if not codes or json.loads(request.content).get("Coupon") not in codes:
                self._blame(SALE_FIRST, line, f"sent sale {number} beside {others}")
        live = {"queued", "sending", "unknown", "review", "confirmed"}
        if kind == "reversal" and any(other == "sale" and state in live for other, state, _code in others):
            self._blame(UNDONE_USED, line, f"sent reversal {number} beside {others}")
