"""One till whose process is killed, started, perhaps killed again, and then left alone; all from one seed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.fault_injection.answer_forms import FORMS, KeyUsedForm
from bonifiq_desktop.training_server.fault_injection.faults import FaultName
from bonifiq_desktop.training_server.loyalty_service import Switches
from bonifiq_desktop.training_server.server import TrainingServer
from tests.faults import oracle
from tests.faults.services import drawn_switches
from tests.faults.zygote import POINTS, PROMISED

HEALING = 20.0
"""Seconds after which what has not settled counts as lost; it usually takes a tenth of one."""

OFFLINE = "offline"
LINES: tuple[FaultName | str | None, ...] = (
    None,
    None,
    OFFLINE,
    "lose_answer",
    "close",
    "error_500_after",
    "cut_without_length",
    "late_copy",
    "twice",
)


@dataclass(frozen=True)
class Death:
    """What is registered, how the line is, where the process dies (`point@times`), and where again when it recovers.

    `from_memory`: registered from the order as last seen.
    """

    kind: str
    line: str | None
    first: str
    second: str = ""
    form: KeyUsedForm = "code_name"
    from_memory: bool = False
    switches: Switches = field(default_factory=Switches)


@dataclass(frozen=True)
class Ending:
    """What came of it. `kills`: how many processes were really killed; `states`: of the operations on disk."""

    findings: list[oracle.Finding]
    kills: int
    states: list[str]


class Zygote:
    """A process that forks tills, or what `play` names; see `tests/faults/zygote.py`."""

    def __init__(self, *play: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote", *play],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def run(self, job: dict[str, Any]) -> int:
        """Run one till; returns 0, or the signal that ended it as a negative number."""
        self.start(job)
        return self.ended()

    def start(self, job: dict[str, Any]) -> int:
        """Start one till; returns the number of its process."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(job)}\n")
        self._process.stdin.flush()
        return self._told()

    def ended(self) -> int:
        """Wait until the till that was started ends; 0, or the signal that ended it as a negative number."""
        return self._told()

    def _told(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


def drawn(seed: int) -> Death:
    """The death that a seed stands for."""
    rng = Random(seed)
    line = rng.choice(LINES)

    def point() -> str:
        return f"after@{rng.uniform(0.01, 0.3):.4f}" if rng.random() < 0.2 else _point(rng)

    second = point() if rng.random() < 0.5 else ""
    return Death(
        kind=rng.choice(("refund", "sale", "cancel")),
        line=line,
        first=point(),
        second=second,
        form=rng.choice(FORMS["key_used_form"]),
        from_memory=rng.random() < 0.3,
        switches=drawn_switches(rng),
    )


def _point(rng: Random) -> str:
    return f"{rng.choice(POINTS)}@{rng.choice((1, 1, 1, 2))}"


def die(zygote: Zygote, folder: Path, death: Death) -> Ending:
    """Kill, recover, perhaps kill again, heal, and let the oracle judge."""
    folder.mkdir(parents=True)
    with TrainingServer(contract=resource("contract/bonifiq.openapi.json")) as server:
        server.faults.key_used_form = death.form
        server.shop.switch(**death.switches)
        job = {"folder": str(folder), "url": server.url, "token": server.token, "key": server.key}
        order = {"refund": ("1001", 2590), "sale": ("2001", 9000), "cancel": ("1001", 0)}[death.kind]
        actions: list[Any] = [(death.kind, *order, death.from_memory)]
        ends = []
        if death.line == OFFLINE:
            ends.append(zygote.run({**job, "actions": actions, "seconds": 0, "kill": _if(death.first, begin=True)}))
            server.refuse_connections()
            actions = []
        elif death.line:
            name: FaultName = death.line  # type: ignore[assignment]
            server.faults.add(name, only=death.kind, seconds=0.1)  # type: ignore[arg-type]
        offline = death.line == OFFLINE
        kill = _if(death.first, begin=False) if offline else death.first
        ends.append(zygote.run({**job, "actions": actions, "seconds": 0.3 if offline else HEALING, "kill": kill}))
        server.accept_connections()
        if death.second:
            ends.append(zygote.run({**job, "actions": [], "seconds": HEALING, "kill": death.second}))
        ends.append(zygote.run({**job, "actions": [], "seconds": HEALING, "kill": ""}))
        assert ends[-1] == 0, "the last start failed"
        assert set(ends) <= {0, -signal.SIGKILL, -signal.SIGALRM}, ends
        ledger, promised = folder / "ledger.db", folder / PROMISED
        ids = [int(line) for line in promised.read_text("utf-8").split()] if promised.exists() else []
        evidence = oracle.Evidence(server.shop, {"till": ledger}, promised=[("till", number) for number in ids])
        states = [row.state for row in oracle.rows_of("till", ledger)]
        return Ending(oracle.judge(evidence), sum(end != 0 for end in ends), states)


def _if(point: str, *, begin: bool) -> str:
    """Offline, registering and sending are two processes; a point belongs to one of them, an alarm to the second."""
    return point if begin is point.startswith("begin:") else ""
