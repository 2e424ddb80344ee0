"""The outbox: sends what is queued, settles what is unknown, one operation at a time, by itself."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer, failure_of_status
from bonifiq_desktop.connectors.http_client import HttpResult, TransportFailure
from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.operations import (
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
    is_same_denial,
    resolve_attempt,
)
from bonifiq_desktop.domain.orders import CANCELLED_SUMMARY
from bonifiq_desktop.domain.verdicts import (
    CancelStatus,
    Done,
    FailureReason,
    LookupFailed,
    NotSent,
    Refused,
    Unknown,
    Verdict,
)
from bonifiq_desktop.ledger.errors import CommitUncertain, LedgerError, RequestDamaged, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.reconciliation import LookupMustRepeat, Reconciler
from bonifiq_desktop.services.retry import Backoff, RateLimiter, RetryPolicy
from bonifiq_desktop.storage.settings import Settings

_log = logging.getLogger(__name__)
_WAITING = frozenset({State.QUEUED, State.UNKNOWN})


class Outbox:
    """Drains the ledger's unfinished operations, oldest first. One bad item steps aside, the rest go on.

    `announce` gets every operation that changed.
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        settings: Callable[[], Settings],
        publish: Callable[[Operation], None],
        policy: RetryPolicy | None = None,
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._settings = settings
        self._announce = publish
        self._pace = policy or RetryPolicy()
        self._checks = Reconciler(ledger, connection, self._read, self._tell, self._pace.not_found_interval)
        self._hour = RateLimiter(self._pace.requests_per_hour)
        # Waiting times live in memory on the monotonic clock: a wrong or changed PC clock never delays a refund,
        # and after a restart everything is tried at once.
        self._due: dict[int, float] = {}
        self._queue: deque[int] = deque()  # read once and not for each operation: what never failed, oldest first
        self._again: dict[int, float] = {}  # what did not fail, and is looked up once more before it is sent
        self._failures: dict[int, int] = {}
        self._breakdowns: dict[int, int] = {}
        self._silence = Backoff(self._pace)
        self._throttled_until = 0.0
        self._resting_until = 0.0
        self._needs_credentials = False
        self._unwritten: tuple[StartedAttempt, Verdict, Resolution] | None = None
        self._orphaned = False
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something new to send, or the line is back."""
        self._queue.clear()
        self._silence.retry_now()
        self._woken.set()

    def connection_verified(self) -> None:
        """BonifiQ answered with these credentials: whatever stopped the outbox is over."""
        self._needs_credentials = False
        self.wake()

    def credentials_changed(self) -> None:
        """New credentials: what they stopped goes on."""
        self._needs_credentials = False
        self._due.clear()
        self.wake()

    def resume_after_suspend(self) -> None:
        """The PC slept: all waits were over long ago, but for the one that BonifiQ asked for."""
        self._connection.clock.reset()  # what it counts on with stood still, too
        self._connection.recent_orders.clear()
        self._due.clear()
        self.wake()

    @property
    def stopped_by_credentials(self) -> bool:
        """Whether BonifiQ refused the credentials, so that nothing is sent until they are changed."""
        return self._needs_credentials

    async def run(self) -> None:
        """Work until cancelled. A failing ledger is waited out: nothing is sent that could not be written down."""
        while True:
            self._woken.clear()
            try:
                wait = await self._work_once()
            except Exception:
                _log.exception("the outbox waits")
                wait = self._pace.max_offline_delay
            if wait is None or wait > self._pace.min_interval:
                wait = self._tidy_up(wait)
            if wait is None or wait > 0:
                # Not wait_for(): before Python 3.12 it can swallow the cancellation that ends this loop.
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._woken.wait()

    def _tidy_up(self, wait: float | None) -> float | None:
        """Nothing is due for a while: take what finished operations dropped out of the ledger's log, too.

        Returns the seconds until the next thing to do; a log that is being read is tried again.
        """
        with suppress(LedgerError):  # whoever needs the ledger says what is wrong with it
            if self._ledger.connection.truncate_wal():
                return wait
        return self._pace.max_offline_delay if wait is None else min(wait, self._pace.max_offline_delay)

    async def _work_once(self) -> float | None:
        """Do the first thing that is due; returns the seconds until the next one, None for "only when woken"."""
        self._write_down()
        self._take_up_orphans()
        if self._needs_credentials or self._connection.credentials is None or not self._connection.account:
            return None
        now = _now()
        hour = self._hour.next_slot(repeat=False)
        everyone_waits = max(self._silence.until, self._throttled_until, self._resting_until, hour) - now
        if everyone_waits > 0:
            return everyone_waits
        chosen = self._next(now)
        if chosen is None:
            return min(self._again.values()) - now if self._again else None
        if chosen in self._due:
            wait = max(self._due[chosen], self._hour.next_slot(repeat=True)) - now
            if wait > 0:
                return min([wait, *(at - now for at in self._again.values())])
        await self._work_safely_on(chosen)
        if self._connection.recently_used_by_person:
            self._resting_until = _now() + self._pace.min_interval
        return 0.0

    def _next(self, now: float) -> int | None:
        """The oldest first, but what failed before after all that did not: bad ones never keep good ones waiting.

        Of those, the one that has been due the longest.
        """
        for operation_id, at in self._again.items():
            if at <= now:
                del self._again[operation_id]
                return operation_id
        if not self._queue:
            waiting = self._ledger.queries.waiting(self._connection.server_id, self._connection.account)
            waiting = [each for each in waiting if each not in self._again]
            self._queue.extend(each for each in waiting if each not in self._due)
            if not self._queue:
                return min(waiting, key=self._due.__getitem__, default=None)
        return self._queue.popleft()

    async def _work_safely_on(self, operation_id: int) -> None:
        try:
            await self._work_on(self._ledger.queries.operation(operation_id))
        except Exception as error:
            _log.exception("an operation steps aside", extra={"operation": operation_id})
            self._step_aside(operation_id)
            if self._is_hopeless(operation_id, error):
                self._leave_to_a_person(operation_id)
        else:
            self._breakdowns.pop(operation_id, None)

    def _is_hopeless(self, operation_id: int, error: Exception) -> bool:
        """Whether trying again will not help: its request is damaged, or something of ours breaks on it every time."""
        if isinstance(error, LedgerError):
            return isinstance(error, RequestDamaged)  # everything else is the file's trouble, and passes
        self._breakdowns[operation_id] = self._breakdowns.get(operation_id, 0) + 1
        return self._breakdowns[operation_id] >= self._pace.max_crashes

    def _leave_to_a_person(self, operation_id: int) -> None:
        try:
            operation = self._ledger.queries.operation(operation_id)
            if operation.state in _WAITING:  # what is still to be written down comes first
                unsendable = Resolution(State.REVIEW, review_reason=ReviewReason.UNSENDABLE)
                self._finished(self._ledger.resolve(operation_id, operation.state, unsendable))
        except Exception:
            _log.exception("an operation cannot be left to a person", extra={"operation": operation_id})

    async def _work_on(self, operation: Operation) -> None:
        if operation.state not in _WAITING:
            return  # taken back since the queue was read
        needs_lookup = self._checks.needs_lookup(operation)
        if needs_lookup or operation.state is State.UNKNOWN:  # what is just sent is checked when it is
            self._ledger.verify_request(
                operation
            )  # before a look-up judges it: by another number it would judge another order
        if needs_lookup and not await self._may_be_sent(operation):
            return
        patience = self._pace.max_attempts
        if (
            operation.state is State.UNKNOWN
            and self._ledger.queries.attempts_since_review(operation.operation_id) >= patience
        ):
            self._give_up(operation)
        else:
            await self._send(operation)

    def _give_up(self, operation: Operation) -> None:
        used_up = Resolution(State.REVIEW, review_reason=ReviewReason.BUDGET_USED_UP)
        self._finished(self._ledger.resolve(operation.operation_id, operation.state, used_up))

    async def _may_be_sent(self, operation: Operation) -> bool:
        """Look the order up, and write down what that settles. A look-up that failed is tried again later."""
        judged: tuple[Resolution, str] | LookupFailed
        try:
            judged = await self._checks.resolve(operation)
        except LookupFailed as failed:
            judged = failed
        except LookupMustRepeat as again:
            self._again[operation.operation_id] = _now() + again.seconds
            return False
        if self._ledger.queries.state(operation.operation_id) is not operation.state:
            return False  # taken back meanwhile
        if isinstance(judged, LookupFailed):
            self._look_later(operation, judged)
            return False
        settled, shown = judged
        if settled.state is not operation.state:
            self._silence.reset()  # one that leads to a sending is no proof yet: that is for the sending's answer
            self._finished(self._ledger.resolve(operation.operation_id, operation.state, settled, note=shown))
        return settled.state is operation.state

    def _look_later(self, operation: Operation, failed: LookupFailed) -> None:
        trouble = failed.reason or FailureReason.UNREADABLE
        offline = trouble in {FailureReason.NO_CONNECTION, FailureReason.CERTIFICATE}
        self._wait_after(operation, NotSent(trouble) if offline else Unknown(trouble, failed.retry_after))
        if self._failures.get(operation.operation_id, 0) >= self._pace.max_attempts:
            self._give_up(operation)
            return
        if operation.state is State.QUEUED and operation.failure_reason is not trouble:
            # Without it the screen would say that it is being sent.
            operation = self._ledger.record_unsent_reason(operation.operation_id, trouble)
        self._tell(operation)

    async def _turn(self) -> None:
        """Before every request: a person's look-up goes first, and each one counts for the hour."""
        await self._connection.wait_for_foreground()
        self._hour.record(_now())

    async def _read(self, path: str) -> HttpResult:
        await self._turn()
        return self._heeded(await self._connection.get(path))

    def _heeded(self, seen: HttpResult) -> HttpResult:
        """Let every request wait for as long as BonifiQ asks, whatever request was answered so."""
        if isinstance(seen, TransportFailure):
            return seen
        trouble, asked = failure_of_status(seen.status), seen.retry_after
        if trouble is FailureReason.THROTTLED or (trouble is FailureReason.SERVER_ERROR and asked is not None):
            wait = self._pace.delay_after(1, self._pace.max_delay) if asked is None else float(asked)
            until = _now() + min(max(wait, self._pace.first_delay), self._pace.max_retry_after)
            self._throttled_until = max(self._throttled_until, until)
        return seen

    async def _send(self, operation: Operation) -> None:
        await self._turn()
        if self._ledger.queries.state(operation.operation_id) is not operation.state:
            return  # a person took it back meanwhile
        try:
            sending = self._ledger.start_attempt(operation.operation_id, self._connection.server_id)
        except CommitUncertain:
            self._orphaned = True
            raise
        self._tell(sending.operation)
        # What stands when the program is closing, or something of ours breaks: the request may have left all the same.
        verdict: Verdict = Unknown(FailureReason.INTERRUPTED)
        settled = Resolution(State.UNKNOWN)
        try:
            verdict, settled = await self._attempt(sending)
        finally:
            self._unwritten = (sending, verdict, settled)
            with suppress(LedgerError):  # a full disk, for one: tried again before anything else is sent
                self._write_down()

    def _take_up_orphans(self) -> None:
        """What may stand there as `sending` and was not sent, since its commit failed, goes on as after a restart."""
        if self._orphaned:
            for operation in self._ledger.recover():
                self._tell(operation)
            self._orphaned = False

    async def _attempt(self, sending: StartedAttempt) -> tuple[Verdict, Resolution]:
        operation, request = sending.operation, sending.request
        try:
            seen = self._heeded(await self._connection.post(request.path, request.body))
        except NotSetUp:
            verdict: Verdict = NotSent(FailureReason.CREDENTIALS)
        else:
            verdict = classify_answer(operation.kind, seen, order_id=operation.order_id, cancel_key=request.client_key)
        if not isinstance(verdict, NotSent):
            self._connection.recent_orders.discard(operation.order_id)  # what was seen before may be changed by this
        settled = resolve_attempt(
            verdict,
            has_client_key=operation.cancel_key is not None,
            earlier_possibly_sent=sending.earlier_possibly_sent,
            earlier_made_here=sending.earlier_made_here,
            trust_used_key=self._settings().trust_used_key,
            same_denial_before=is_same_denial(verdict, sending.previous_denial),
            key_sent_earlier=sending.key_sent_earlier,
        )
        if settled.evidence is Evidence.KEY and await self._checks.lookup_contradicts_key(operation):
            settled = Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
        if isinstance(verdict, Done) and operation.kind is Kind.SALE and operation.look_up_first:
            settled = await self._checks.resolve_accepted_sale(operation) or settled
        if settled.review_reason is ReviewReason.REFUSAL_UNCHECKED:
            settled = await self._checks.resolve_refusal(operation) or settled
        if _may_have_cancelled_all(operation, verdict) and await self._checks.is_cancelled_remotely(operation):
            settled = Resolution(State.CONFIRMED, Evidence.LOOKUP)
        return verdict, settled

    def _write_down(self) -> None:
        """Commit how the last attempt ended, if that is not on disk yet. Raises LedgerError."""
        if self._unwritten is None:
            return
        sending, verdict, settled = self._unwritten
        try:
            operation = self._ledger.finish_attempt(sending, verdict, settled)
        except TransitionRefused:  # it is on disk: only reading it back had failed
            operation = self._ledger.queries.operation(sending.operation.operation_id)
        self._unwritten = None
        if operation.state in _WAITING:
            self._wait_after(operation, verdict)
        else:
            self._silence.reset()
        self._finished(operation)
        if operation.kind is Kind.REFUND and operation.evidence is Evidence.LOOKUP:
            self._tell(self._ledger.record_contradiction(operation.operation_id, CANCELLED_SUMMARY))

    def _finished(self, operation: Operation) -> None:
        if operation.state not in _WAITING:
            self._due.pop(operation.operation_id, None)
            self._failures.pop(operation.operation_id, None)
            self._breakdowns.pop(operation.operation_id, None)
        self._tell(operation)

    def _tell(self, operation: Operation) -> None:
        try:
            self._announce(operation)
        except Exception:
            _log.exception("an operation was not announced", extra={"operation": operation.operation_id})

    def _wait_after(self, operation: Operation, verdict: Verdict) -> None:
        now = _now()
        match verdict:
            case NotSent():
                self._silence.connection_failed(now)
                self._queue.clear()
                return  # all wait, and nobody's patience is used up
            case Unknown(reason=FailureReason.CREDENTIALS):
                self._needs_credentials = True
            case Unknown(reason=FailureReason.THROTTLED):
                pass  # all wait for as long as was asked, and then this one is tried again
            case Unknown():
                self._silence.attempt_inconclusive(operation.operation_id, now)
            case Done() | Refused():
                self._silence.reset()
        self._step_aside(operation.operation_id)

    def _step_aside(self, operation_id: int) -> None:
        failures = self._failures.get(operation_id, 0) + 1
        self._failures[operation_id] = failures
        self._due[operation_id] = _now() + self._pace.delay_after(failures, self._pace.max_delay)


def _may_have_cancelled_all(operation: Operation, verdict: Verdict) -> bool:
    """Whether a refund of a part was answered as a cancellation."""
    cancelled = isinstance(verdict, Done) and verdict.status is CancelStatus.CANCELLED
    return operation.kind is Kind.REFUND and cancelled


def _now() -> float:
    return asyncio.get_running_loop().time()
