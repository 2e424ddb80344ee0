"""The outbox of one connection: sends what is queued, one operation at a time."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.operations import Evidence, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import CANCELLED_SUMMARY, Order
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, NotSent, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.errors import CommitUncertain, LedgerError, RequestDamaged, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.services.checkouts import CheckoutEnds
from bonifiq_desktop.services.claims import OrderClaims
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.follow_up import RemoteStateFollowUp
from bonifiq_desktop.services.lookup import OrderLookup
from bonifiq_desktop.services.paced_connection import PacedConnection
from bonifiq_desktop.services.reconciliation import LookupMustRepeat, Reconciler, is_answered_as_cancelled
from bonifiq_desktop.services.retry import RetryPolicy, RetrySchedule, Throttle
from bonifiq_desktop.services.turns import Turns
from bonifiq_desktop.storage.settings import Settings

_log = logging.getLogger(__name__)
_WAITING = frozenset({State.QUEUED, State.UNKNOWN})


@dataclass(eq=False, repr=False)
class Outbox:
    """Drains the unfinished operations of a connection, oldest first. A failing one is postponed, the others go on.

    `publish` gets every operation that changed. `stopped_by`: the system refused the credentials, or does not let their
    user do what was asked, so that nothing is sent until a person has put that right.
    `claims`: what the shop's other tills do to an order; None: this program asks no shop database.
    """

    ledger: Ledger
    connection: Connection
    settings: Callable[[], Settings]
    publish: Callable[[Operation], None]
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    claims: OrderClaims | None = None
    stopped_by: FailureReason | None = field(init=False, default=None)
    _unsaved_outcome: tuple[StartedAttempt, Verdict, Resolution] | None = field(init=False, default=None)
    _commit_uncertain: bool = field(init=False, default=False)
    _wake_event: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._schedule = RetrySchedule(self.policy)
        self._throttle = Throttle(self.policy)
        paced = self._paced = PacedConnection(self.connection, self._throttle)
        lookup = OrderLookup(self.ledger, self.connection, paced.look_up, self._publish_safely)
        self._check_lookup = lookup
        self._follow_up = RemoteStateFollowUp(self.ledger, self.connection, lookup, self._publish_safely)
        self._turns = Turns(self.ledger, CheckoutEnds(self.ledger, self.connection))
        self.ledger.watch_legs(self)
        self._reconciler = Reconciler(
            self.ledger,
            self.connection,
            lookup,
            read_back=paced.read_back,
            trust_used_key=lambda: self.settings().trust_used_key,
            not_found_interval=self.policy.not_found_interval,
        )

    def wake(self) -> None:
        """There is something new to send, or the connection is back."""
        self._schedule.reread()
        self._throttle.backoff.retry_now()
        self._wake_event.set()

    @property
    def stopped_by_credentials(self) -> bool:
        """Whether nothing is sent until a person has put the credentials right."""
        return self.stopped_by is not None

    def leg_settled(self) -> None:
        """A leg of a return is final, so that the points of the return may be due here."""
        self._schedule.reread()
        self._wake_event.set()

    def tills_heard(self) -> None:
        """Changes of other tills were applied: ask again for the orders that they had."""
        self._schedule.tills_heard(_now())
        self._wake_event.set()

    def hold(self, operation_id: int) -> None:
        """Send nothing of a newly registered operation while a person may undo it. Nothing else waits for it.

        Call it before anything else runs on this loop: what the queue holds may be sent. The time is in memory only, so
        that a restart sends the operation like every other one.
        """
        self._schedule.hold(operation_id, _now() + undo.UNDO_SECONDS)

    def connection_verified(self) -> None:
        """The system answered with these credentials: whatever stopped the outbox is over."""
        self.stopped_by = None
        self.wake()

    def credentials_changed(self) -> None:
        """New credentials: send what the old ones stopped."""
        self.stopped_by = None
        self._schedule.retry_all()
        self.wake()

    def resume_after_suspend(self) -> None:
        """The PC was suspended: all waits were over long ago, but for the one that the server asked for."""
        self.connection.clock.reset()  # its monotonic clock stood still, too
        self.connection.recent_orders.clear()
        self._schedule.retry_all()
        self.wake()

    async def run(self) -> None:
        """Work until cancelled. While the ledger fails, nothing is sent: it could not be recorded."""
        while True:
            self._wake_event.clear()
            try:
                wait = await self._process_next()
            except Exception:
                _log.exception("outbox paused")
                wait = self.policy.max_offline_delay
            if wait is None or wait > self.policy.min_interval:
                wait = self._truncate_wal(wait)
            if wait is None or wait > 0:
                # Not wait_for(): before Python 3.12 it can swallow the cancellation that ends this loop.
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._wake_event.wait()

    def _truncate_wal(self, wait: float | None) -> float | None:
        """Erase the data of finished operations from the ledger's log, too, while nothing is due.

        Returns the seconds until the next thing to do; a log that is being read is tried again.
        """
        with suppress(LedgerError):  # the next command that needs the ledger reports its error
            if self.ledger.connection.truncate_wal():
                return wait
        return self.policy.max_offline_delay if wait is None else min(wait, self.policy.max_offline_delay)

    # --- scheduling

    async def _process_next(self) -> float | None:
        """Process the first operation that is due; return the seconds until the next one, None for "when woken".

        While none is due, follow up what the system has accepted.
        """
        self._save_outcome()
        self._recover_uncertain()
        if self.stopped_by_credentials or self.connection.credentials is None or not self.connection.account:
            return None
        now = _now()
        if self._throttle.free_at() > now:
            return self._throttle.free_at() - now
        wait = await self._process_due(now)
        if wait == 0:
            return wait
        follow_up = await self._follow_up.step()
        return min((each for each in (wait, follow_up) if each is not None), default=None)

    async def _process_due(self, now: float) -> float | None:
        chosen = self._schedule.next(now, self._read_waiting)
        next_due = self._schedule.next_due()
        if chosen is None:
            return None if next_due is None else next_due - now
        retry_at = self._schedule.retry_at(chosen)
        if retry_at is not None:
            free_at = max(retry_at, self._throttle.rate_limiter.next_slot(repeat=True))
            if free_at > now:
                return (free_at if next_due is None else min(free_at, next_due)) - now
        await self._process_safely(chosen)
        if self.connection.foreground.recently_active:
            self._throttle.pause(_now())
        return 0.0

    def _read_waiting(self) -> list[int]:
        return self.ledger.queries.waiting(self.connection.server_id, self.connection.account, self.connection.scope)

    async def _process_safely(self, operation_id: int) -> None:
        try:
            await self._process(self.ledger.queries.operation(operation_id))
        except Exception as error:
            _log.exception("operation postponed", extra={"operation": operation_id})
            self._schedule.postpone(operation_id, _now())
            # Trying again helps neither a damaged request nor one that an error of our own breaks every time. All other
            # errors of the ledger are the file's trouble, and pass.
            is_ours = not isinstance(error, LedgerError)
            if isinstance(error, RequestDamaged) or (is_ours and self._schedule.record_crash(operation_id)):
                self._move_to_review(operation_id)
        else:
            self._schedule.record_success(operation_id)

    def _move_to_review(self, operation_id: int) -> None:
        try:
            operation = self.ledger.queries.operation(operation_id)
            if operation.state in _WAITING:  # an outcome that is not saved yet comes first
                self._resolve(operation, Resolution(State.REVIEW, review_reason=ReviewReason.UNSENDABLE))
        except Exception:
            _log.exception("move to review failed", extra={"operation": operation_id})

    async def _process(self, operation: Operation) -> None:
        if operation.state not in _WAITING:
            return  # withdrawn since the queue was read
        if (operation.after_money or operation.state is State.QUEUED) and not self._has_turn(operation):
            return
        may_send = await self._is_admitted(operation)
        if may_send is None:
            return
        needs_lookup = self._reconciler.needs_lookup(operation)
        if needs_lookup or operation.state is State.UNKNOWN:  # a first sending verifies the request itself
            # Before a look-up resolves it: under a damaged number, that would resolve another order.
            self.ledger.verify_request(operation)
        if needs_lookup and not await self._may_be_sent(operation):
            return
        if operation.state is State.UNKNOWN and not self._has_turn(operation):  # what was not sent yet, after all
            return
        attempts = self.ledger.queries.attempts.attempts_since_review(operation.operation_id)
        if operation.state is State.UNKNOWN and attempts >= self.policy.max_attempts:
            self._exhaust_attempts(operation)
        elif may_send:
            await self._send(operation)

    async def _is_admitted(self, operation: Operation) -> bool | None:
        """Whether the shop's other tills leave an order to an operation; None: there is nothing else to do about it.

        While another till has the order, a look-up may still resolve what was possibly sent.
        """
        if self.claims is None:
            return True
        admission = await self.claims.admit(operation)
        if self._is_withdrawn(operation):  # or it ended as it was told before a restore
            self._publish_resolved(self.ledger.queries.operation(operation.operation_id))
            return None
        if admission.resolution is not None:
            self._resolve(operation, admission.resolution, note=admission.note)
            return None
        if admission.may_send:
            return True
        self._wait_for_tills(operation)
        return False if self.claims.may_be_looked_up(operation) else None

    def _wait_for_tills(self, operation: Operation) -> None:
        self._schedule.wait_for_tills(operation.operation_id, _now() + self.policy.max_offline_delay)
        if operation.failure_reason is not FailureReason.OTHER_TILL:
            reason = FailureReason.OTHER_TILL
            self._publish_safely(self.ledger.record_unsent_reason(operation.operation_id, reason))

    def _has_turn(self, operation: Operation) -> bool:
        """Whether what an operation waits for is there: the money of its return, the redemption of its checkout."""
        resolution = self._turns.resolve(operation)
        if resolution is not None and resolution.state is not operation.state:
            self._resolve(operation, resolution)
        return resolution is not None and resolution.state is operation.state

    def _exhaust_attempts(self, operation: Operation) -> None:
        self._resolve(operation, Resolution(State.REVIEW, review_reason=ReviewReason.BUDGET_USED_UP))

    async def _may_be_sent(self, operation: Operation) -> bool:
        """Look the order up, and save what that resolves. A look-up that failed is tried again later."""
        try:
            resolution, summary = await self._reconciler.resolve(operation)
        except LookupMustRepeat as repeat:
            self._schedule.repeat_lookup(operation.operation_id, _now() + repeat.seconds)
            return False
        except LookupFailed as failed:
            if not self._is_withdrawn(operation):
                self._postpone_lookup(operation, failed)
            return False
        if self._is_withdrawn(operation):
            return False
        if resolution.state is not operation.state:
            self._throttle.backoff.reset()  # not when it leads to a sending, whose answer decides that
            self._resolve(operation, resolution, note=summary)
        return resolution.state is operation.state

    def _is_withdrawn(self, operation: Operation) -> bool:
        """Whether a person withdrew an operation since it was read."""
        return self.ledger.queries.state(operation.operation_id) is not operation.state

    def _postpone_lookup(self, operation: Operation, failure: LookupFailed) -> None:
        reason = failure.reason or FailureReason.UNREADABLE
        offline = reason in {FailureReason.NO_CONNECTION, FailureReason.CERTIFICATE}
        self._schedule_retry(operation, NotSent(reason) if offline else Unknown(reason, failure.retry_after))
        if self._schedule.failures[operation.operation_id] >= self.policy.max_attempts:
            self._exhaust_attempts(operation)
            return
        if operation.state is State.QUEUED and operation.failure_reason is not reason:
            # Without it the screen would say that it is being sent.
            operation = self.ledger.record_unsent_reason(operation.operation_id, reason)
        self._publish_safely(operation)

    def _schedule_retry(self, operation: Operation, verdict: Verdict) -> None:
        backoff, now = self._throttle.backoff, _now()
        match verdict:
            case NotSent():
                backoff.connection_failed(now)
                self._schedule.reread()
                return  # all wait, and no operation's attempts are used up
            case Unknown(reason=FailureReason.CREDENTIALS | FailureReason.FORBIDDEN as reason):
                self.stopped_by = reason
            case Unknown(reason=FailureReason.THROTTLED):
                pass  # all wait for as long as was asked, and then this one is tried again
            case Unknown():
                backoff.attempt_inconclusive(operation.operation_id, now)
            case Done() | Refused():
                backoff.reset()
        self._schedule.postpone(operation.operation_id, now)

    # --- sending

    async def _send(self, operation: Operation) -> None:
        await self._paced.wait_for_turn()
        if self._is_withdrawn(operation):
            return
        try:
            attempt = self.ledger.start_attempt(operation.operation_id, self.connection.server_id)
        except CommitUncertain:
            self._commit_uncertain = True
            raise
        self._publish_safely(attempt.operation)
        # Stands when the program is closed meanwhile, or an error of our own occurs: the request may have been sent.
        verdict: Verdict = Unknown(FailureReason.INTERRUPTED)
        resolution = Resolution(State.UNKNOWN)
        try:
            verdict, resolution = await self._attempt(attempt)
        finally:
            self._unsaved_outcome = (attempt, verdict, resolution)
            with suppress(LedgerError):  # a full disk, for one: tried again before anything else is sent
                self._save_outcome()

    async def _attempt(self, attempt: StartedAttempt) -> tuple[Verdict, Resolution]:
        verdict: Verdict
        try:
            verdict = await self.connection.send(attempt.operation, attempt.request)
        except NotSetUp:
            verdict = NotSent(FailureReason.CREDENTIALS)
        if isinstance(verdict, Unknown):
            self._throttle.obey_retry_after(verdict.reason, verdict.retry_after, _now())
        return verdict, await self._reconciler.resolve_answer(attempt, verdict)

    def _recover_uncertain(self) -> None:
        """Treat an attempt whose commit failed as after a restart: `sending` may stand there, and nothing was sent."""
        if self._commit_uncertain:
            for operation in self.ledger.recover(connection=self.connection.name):
                self._publish_safely(operation)
            self._commit_uncertain = False

    def _save_outcome(self) -> None:
        """Commit how the last attempt ended, if that is not on disk yet. Raises LedgerError."""
        if self._unsaved_outcome is None:
            return
        attempt, verdict, resolution = self._unsaved_outcome
        try:
            operation = self.ledger.finish_attempt(attempt, verdict, resolution)
        except TransitionRefused:  # it is on disk: only reading it back had failed
            operation = self.ledger.queries.operation(attempt.operation.operation_id)
        self._unsaved_outcome = None
        if operation.state in _WAITING:
            self._schedule_retry(operation, verdict)
        else:
            self._throttle.backoff.reset()
        self._publish_resolved(operation)
        if operation.evidence is Evidence.LOOKUP and is_answered_as_cancelled(operation, verdict):
            self._publish_safely(self.ledger.record_contradiction(operation.operation_id, CANCELLED_SUMMARY))

    async def look_up_for_check(self, order_id: str) -> Order:
        """Look an order up for a check of many: behind people, at the rate of repeats, and not while sending waits.

        Raises OrderNotFound, NotSetUp, LookupFailed, also where that would be a long wait.
        """
        wait = max(self._throttle.free_at(), self._throttle.rate_limiter.next_slot(repeat=True)) - _now()
        if wait > self.policy.max_offline_delay:
            raise LookupFailed(FailureReason.THROTTLED)
        await asyncio.sleep(max(wait, self.policy.min_interval))
        return await self._check_lookup.look_up(order_id)

    # --- publishing

    def _resolve(self, operation: Operation, resolution: Resolution, *, note: str = "") -> None:
        self._publish_resolved(self.ledger.resolve(operation.operation_id, operation.state, resolution, note=note))

    def _publish_resolved(self, operation: Operation) -> None:
        if operation.state not in _WAITING:
            self._schedule.forget(operation.operation_id)
            if self.claims is not None:
                self.claims.forget(operation)
        self._publish_safely(operation)

    def _publish_safely(self, operation: Operation) -> None:
        try:
            self.publish(operation)
        except Exception:
            _log.exception("operation not published", extra={"operation": operation.operation_id})


def _now() -> float:
    return asyncio.get_running_loop().time()
