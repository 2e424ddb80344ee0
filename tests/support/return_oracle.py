"""The test oracle of returns: compare what the marketplace and the web shop really did with the tills' ledgers.

It reads ledger files with its own SQL, and knows which operation was being sent when a request left.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bonifiq_desktop.domain.returns import AKINON, MIRAKL
from bonifiq_desktop.training_server.akinon.shop import AppliedItem
from bonifiq_desktop.training_server.mirakl.marketplace import AppliedEntry
from bonifiq_desktop.worker.practice import _CODES
from tests.support.oracle import APPLIED_TWICE, FALSELY_CONFIRMED, FALSELY_REFUSED, LOST, Violation
from tests.support.return_simulation import Effect, ReturnSimulation

WRONG = "wrong"
UNFINISHED = ("queued", "sending", "unknown", "review")
_NOT_DONE = ("refused", "withdrawn", "not_applied")
_TAKEN = {"50", "100"}


@dataclass(frozen=True)
class MoneyLeg:
    """A row of the ledger. `lines`: as the ledger names them, by the system's keys."""

    till: str
    number: int
    system: str
    order_id: str
    state: str
    return_id: str
    position: int
    lines: tuple[str, ...]
    reason: str
    evidence_id: str

    def __str__(self) -> str:
        return f"{self.till}/{self.number} {self.system} {self.order_id} {self.return_id} {self.state}"


@dataclass
class Examination:
    """The broken promises, and how many legs were proven by an equal entry of another till."""

    violations: list[Violation] = field(default_factory=list)
    indistinguishable: int = 0


def examine(
    simulation: ReturnSimulation, ledgers: Mapping[str, Path], promised: Sequence[tuple[str, int]]
) -> Examination:
    """Find every broken promise about money legs. `promised`: operations that a cashier saw as registered."""
    stored = {(name, number) for name, path in ledgers.items() for number in _numbers(path)}
    found = Examination([Violation(LOST, f"{place} is gone") for place in promised if place not in stored])
    legs = {(leg.till, leg.number): leg for name, path in ledgers.items() for leg in _read_legs(name, path)}
    effects: dict[tuple[str, int], list[Effect]] = defaultdict(list)
    for effect in simulation.effects:
        effects[effect.till, effect.operation].append(effect)
    for place in effects.keys() - legs.keys():
        found.violations.append(Violation(LOST, f"{place} was applied and is in no ledger"))
    for place, leg in legs.items():
        found.violations += _check_leg(leg, effects[place], simulation)
        if leg.state == "confirmed" and not effects[place]:
            if _is_proven_otherwise(leg, simulation):
                found.indistinguishable += 1
            else:
                found.violations.append(Violation(FALSELY_CONFIRMED, f"{leg} was never applied"))
    found.violations += _find_money_twice(legs, simulation)
    found.violations += _find_lines_in_two_legs(legs.values())
    return found


def _numbers(path: Path) -> list[int]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return [row[0] for row in db.execute("SELECT id FROM operations")]


def _read_legs(name: str, path: Path) -> Iterator[MoneyLeg]:
    query = """SELECT id, system, order_id, state, return_id, leg, remote_line, reason, evidence_id
               FROM operations WHERE kind = 'return' ORDER BY id"""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        for number, system, order_id, state, return_id, position, lines, reason, evidence_id in db.execute(query):
            keys = tuple(filter(None, lines.split(",")))
            yield MoneyLeg(name, number, system, order_id, state, return_id, position, keys, reason, evidence_id)


