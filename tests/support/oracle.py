"""The test oracle: compare the service's applied changes with the tills' ledgers after recovery.

The oracle reads ledger files with its own SQL, so that a mistake in the program's reading cannot hide one in its
writing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import AppliedChange, ReceivedRequest
from tests.support.server_requests import is_write

APPLIED_TWICE = "double"
LOST = "lost"
FALSELY_CONFIRMED = "false done"
FALSELY_REFUSED = "false refused"
SENT_UNRECORDED = "unrecorded"
SENT_WITHOUT_LOOKUP = "sent unseen"
VIOLATION_KINDS = (APPLIED_TWICE, LOST, FALSELY_CONFIRMED, FALSELY_REFUSED, SENT_UNRECORDED, SENT_WITHOUT_LOOKUP)

LOOKUP_VALIDITY = timedelta(seconds=60)
"""The greatest age of a look-up before the first sending."""

_NOT_DONE_STATES = {"refused", "withdrawn", "not_applied"}
_FINAL_STATES = {"confirmed", *_NOT_DONE_STATES}


@dataclass(frozen=True)
class Violation:
    """A broken promise."""

    kind: str
    text: str


@dataclass(frozen=True)
class OperationRow:
    """An operation's row, with the keys and times of its attempts."""

    ledger: str
    number: int
    kind: str
    order_id: str
    key: str | None
    value: int
    state: str
    path: str
    digest: str
    check_first: bool
    created_at: datetime
    attempts: tuple[tuple[str | None, datetime], ...]

    @property
    def keys(self) -> set[str]:
        """All present and earlier keys of the operation."""
        return {key for key, _ in self.attempts if key} | ({self.key} if self.key else set())

    def __str__(self) -> str:
        return f"{self.ledger}/{self.number} {self.kind} {self.order_id} {self.value} {self.state}"


@dataclass
class Observation:
    """The input of the oracle.

    - `ledgers`: the file of each till; `lost`: a till's earlier files.
    - `applied_by`: the ledger behind each index of `service.applied`; needed for several tills only.
    - `promised`: ledger and id of operations that a cashier saw as registered.
    - `true_time`: converts a till's time to the service's, where the tills' clocks jump.
    """

    service: LoyaltyService
    ledgers: Mapping[str, Path]
    applied_by: Mapping[int, str] = field(default_factory=dict)
    promised: Sequence[tuple[str, int]] = ()
    lost: Mapping[str, Path] = field(default_factory=dict)
    true_time: Callable[[datetime], datetime] = lambda at: at


def find_violations(evidence: Observation) -> list[Violation]:
    """Find every broken promise."""
    files = {**evidence.lost, **evidence.ledgers}
    rows = [row for name, path in files.items() for row in read_rows(name, path, evidence.true_time)]
    found = _find_doubles(evidence.service.applied)
    found += _check_cancelled_orders(rows, evidence)
    found += _check_operations(rows, evidence)
    found += _check_applied_changes(rows, evidence)
    found += _check_requests(rows, evidence.service.requests)
    found += _check_lookups(rows, evidence)
    found += _check_promised(rows, evidence.promised)
    for path in evidence.ledgers.values():
        found += _check_history(path)
    return found


def read_rows(name: str, path: Path, true_time: Callable[[datetime], datetime] = lambda at: at) -> list[OperationRow]:
    """All operations of BonifiQ in a ledger file, oldest first."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        attempts = defaultdict(list)
        for operation, key, at in db.execute("SELECT operation_id, cancel_key, started_at FROM attempts ORDER BY id"):
            attempts[operation].append((key, true_time(datetime.fromisoformat(at))))
        query = """SELECT id, kind, order_id, cancel_key, value, state, path, body_sha256, look_up_first, created_at
                   FROM operations WHERE system = 'bonifiq' ORDER BY id"""
        return [
            OperationRow(
                ledger=name,
                number=number,
                kind=kind,
                order_id=order_id,
                key=key,
                value=value,
                state=state,
                path=sent_to,
                digest=digest,
                check_first=bool(check_first),
                created_at=true_time(datetime.fromisoformat(created_at)),
                attempts=tuple(attempts[number]),
            )
            for number, kind, order_id, key, value, state, sent_to, digest, check_first, created_at in db.execute(query)
        ]


def _find_doubles(applied: Sequence[AppliedChange]) -> list[Violation]:
    # The service updates a repeated sale; one with the same body changes nothing.
    count = Counter((entry.kind.removesuffix("_update"), entry.order_id, entry.key) for entry in applied)
    return [Violation(APPLIED_TWICE, f"{name} applied {times} times") for name, times in count.items() if times > 1]


def _check_cancelled_orders(rows: Sequence[OperationRow], evidence: Observation) -> list[Violation]:
    """Refunds that were first sent after the order's cancellation, which the look-up before the sending shows."""
    found = []
    cancelled: dict[str, datetime] = {}
    for entry in evidence.service.applied:
        if entry.kind == "cancel":
            cancelled[entry.order_id] = datetime.fromisoformat(entry.at)
        if entry.kind != "refund" or entry.order_id not in cancelled:
            continue
        sent = [at for row in rows if _matches(row, entry) for key, at in row.attempts if key == entry.key]
        if sent and min(sent) - cancelled[entry.order_id] > LOOKUP_VALIDITY:
            found.append(Violation(APPLIED_TWICE, f"{entry.order_id} was cancelled before {entry.key} was first sent"))
    return found


