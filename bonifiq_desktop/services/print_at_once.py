"""Slips that are printed without being asked for: once per registration, when the paper can say what became of it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Operation, State
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject, subject_of
from bonifiq_desktop.storage.printer_settings import PrinterSettings

_log = logging.getLogger(__name__)
PATIENCE = 6.0
"""Seconds after the time to undo, in which the outcome may come before the slip says that it is not known yet."""


class PrintAtOnce:
    """Prints the kinds of `PrinterSettings.at_once`.

    A registration's slip is printed once none of its operations is under way: all have an outcome, or could not be
    sent. Without that it is printed after `PATIENCE`, and says so. Nothing is printed of what was refused or withdrawn.
    The registrations that wait are in memory only: after a restart their slips are printed by hand.
    """

    def __init__(self, print_slip: Callable[[SlipSubject], object], settings: Callable[[], PrinterSettings]) -> None:
        self._print_slip = print_slip
        self._settings = settings
        self._waiting: dict[SlipSubject, dict[int, Operation]] = {}
        self._timers: dict[SlipSubject, asyncio.TimerHandle] = {}

    def registered(self, operation: Operation, *, undoable: bool = False) -> None:
        """Take a new operation, or a further leg of a new return. `undoable`: see `Outbox.hold`."""
        subject = subject_of(operation)
        if not self._is_wanted(subject):
            return
        self._waiting.setdefault(subject, {})[operation.operation_id] = operation
        if subject not in self._timers:
            seconds = PATIENCE + (undo.UNDO_SECONDS if undoable else 0.0)
            self._timers[subject] = asyncio.get_running_loop().call_later(seconds, self._print, subject)

    def changed(self, operation: Operation) -> None:
        """Take the newer state of an operation."""
        subject = subject_of(operation)
        waiting = self._waiting.get(subject, {})
        if operation.operation_id not in waiting:
            return
        waiting[operation.operation_id] = operation
        if not any(map(_is_under_way, waiting.values())):
            self._print(subject)

    def day_closed(self, day: date) -> None:
        """Take a day that was just closed."""
        subject = SlipSubject(SlipKind.DAY_CLOSE, day.isoformat())
        if self._is_wanted(subject):
            self._print_safely(subject)

    def _is_wanted(self, subject: SlipSubject) -> bool:
        return subject.kind in self._settings().at_once

    def _print(self, subject: SlipSubject) -> None:
        self._timers.pop(subject).cancel()
        operations = self._waiting.pop(subject).values()
        if any(operation.state not in CLOSED_NEGATIVELY for operation in operations):
            self._print_safely(subject)

    def _print_safely(self, subject: SlipSubject) -> None:
        """Print; what was registered must not fail with its slip."""
        try:
            self._print_slip(subject)
        except Exception:
            _log.exception("slip not printed at once", extra={"kind": subject.kind.value})


def _is_under_way(operation: Operation) -> bool:
    """Whether the outcome may come at any moment; not of what could not be sent."""
    if operation.state is State.QUEUED:
        return operation.failure_reason is None
    return operation.state is State.SENDING
