"""Shop database: what the tills of a shop tell each other, and claims on orders. See docs/shop-database.md."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

CHANGE_VERSION = 1
"""Version of a change's body that this program writes, and the newest that it reads."""

CONTRACT = 1
"""Number of the versioned functions (`push_v1`, `claim_v1`, …) that this program calls."""

NO_HASH = bytes(32)
"""`previous` of an incarnation's first change."""


def change_hash(previous: bytes, version: int, body: str, sealed_sha256: bytes) -> bytes:
    """The hash of a change: SHA-256 of the hash before it, the version (4 bytes), the sealed record's SHA-256, body.

    `sealed_sha256`: 32 bytes, `NO_HASH` without a sealed record. The chain stays whole after an erasure, because it
    holds the record's hash and not the record. The server computes the same (`push_v1`).
    """
    return sha256(previous + version.to_bytes(4, "big") + sealed_sha256 + body.encode()).digest()


@dataclass(frozen=True)
class Change:
    """One numbered change of a till's ledger. `seq`: from 1, without a hole within an incarnation.

    `body`: JSON without readable personal data. `sealed`: a customer's sealed record, None without one or once erased.
    `sealed_sha256`: its hash, 32 bytes, which stays.
    """

    seq: int
    version: int
    previous: bytes
    body: str
    sealed: bytes | None
    sealed_sha256: bytes
    hash: bytes


@dataclass(frozen=True)
class TillHead:
    """How far the shop database knows one incarnation of a till.

    `silent_seconds`: how long the database has heard nothing of the till, by its own clock.
    """

    till: str
    incarnation: int
    seq: int
    hash: bytes
    silent_seconds: int


@dataclass(frozen=True)
class Hello:
    """The database's answer to a till that connects. `head_seq`, `head_hash`: of the incarnation it named.

    `newest_incarnation`: of this till; larger than its own after another PC or a restored copy began a new one.
    """

    shop: str
    till: str
    head_seq: int
    head_hash: bytes
    newest_incarnation: int


@dataclass(frozen=True)
class Outcome:
    """The change by which another till finished its operation on a claimed order."""

    till: str
    incarnation: int
    seq: int


class ClaimedOrder(NamedTuple):
    """An order as all tills name it: each till may give its connection to the account another name."""

    system: str
    account: str
    order_key: str


@dataclass(frozen=True)
class Claim:
    """The database's answer to a claim on an order.

    `holder`: the till that has the order, empty when it is ours. `was_ours`: this till's claim was taken over.
    `is_finished`: this till told how the operation ended, before its ledger was restored.
    `outcomes`: what other tills did to the order before, the newest first; all must be known here before a sending.
    """

    holder: str = ""
    was_ours: bool = False
    is_finished: bool = False
    outcomes: tuple[Outcome, ...] = ()


class Trouble(StrEnum):
    """Why this till and its shop database do not exchange changes. The window has a message for each."""

    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    CREDENTIALS = "credentials"
    SEALED = "sealed"
    """This computer's keyring does not give the till's password: it is locked, or another computer's."""
    REMOVED = "removed"
    """The till was removed from the shop database."""
    FORK = "fork"
    """Another copy of this till's history differs: a copied folder, a restored backup, a name used twice."""
    HOLE = "hole"
    """The database lacks changes that this till no longer has."""
    NEWER = "newer"
    """The database, or another till, uses a contract that this program does not know."""
    NOT_SET_UP_THERE = "not_set_up_there"
    """The address leads to a database without the shop's tables."""
    FAILED = "failed"
    """The database refused a call with an error that has no sentence of its own."""


class ShopDatabaseError(Exception):
    """A call to the shop database gave no usable answer. `trouble` says why."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(detail or trouble)
        self.trouble = trouble


class EnrolmentTrouble(StrEnum):
    """Why a till could not join with a file and its code. The window has a message for each."""

    UNREADABLE = "unreadable"
    """The file is missing, cannot be read, or is no file of `shop-database add-till`."""
    WRONG_CODE = "wrong_code"
    USED = "used"
    """The shop database refuses the file's password: the file and its code work once."""
    EXPIRED = "expired"


class EnrolmentError(Exception):
    """Joining the shop database failed before anything changed on this till."""

    def __init__(self, trouble: EnrolmentTrouble, detail: str = "") -> None:
        super().__init__(detail or trouble)
        self.trouble = trouble


class InvitationTrouble(StrEnum):
    """Why no other till could be invited. The window and the command line have a sentence for each."""

    OWN_NAME = "own_name"
    """The till that invites has this name itself."""
    NAME_IN_USE = "name_in_use"
    FILE_EXISTS = "file_exists"
    FILE_FAILED = "file_failed"
    """The enrolment file could not be written at the chosen place."""
    NO_KEY = "no_key"
    """This till takes part in no shop database, or its keyring does not give the shop's key now."""
    CREDENTIALS = "credentials"
    """The server refuses the administrator's user or password."""
    RIGHTS = "rights"
    """The user may log in, but may not add tills."""
    OTHER_DATABASE = "other_database"
    """The database at the address does not hold this shop."""
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """The connection broke while the database changed: the till may have been added there."""


class InvitationError(Exception):
    """An invitation failed; nothing changed, except perhaps with UNCERTAIN. `detail`: the till or the file."""

    def __init__(self, trouble: InvitationTrouble, detail: str = "") -> None:
        super().__init__(detail or trouble)
        self.trouble = trouble


@dataclass(frozen=True)
class Administrator:
    """The login of the shop database's administrator. It is used for one call and stored nowhere."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class KnownTill:
    """What this till knows of another one. `heard_at`: when the database last heard of it, by this till's clock.

    `pending`: changes that the database has and this till has not applied yet.
    """

    till: str
    heard_at: datetime
    pending: int = 0


@dataclass(frozen=True)
class ShopDatabaseStatus:
    """State of the exchange with the shop database. `synced_at`: the last complete exchange; None: none yet.

    `shop`: empty when this till takes part in none, which is published once after it left.
    `unpushed`: changes of this till that the database does not have yet. `newer_till`: the till whose changes this
    program cannot read, with Trouble.NEWER; empty: the database itself.
    """

    shop: str
    till: str
    synced_at: datetime | None = None
    trouble: Trouble | None = None
    unpushed: int = 0
    tills: tuple[KnownTill, ...] = ()
    newer_till: str = ""