def _check_leg(leg: MoneyLeg, effects: list[Effect], simulation: ReturnSimulation) -> Iterator[Violation]:
    if leg.state in UNFINISHED:
        yield Violation(LOST, f"{leg} has not settled")
    if len(effects) > 1:
        yield Violation(APPLIED_TWICE, f"{leg} was applied {len(effects)} times")
    if leg.state in _NOT_DONE and effects:
        yield Violation(FALSELY_REFUSED, f"{leg} was applied")
    for effect in effects:
        entries = [entry for entry in effect.entries if isinstance(entry, AppliedEntry)]
        ids = {entry.entry_id for entry in entries if entry.kind != "order"}
        if leg.state == "confirmed" and ids and leg.evidence_id and leg.evidence_id not in ids:
            yield Violation(FALSELY_CONFIRMED, f"{leg} is proven by {leg.evidence_id} and made {sorted(ids)}")
        if not _has_right_reason(leg, effect):
            yield Violation(WRONG, f"{leg} has another reason than {leg.reason}")
        if leg.system == MIRAKL and _changed_lines(effect) > 1:
            yield Violation(WRONG, f"{leg} changed the money of several lines in one request")
        if leg.system == MIRAKL and not _has_right_mode(leg, effect, simulation):
            yield Violation(WRONG, f"{leg} was sent in another tax mode than its order's")


def _has_right_reason(leg: MoneyLeg, effect: Effect) -> bool:
    codes = next((pairs for reason, pairs in _CODES.items() if reason.value == leg.reason), None)
    if codes is None:
        return False
    allowed = set(codes[0 if leg.system == MIRAKL else 1])
    sent = {
        str(entry.reason)
        for entry in effect.entries
        if isinstance(entry, AppliedItem) or entry.kind in {"cancelation", "refund"}
    }
    is_return = any(isinstance(entry, AppliedEntry) and entry.kind == "return" for entry in effect.entries)
    return is_return or sent <= allowed


def _changed_lines(effect: Effect) -> int:
    body = json.loads(effect.body or b"{}")
    return len(body.get("cancelations", ())) + len(body.get("refunds", ()))


def _has_right_mode(leg: MoneyLeg, effect: Effect, simulation: ReturnSimulation) -> bool:
    if not effect.body:
        return True
    body = json.loads(effect.body)
    mode = simulation.market.service.orders[leg.order_id].tax_mode
    return "returns" in body or body.get("order_tax_mode") == mode


def _is_proven_otherwise(leg: MoneyLeg, simulation: ReturnSimulation) -> bool:
    """Whether the money did go back once, by another client whose work cannot be told from this leg's."""
    if leg.system == AKINON:
        units = {str(unit.pk): unit for order in simulation.web.service.orders for unit in order.units}
        return all(units[line].status in _TAKEN or units[line].cancel_status for line in leg.lines)
    order = simulation.market.service.orders[leg.order_id]
    if not leg.evidence_id:
        return order.state == "CANCELED"
    others = [e for effect in simulation.effects if effect.till != leg.till for e in effect.entries]
    return any(isinstance(entry, AppliedEntry) and entry.entry_id == leg.evidence_id for entry in others)


def _find_lines_in_two_legs(legs: Iterable[MoneyLeg]) -> Iterator[Violation]:
    """A line goes back by one call: the operator's return flow or a refund, never both."""
    newest = {(leg.till, leg.return_id, leg.position): leg for leg in legs}
    lines = Counter((leg.till, leg.return_id, line) for leg in newest.values() for line in leg.lines)
    for place, count in lines.items():
        if count > 1:
            yield Violation(WRONG, f"{place} is in {count} legs")


def _find_money_twice(legs: Mapping[tuple[str, int], MoneyLeg], simulation: ReturnSimulation) -> Iterator[Violation]:
    """Each line of a return gives its money back once, whatever calls were made for it."""
    amounts: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for effect in simulation.effects:
        leg = legs.get((effect.till, effect.operation))
        for entry in effect.entries:
            if leg is not None and isinstance(entry, AppliedEntry) and entry.kind in {"refund", "cancelation"}:
                amounts[leg.till, leg.return_id, entry.line_id].append(entry.amount)
    for (till, return_id, line), given in amounts.items():
        if len(given) > 1:
            yield Violation(APPLIED_TWICE, f"{till} {return_id} gave {line} back {len(given)} times: {given}")
    items = [entry.item for effect in simulation.effects for entry in effect.entries if isinstance(entry, AppliedItem)]
    for item in {item for item in items if items.count(item) > 1}:
        yield Violation(APPLIED_TWICE, f"item {item} was taken back twice")
