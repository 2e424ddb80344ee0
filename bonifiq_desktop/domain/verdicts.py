"""What an answer, or its absence, says about a request that changes something."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeAlias

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.redaction import redact_personal_data


class FailureReason(StrEnum):
    """Why there is no verdict, or no answer to a question. Each has its own sentence in the window."""

    NO_CONNECTION = "no_connection"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    UNREADABLE = "unreadable"
    WRONG_ORDER = "wrong_order"
    TOO_LARGE = "too_large"
    REDIRECTED = "redirected"
    CREDENTIALS = "credentials"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    EMPTY_RESULT = "empty_result"
    SAYS_NO = "says_no"
    IN_PROGRESS = "in_progress"
    CERTIFICATE = "certificate"
    UNEXPECTED_STATUS = "unexpected_status"
    INTERRUPTED = "interrupted"


class CancelStatus(IntEnum):
    """Status of an answered refund or whole cancel; the numbers are the API's (docs/api, section 7)."""

    ACCEPTED = 0
    REFUSED = 1
    ERROR = 2
    COMPLETED = 3
    CANCELLED = 4


@dataclass(frozen=True)
class Bonus:
    """What the customer is estimated to earn with a sale."""

    points: int = 0
    cashback: Cents = 0


@dataclass(frozen=True)
class Done:
    """A complete answer that says it was done. `status`: the Status it carried, if any."""

    bonus: Bonus | None = None
    warning: str = ""
    status: CancelStatus | None = None


@dataclass(frozen=True)
class Refused:
    """A well-formed answer that refuses. `used_key`: it says that this very CancelKey was used before.

    `key_doubted`: it says so and something else beside it, so that it proves nothing of an earlier request of ours.
    """

    code: str = ""
    message: str = ""
    used_key: bool = False
    key_use_contradicted: bool = False


@dataclass(frozen=True)
class NotSent:
    """Nothing can have reached the server: the connection was never made."""

    reason: FailureReason


@dataclass(frozen=True)
class Unknown:
    """The request may have arrived, and nothing seen gives a verdict.

    `retry_after`: seconds the server asked to wait, if it did. `code`, `message`: the answer's own words, when it says
    no in a form that decides nothing.
    """

    reason: FailureReason
    retry_after: int | None = None
    code: str = ""
    message: str = ""


Verdict: TypeAlias = Done | Refused | NotSent | Unknown


class LookupFailed(Exception):
    """A look-up without an order. `trouble` None: BonifiQ answered, and the order is not there or was refused."""

    def __init__(self, reason: FailureReason | None, *, message: str = "", retry_after: int | None = None) -> None:
        super().__init__(reason or "refused")
        self.reason = reason
        self.message = redact_personal_data(message)
        self.retry_after = retry_after


class OrderNotFound(LookupFailed):
    """BonifiQ does not know the order."""

    def __init__(self, message: str = "") -> None:
        super().__init__(None, message=message)