def _matches(row: OperationRow, entry: AppliedChange) -> bool:
    if (row.kind, row.order_id) != (entry.kind, entry.order_id):
        return False
    return row.kind != "refund" or entry.key in row.keys


def _check_operations(rows: Sequence[OperationRow], evidence: Observation) -> list[Violation]:
    found = []
    for row in rows:
        entries = [entry for entry in evidence.service.applied if _matches(row, entry)]
        if row.state == "confirmed" and not any(row.kind != "refund" or e.key == row.key for e in entries):
            found.append(Violation(FALSELY_CONFIRMED, f"{row} was never applied"))
        told = [e for e in entries if row.kind == "sale" or (row.kind == "refund" and e.key == row.key)]
        if row.state == "confirmed" and any(entry.cents != row.value for entry in told):
            found.append(Violation(FALSELY_CONFIRMED, f"{row} was applied with another value"))
        own = [
            entry
            for place, entry in enumerate(evidence.service.applied)
            if _matches(row, entry) and evidence.applied_by.get(place, row.ledger) == row.ledger
        ]
        if len({entry.key for entry in own}) > 1:
            found.append(Violation(APPLIED_TWICE, f"{row} was applied with {len(own)} keys"))
    return found


def _check_applied_changes(rows: Sequence[OperationRow], evidence: Observation) -> list[Violation]:
    """Each change belongs to the newest operation that requested it before its time."""
    found = []
    for place, entry in enumerate(evidence.service.applied):
        till = evidence.applied_by.get(place)
        at = datetime.fromisoformat(entry.at)
        asked = [r for r in rows if _matches(r, entry) and till in {None, r.ledger} and r.created_at <= at]
        if not asked:
            found.append(Violation(LOST, f"{entry} was requested by no operation"))
        elif asked[-1].state in _NOT_DONE_STATES:
            found.append(Violation(FALSELY_REFUSED, f"{asked[-1]} was applied"))
    return found


def _check_requests(rows: Sequence[OperationRow], requests: Sequence[ReceivedRequest]) -> list[Violation]:
    """Each request has an older attempt and the committed bytes."""
    found, seen = [], Counter[str]()
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for request in filter(is_write, requests):
        digest, key, path = sha256(request.body).hexdigest(), _cancel_key_in(request.body), unquote(request.path)
        # A refund that a person sent again has a new body; its attempts keep the old key.
        asked = [r for r in rows if unquote(r.path) == path and (r.digest == digest or (key and key in r.keys))]
        name = f"{path} {key or digest}"
        bodies[name].add(request.body)
        seen[name] += 1
        arrived = datetime.fromisoformat(request.at)
        attempts = [at for r in asked for used, at in r.attempts if (not key or used == key) and at <= arrived]
        if len(attempts) < seen[name]:
            found.append(Violation(SENT_UNRECORDED, f"request {request.number} ({name}) has no older attempt"))
    found += [Violation(APPLIED_TWICE, f"{name} came with {len(b)} bodies") for name, b in bodies.items() if len(b) > 1]
    return found


def _check_lookups(rows: Sequence[OperationRow], evidence: Observation) -> list[Violation]:
    """An operation registered from a cached order is sent only after a look-up of the order."""
    found = []
    # The earlier file of a till lacks the decisions made after a restored backup.
    decided = {(row.number, row.digest) for row in rows if row.ledger in evidence.ledgers and not row.check_first}
    for row in (row for row in rows if row.check_first):
        if row.ledger in evidence.lost and (row.number, row.digest) in decided:
            continue
        since = [r for r in evidence.service.requests if datetime.fromisoformat(r.at) >= row.created_at]
        for request in since:
            if request.method == "GET" and unquote(request.path).endswith(f"/{row.order_id}"):
                break
            if unquote(request.path) == unquote(row.path) and sha256(request.body).hexdigest() == row.digest:
                found.append(Violation(SENT_WITHOUT_LOOKUP, f"{row} was sent by request {request.number}"))
                break
    return found


def _cancel_key_in(body: bytes) -> str | None:
    try:
        content = json.loads(body)
    except ValueError:
        return None
    key = content.get("CancelKey") if isinstance(content, dict) else None
    return key if isinstance(key, str) else None


def _check_promised(rows: Sequence[OperationRow], promised: Sequence[tuple[str, int]]) -> list[Violation]:
    there = {(row.ledger, row.number) for row in rows}
    return [Violation(LOST, f"{name}/{number} is gone") for name, number in promised if (name, number) not in there]


def _check_history(path: Path) -> list[Violation]:
    """The program's own list, which the history page and the pending count show."""
    listed: dict[int, Operation] = {operation.operation_id: operation for operation in read_operations(path)}
    found = []
    for row in read_rows(path.parent.name, path):
        shown = listed.get(row.number)
        if shown is None or shown.state.value != row.state:
            found.append(Violation(LOST, f"{row} is not in the history"))
        elif row.state in {"queued", "sending", "unknown"}:
            found.append(Violation(LOST, f"{row} has not settled"))
    return found
