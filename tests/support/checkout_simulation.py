"""The service, the network and the clock of the checkout days, and what really happened to every reward.

Rewards are watched at the service, around each delivered request: the answer may be lost, the effect is not.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any

import httpx

from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS
from tests.support.oracle import APPLIED_TWICE, SENT_UNRECORDED, Violation
from tests.support.server_requests import QUESTIONS
from tests.support.simulation import NETWORK_FAULTS, POST_FAULTS, SERVER_FAULTS, Simulation, TillConnection

SALE_FIRST = "sale first"
"""A sale left before its reward was redeemed, or without its coupon."""
UNDONE_USED = "undone used"
"""A reward was undone though its sale was registered or on its way."""
LEFT_BEHIND = "left behind"
"""A redeemed reward has neither a sale nor a reversal."""

WRITE_FAULT_RATE = 0.5


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
        self._is_write = False

    def redeemed(self) -> dict[int, Redeemed]:
        """Every redemption that the service ever made, by its RewardId."""
        return redeemed_at(self.service)

    def choose_options(self) -> None:
        """Choose what the vendor does not document. A code that is not sent would only stop the day."""
        chosen: Any = {name: self.rng.choice(values) for name, values in REWARD_OPTIONS.items()}
        self.service.rewards.set_options(**chosen)
        self.service.rewards.set_options(code_delivery="sent")

    def last_code(self, customer: Customer) -> str:
        """The one-time code that a customer got last."""
        known = self.service.find_customer("", customer.document, "")
        return self.service.rewards.last_code(known.original_id) if known is not None else ""

    def orders_with(self, code: str) -> list[str]:
        """The numbers of the orders with this coupon that are not cancelled."""
        return [order.original_id for order in self.service.orders() if order.coupon == code and not order.cancelled]

    async def exchange(self, request: httpx.Request, port: int) -> httpx.Response:
        """Deliver a request with a random fault; questions must often succeed for a write to leave at all."""
        self._is_write = not _is_question(request)
        return await super().exchange(request, port)

    def _choose_fault(self, method: str, line: TillConnection) -> str:
        if self.is_network_sound or asyncio.get_running_loop().time() < line.down_until:
            return super()._choose_fault(method, line)
        if self.rng.random() >= (WRITE_FAULT_RATE if self._is_write else self.fault_rate / 2):
            return "ok"
        fates: tuple[str, ...] = (*NETWORK_FAULTS, *SERVER_FAULTS, *(POST_FAULTS * 2 if self._is_write else ()))
        return self.rng.choice(fates)

    def _answers_from_copy(self, request: httpx.Request) -> bool:
        """Not where a refused copy cannot be told from an honest refusal: the known limit of a key without a word."""
        is_redemption = request.url.path.endswith("/redeem")
        return not (is_redemption and self.service.rewards.repeated_key == "silent")

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

    async def _deliver_copy(self, request: httpx.Request, line: TillConnection) -> httpx.Response:
        return httpx.Response(504) if self._would_revive(request) else await super()._deliver_copy(request, line)

    def _would_revive(self, request: httpx.Request) -> bool:
        """Whether a copy would redeem what was undone. The vendor rules that out, and no client can prevent it."""
        if self.service.rewards.key_after_undo != "redeems_again" or not request.url.path.endswith("/redeem"):
            return False
        key = json.loads(request.content).get("OriginalKey")
        return any(each.key == key and each.is_undone for each in self.redeemed().values())

    def _blame(self, kind: str, line: TillConnection, text: str) -> None:
        self.violations.append(Violation(kind, f"{line.name} {text}"))

    def _check_recorded(self, request: httpx.Request, line: TillConnection) -> None:
        """Check that the ledger file holds an open attempt with these bytes, and that its checkout is in order."""
        if _is_question(request):
            return
        query = """SELECT o.id, o.kind, o.checkout_id FROM attempts a JOIN operations o ON o.id = a.operation_id
                   WHERE a.ended_at IS NULL AND o.state = 'sending' AND (o.body_sha256 = ?1 OR ?3) AND o.path = ?2"""
        path, has_second_form = request.url.raw_path.decode(), "?OriginalKey=" in str(request.url)
        # One attempt asks for a reversal by OriginalKey in two forms, of which the second has a body.
        place = (sha256(request.content).hexdigest(), path.replace("?O", "?o"), has_second_form)
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


def _is_question(request: httpx.Request) -> bool:
    return request.method == "GET" or request.url.path.endswith(QUESTIONS)


def redeemed_at(service: LoyaltyService) -> dict[int, Redeemed]:
    """Every redemption that a service ever made, by its RewardId."""
    return {
        each.number: Redeemed(
            each.number,
            each.key,
            each.external_code,
            each.customer_id,
            each.points,
            each.cents,
            is_undone=each.cancelled is not None,
        )
        for each in service.rewards.redemptions
    }
