"""The queue of faults to inject. The next call that a fault fits takes it from the queue.

Everything here is thread-safe: tests add faults from their own thread while the server runs in another.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from bonifiq_desktop.training_server.fault_injection.answer_forms import AnswerForms

CallKind = Literal[
    "lookup",
    "sale",
    "refund",
    "cancel",
    "redeem",
    "reversal",  # both forms of DELETE
    "reward",  # look-up of a redeemed reward
    "challenge",
    "challengevalidate",
    "rewards",  # query for rewards and balance
    "balance",
]

FaultName = Literal[
    "lose_answer",  # applied; the connection closes without a byte of answer
    "reset",  # applied; the connection is reset without a byte of answer
    "close",  # not applied; the connection closes without a byte of answer
    "delay",  # waits `seconds`, then applies and answers, even if the caller has hung up
    "error_500",  # not applied
    "error_500_after",  # applied
    "error_503",  # not applied; `retry_after` seconds if given
    "error_429",  # not applied; `retry_after` seconds if given
    "html",  # not applied; 200 and a captive portal's page
    "nonsense",  # not applied; 200 and bytes that are not JSON
    "unauthorized",  # not applied; 401 although the credentials are right
    "forbidden",  # not applied; 403
    "redirect_302",  # not applied; to `location`, which is another origin
    "redirect_307",
    "redirect_308",
    "refuse",  # not applied; a refusal with `code_name` and `message`
    "refuse_by_number",  # not applied; a refusal with an ErrorCode alone
    "in_progress",  # not applied; 409, a refusal: a request with this key is being processed
    "in_progress_200",  # the same, under 200
    "conflict",  # not applied; 409 and a Message, outside the API's forms
    "problem_400",  # not applied; 400 and a problem document
    "problem_422",  # the same, under 422
    "model_state",  # not applied; 400 and a ModelState
    "gone",  # not applied; 410 and plain text
    "gateway_404",  # not applied; 404 from a gateway that knows no such address
    "error_429_until",  # not applied; Retry-After is an HTTP date, `seconds` after the answer's Date
    "error_503_until",
    "wrong_order",  # not applied; a success that is about another order
    "hang",  # applied; the answer is held until release() or until the caller goes
    "reset_midway",  # applied; half the answer, then a reset
    "cut_with_length",  # applied; half the answer under the Content-Length of the whole one, then the end
    "cut_without_length",  # applied; half the answer without Content-Length, then the end
    "empty",  # applied; 200 without a body
    "null_result",  # applied; a success whose Result is null
    "null_body",  # applied; 200 and null
    "no_content",  # applied; 204
    "slow",  # applied; the answer comes one byte every `seconds`, half a second unless given
    "huge",  # applied; the answer after 8 MiB of blanks
    "gzip_bomb",  # applied; a small gzip answer of 64 MiB of blanks
    "late_copy",  # not applied; the connection closes, and a copy of the request is applied `seconds` later
    "twice",  # delivered and applied twice; the first delivery's answer comes back
    "twice_second_answer",  # the same; the second delivery's answer comes back
    "never_read",  # the next new connection is accepted and never read; `only` is ignored
    "reset_on_accept",  # the next new connection is reset at once; `only` is ignored
]

FAULT_NAMES: tuple[FaultName, ...] = get_args(FaultName)
CALL_KINDS: tuple[CallKind, ...] = get_args(CallKind)

_LONGEST_DELAY = 3600

# Calls in the background: only a fault that names their kind fits them, so that they take no other call's fault.
_BACKGROUND_CALLS: tuple[CallKind, ...] = ("rewards", "balance")

# Faults of a connection, which are taken before the kind of call is known.
_CONNECTION_FAULTS: tuple[FaultName, ...] = ("never_read", "reset_on_accept")


@dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid"))
class Fault:
    """One fault. `only` limits it to one kind of call; `name` decides which other fields count.

    `retry_after` is sent unchanged, so it may be invalid. Raises ValueError for an unknown name or kind.
    """

    name: FaultName
    only: CallKind | None = None
    seconds: Annotated[float, Field(ge=0, le=_LONGEST_DELAY)] = 0.0
    retry_after: int | str | None = None
    code_name: str | None = "Refused"
    message: str = "Operação recusada (treino)."
    location: str = "https://elsewhere.invalid/"


@dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid"))
class _RepeatedFault(Fault):
    times: int = 1


_FAULT = TypeAdapter(Fault)
_REQUEST = TypeAdapter(list[_RepeatedFault] | _RepeatedFault)


class FaultInjector(AnswerForms):
    """The queue of faults, the held answers, and the chosen answer forms."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Condition()
        self._queue: list[Fault] = []
        self._held: list[Future[None]] = []

    def add(
        self,
        name: FaultName,
        *,
        times: int = 1,
        only: CallKind | None = None,
        seconds: float = 0.0,
        **details: Any,
    ) -> None:
        """Queue a fault for the next `times` calls that it fits. `details`: see Fault, also for the errors."""
        self._extend([Fault(name, only, seconds, **details)] * times)

    def add_from_json(self, body: bytes) -> int:
        """Queue the faults of an admin request (one object or a list) and return their number.

        Raises ValueError for an invalid fault and queues none then.
        """
        found = _REQUEST.validate_json(body)
        faults = found if isinstance(found, list) else [found]
        for fault in faults:
            self._extend([fault] * fault.times)
        return len(faults)

    def _extend(self, faults: Sequence[Fault]) -> None:
        with self._lock:
            self._queue.extend(faults)

    def take(self, kind: CallKind) -> Fault | None:
        """Remove and return the oldest fault for this kind of call."""
        fitting = {kind} if kind in _BACKGROUND_CALLS else {None, kind}
        return self._take(lambda fault: fault.only in fitting and fault.name not in _CONNECTION_FAULTS)

    def take_for_connection(self) -> Fault | None:
        """Remove and return the oldest fault for a new connection."""
        return self._take(lambda fault: fault.name in _CONNECTION_FAULTS)

    def _take(self, fits: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            fault = next(filter(fits, self._queue), None)
            if fault is not None:
                self._queue.remove(fault)
            return fault

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()

    def pending(self) -> list[Fault]:
        with self._lock:
            return list(self._queue)

    def hold(self) -> Future[None]:
        """Register a held answer. The future is done when the answer may be sent."""
        future: Future[None] = Future()
        with self._lock:
            self._held.append(future)
            self._lock.notify_all()
        return future

    def discard_held(self, future: Future[None]) -> None:
        with self._lock:
            if future in self._held:
                self._held.remove(future)
                self._lock.notify_all()

    def release(self) -> int:
        """Send every held answer; return their number."""
        with self._lock:
            held, self._held = self._held, []
            self._lock.notify_all()
        for future in held:
            if future.set_running_or_notify_cancel():
                future.set_result(None)
        return len(held)

    def wait_until_held(self, timeout: float, *, calls: int = 1) -> bool:
        """Block until `calls` answers are held, so that their requests are applied. False after `timeout` seconds."""
        with self._lock:
            return self._lock.wait_for(lambda: len(self._held) >= calls, timeout)


def describe(fault: Fault) -> dict[str, Any]:
    """The fault as a JSON object; seconds as a Decimal, because `write_json` refuses floats."""
    return {**_FAULT.dump_python(fault), "seconds": Decimal(str(fault.seconds))}
