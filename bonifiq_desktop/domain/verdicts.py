"""Verdicts on sent requests, and failures of look-ups."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeAlias

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.redaction import redact_personal_data


class FailureReason(StrEnum):
    """Reason why an attempt has no verdict, or a look-up no answer. The window has a message for each."""

    NO_CONNECTION = "no_connection"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    UNREADABLE = "unreadable"
    WRONG_ORDER = "wrong_order"
    TOO_LARGE = "too_large"
    REDIRECTED = "redirected"
    CREDENTIALS = "credentials"
    FORBIDDEN = "forbidden"
    """The credentials are right, and their user may not make this call."""
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    EMPTY_RESULT = "empty_result"
    SAYS_NO = "says_no"
    IN_PROGRESS = "in_progress"
    CERTIFICATE = "certificate"
    UNEXPECTED_STATUS = "unexpected_status"
    INTERRUPTED = "interrupted"
    OTHER_TILL = "other_till"
    """Another till of the shop has the order; nothing was sent."""


class CancelStatus(IntEnum):
    """Status in the answer to a refund or whole cancel, by the numbers of the API (API docs, section 7)."""

    ACCEPTED = 0
    REFUSED = 1
    ERROR = 2
    COMPLETED = 3
    CANCELLED = 4


@dataclass(frozen=True)
class Bonus:
    """Estimated earnings of the customer from a sale; `cashback` in cents."""

    points: int = 0
    cashback: Cents = 0


@dataclass(frozen=True)
class Done:
    """A complete answer that confirms the request. `status`: its Status, if any.

    `evidence_id`: the system's id of what it applied; a redemption's RewardId. `external_code`, `external_product_id`:
    of a redemption.
    """

    bonus: Bonus | None = None
    warning: str = ""
    status: CancelStatus | None = None
    evidence_id: str = ""
    external_code: str = ""
    external_product_id: str = ""


@dataclass(frozen=True)
class Refused:
    """A well-formed refusal. `used_key`: it says that this CancelKey was used before.

    `key_use_contradicted`: the answer also says something else, so that it proves nothing about our earlier attempts.
    """

    code: str = ""
    message: str = ""
    used_key: bool = False
    key_use_contradicted: bool = False


@dataclass(frozen=True)
class NotSent:
    """The connection was never made, so nothing reached the server."""

    reason: FailureReason


@dataclass(frozen=True)
class Unknown:
    """The request may have arrived, and the answer gives no verdict.

    `retry_after`: seconds that the server asks to wait, if any. `code`, `message`: the text of a denial in an
    undocumented form.
    """

    reason: FailureReason
    retry_after: int | None = None
    code: str = ""
    message: str = ""


Verdict: TypeAlias = Done | Refused | NotSent | Unknown


def is_denied(verdict: Verdict) -> bool:
    """Whether a complete answer denies the request, in any form."""
    return isinstance(verdict, Refused) or (isinstance(verdict, Unknown) and verdict.reason is FailureReason.SAYS_NO)


class LookupFailed(Exception):
    """A look-up without an order. `reason` None: the system answered that it has no order, or refused to show it."""

    def __init__(self, reason: FailureReason | None, *, message: str = "", retry_after: int | None = None) -> None:
        super().__init__(reason or "refused")
        self.reason = reason
        self.message = redact_personal_data(message)
        self.retry_after = retry_after


class OrderNotFound(LookupFailed):
    """The system does not know the order."""

    def __init__(self, message: str = "") -> None:
        super().__init__(None, message=message)
