"""The timeline of an operation keeps the order of writing when the PC's clock jumps."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Resolution, State
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ui.history.timeline import timeline
from tests.support.ledger_actions import (
    ANSWERED_DONE,
    CONFIRMED,
    START,
    TIMED_OUT,
    UNKNOWN,
    refund,
    start_attempt,
)

STORY = [
    "Situação: Aguardando envio",
    "Situação: Enviando",
    "Enviado; sem resposta clara. O BonifiQ demorou demais para responder.",
    "Situação: Sendo confirmada",
    "Situação: Enviando",
    "Enviado; sem resposta clara. O programa foi fechado antes da resposta.",
    "Situação: Sendo confirmada",
    "Situação: Precisa de decisão",
    "Situação: Sendo confirmada Decidido por Ana: tentar",
    "Situação: Enviando",
    "Enviado; o BonifiQ confirmou. (Atenção)",
    "Situação: Confirmada",
]


@pytest.fixture(name="make_ledger")
def ledger_maker(tmp_path: Path, qapp: object) -> Iterator[Callable[[Iterator[timedelta]], Ledger]]:
    """Return a function that opens a ledger; its clock is off by the next delta at each reading."""
    made: list[Ledger] = []

    def make(off: Iterator[timedelta]) -> Ledger:
        def clock() -> datetime:
            return START + next(off)

        made.append(Ledger(tmp_path / f"{len(made)}.db", clock=clock))
        return made[-1]

    yield make
    for ledger in made:
        ledger.close()


def timeline_without_times(ledger: Ledger, *, until: int = 99) -> list[str]:
    """Write a lost answer, a crash, a decision and an answer; return the timeline without its times."""
    number = refund(ledger).operation_id
    steps: tuple[Callable[[], object], ...] = (
        lambda: ledger.finish_attempt(start_attempt(ledger, ledger.queries.operation(number)), TIMED_OUT, UNKNOWN),
        lambda: start_attempt(ledger, ledger.queries.operation(number)),
        ledger.recover,
        lambda: ledger.resolve(number, State.UNKNOWN, Resolution(State.REVIEW)),
        lambda: ledger.resolve(number, State.REVIEW, Resolution(State.UNKNOWN, Evidence.PERSON), note="Ana: tentar"),
        lambda: ledger.finish_attempt(
            start_attempt(ledger, ledger.queries.operation(number)), ANSWERED_DONE, CONFIRMED
        ),
    )
    for step in steps[:until]:
        step()
    details = ledger.queries.details(number)
    assert details is not None
    return [line.split("  ", 1)[1] for line in timeline(details)]


JUMPS = {
    "steady": (timedelta(seconds=n) for n in range(1000)),
    "standing still": repeat(timedelta()),
    "running backwards": (timedelta(days=-n) for n in range(1000)),
    "days back and forth": chain.from_iterable(repeat([timedelta(days=d) for d in (0, -3, 40, -700, 2, -1, 9)])),
}


@pytest.mark.parametrize("clock", JUMPS.values(), ids=JUMPS)
def test_timeline_with_a_jumping_clock_keeps_the_order_of_writing(
    make_ledger: Callable[[Iterator[timedelta]], Ledger], clock: Iterator[timedelta]
) -> None:
    assert timeline_without_times(make_ledger(clock)) == STORY


def test_timeline_ends_with_the_running_attempt(make_ledger: Callable[[Iterator[timedelta]], Ledger]) -> None:
    told = timeline_without_times(make_ledger(timedelta(days=-n) for n in range(1000)), until=2)
    assert told[-2:] == ["Situação: Enviando", "Envio começado."]
