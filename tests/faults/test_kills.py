"""Real processes, killed by SIGKILL around commits and sends; what the next start makes of it is the truth.

`make soak` draws a thousand more of these from a seed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kills import OFFLINE, Death, Zygote, die

# What dies where, how many processes that kills, and what the operation comes to.
DEATHS = [
    (Death("refund", None, "enqueue:commit@1"), 1, []),
    (Death("refund", None, "enqueue:committed@1"), 1, ["confirmed"]),
    (Death("refund", None, "start_attempt:committed@1", "recover:commit@1"), 2, ["confirmed"]),
    (Death("refund", None, "post:written@1", "finish_attempt:commit@1"), 2, ["confirmed"]),
    (Death("refund", "lose_answer", "post:after@1", "", "silent"), 1, ["review"]),
    (Death("sale", OFFLINE, "finish_attempt:committed@2"), 1, ["confirmed"]),
    (Death("sale", None, "post:answered@1", "resolve:commit@1"), 2, ["confirmed"]),
    (Death("cancel", "close", "post:after@1", "post:connected@1"), 2, ["confirmed"]),
]


@pytest.fixture(name="zygote", scope="module")
def process_that_forks_tills() -> Iterator[Zygote]:
    """One for all: what takes long is to import the program."""
    with Zygote() as zygote:
        yield zygote


@pytest.mark.parametrize(("death", "kills", "states"), DEATHS, ids=lambda value: getattr(value, "first", ""))
def test_killed_there_it_ends_in_the_truth(
    zygote: Zygote, tmp_path: Path, death: Death, kills: int, states: list[str]
) -> None:
    ending = die(zygote, tmp_path / "till", death)
    assert ending.findings == []
    assert (ending.kills, ending.states) == (kills, states)
