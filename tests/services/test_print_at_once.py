"""Slips that are printed at once: which, when, and at most once."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.services import print_at_once
from bonifiq_desktop.services.print_at_once import PrintAtOnce
from bonifiq_desktop.storage.printer_settings import PrinterSettings
from tests.support.operations import make_operation

_PATIENCE = 0.03


@pytest.fixture(name="printed")
def slips_that_were_printed(monkeypatch: pytest.MonkeyPatch) -> list[SlipSubject]:
    """What was printed; the outcome is waited for during a moment."""
    monkeypatch.setattr(print_at_once, "PATIENCE", _PATIENCE)
    return []


def made(printed: list[SlipSubject], *kinds: SlipKind) -> PrintAtOnce:
    return PrintAtOnce(printed.append, lambda: PrinterSettings(at_once=kinds or tuple(SlipKind)))


def queued(**changes: object) -> Operation:
    return make_operation(**{"operation_id": 7, "state": State.QUEUED, **changes})


REFUND = SlipSubject(SlipKind.REFUND, "7")


@pytest.mark.parametrize("state", [State.CONFIRMED, State.UNKNOWN, State.REVIEW])
def test_slip_is_printed_once_when_the_outcome_comes(printed: list[SlipSubject], state: State) -> None:
    async def work() -> None:
        at_once = made(printed)
        at_once.registered(queued())
        at_once.changed(queued())
        at_once.changed(queued(state=State.SENDING))
        assert printed == []
        at_once.changed(queued(state=state))
        assert printed == [REFUND]
        at_once.changed(queued(state=State.CONFIRMED))
        await asyncio.sleep(2 * _PATIENCE)

    asyncio.run(work())
    assert printed == [REFUND]


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN])
def test_nothing_is_printed_of_what_was_refused_or_withdrawn(printed: list[SlipSubject], state: State) -> None:
    async def work() -> None:
        at_once = made(printed)
        at_once.registered(queued())
        at_once.changed(queued(state=state))
        await asyncio.sleep(2 * _PATIENCE)

    asyncio.run(work())
    assert printed == []


def test_slip_of_what_cannot_be_sent_is_printed_at_once(printed: list[SlipSubject]) -> None:
    async def work() -> None:
        at_once = made(printed)
        at_once.registered(queued())
        at_once.changed(queued(failure_reason=FailureReason.NO_CONNECTION))

    asyncio.run(work())
    assert printed == [REFUND]


def test_slip_without_an_outcome_is_printed_after_the_time_to_undo(
    printed: list[SlipSubject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.2)

    async def work() -> None:
        at_once = made(printed)
        at_once.registered(queued(), undoable=True)
        await asyncio.sleep(4 * _PATIENCE)
        assert printed == []
        await asyncio.sleep(0.2)

    asyncio.run(work())
    assert printed == [REFUND]


def test_return_is_printed_once_when_all_its_legs_have_an_outcome(printed: list[SlipSubject]) -> None:
    async def work() -> None:
        at_once = made(printed)
        legs = [queued(operation_id=7, return_id="r"), queued(operation_id=8, return_id="r", kind=Kind.RETURN)]
        for leg in legs:
            at_once.registered(leg)
            at_once.changed(leg)
        at_once.changed(replace(legs[1], state=State.CONFIRMED))
        assert printed == []
        at_once.changed(replace(legs[0], state=State.CONFIRMED))

    asyncio.run(work())
    assert printed == [SlipSubject(SlipKind.RETURN, "r")]


def test_only_the_chosen_kinds_are_printed(printed: list[SlipSubject]) -> None:
    async def work() -> None:
        at_once = made(printed, SlipKind.SALE)
        at_once.registered(queued())
        at_once.changed(queued(state=State.CONFIRMED))
        at_once.day_closed(date(2026, 11, 29))

    asyncio.run(work())
    assert printed == []


def test_closed_day_is_printed(printed: list[SlipSubject]) -> None:
    made(printed, SlipKind.DAY_CLOSE).day_closed(date(2026, 11, 29))
    assert printed == [SlipSubject(SlipKind.DAY_CLOSE, "2026-11-29")]


def test_operation_of_an_earlier_run_is_not_printed(printed: list[SlipSubject]) -> None:
    made(printed).changed(queued(state=State.CONFIRMED))
    assert printed == []


def test_failed_printing_does_not_reach_the_registration() -> None:
    def broken(_subject: SlipSubject) -> None:
        raise OSError("disk is full")

    async def work() -> None:
        at_once = PrintAtOnce(broken, lambda: PrinterSettings(at_once=tuple(SlipKind)))
        at_once.registered(queued())
        at_once.changed(queued(state=State.CONFIRMED))
        at_once.day_closed(date(2026, 11, 29))

    asyncio.run(work())
