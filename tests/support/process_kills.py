"""Kill plans: a till is killed, restarted, perhaps killed again, and then recovers. One seed makes one plan."""

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
from bonifiq_desktop.training_server.fault_injection.answer_forms import ANSWER_FORMS, KeyUsedForm
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.loyalty_service import ServiceOptions
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support import oracle
from tests.support.fork_server import KILL_POINTS, PROMISED
from tests.support.service_options import random_options

RECOVERY_SECONDS = 20.0
"""Seconds in which every operation must settle. Usually a tenth of a second is enough."""

OFFLINE = "offline"
NETWORK_STATES: tuple[FaultName | str | None, ...] = (
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
class KillPlan:
    """The registered operation, the state of the network, and the points of death (`point@times`).

    - `second_kill`: where the restarted process dies.
    - `from_memory`: registered from a cached order.
    """

    kind: str
    network: str | None
    first_kill: str
    second_kill: str = ""
    form: KeyUsedForm = "code_name"
    from_memory: bool = False
    options: ServiceOptions = field(default_factory=ServiceOptions)


@dataclass(frozen=True)
class KillResult:
    """The result of a kill plan. `kills`: processes that were killed; `states`: of the operations on disk."""

    findings: list[oracle.Violation]
    kills: int
    states: list[str]


class ForkServer:
    """A client of `tests/support/fork_server.py`. `play`: the module whose `run` the children call."""

    def __init__(self, *play: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fork_server", *play],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def run(self, job: dict[str, Any]) -> int:
        """Run one till. Return 0, or the signal that ended it as a negative number."""
        self.start(job)
        return self.wait()

    def start(self, job: dict[str, Any]) -> int:
        """Start one till and return its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(job)}\n")
        self._process.stdin.flush()
        return self._read_number()

    def wait(self) -> int:
        """Wait for the started till to end. Return 0, or the signal that ended it as a negative number."""
        return self._read_number()

    def _read_number(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


def random_plan(seed: int) -> KillPlan:
    """The kill plan of a seed."""
    rng = Random(seed)
    line = rng.choice(NETWORK_STATES)

    def point() -> str:
        return f"after@{rng.uniform(0.01, 0.3):.4f}" if rng.random() < 0.2 else _random_point(rng)

    second = point() if rng.random() < 0.5 else ""
    return KillPlan(
        kind=rng.choice(("refund", "sale", "cancel")),
        network=line,
        first_kill=point(),
        second_kill=second,
        form=rng.choice(ANSWER_FORMS["key_used_form"]),
        from_memory=rng.random() < 0.3,
        options=random_options(rng),
    )


def _random_point(rng: Random) -> str:
    return f"{rng.choice(KILL_POINTS)}@{rng.choice((1, 1, 1, 2))}"


def run_plan(fork_server: ForkServer, folder: Path, plan: KillPlan) -> KillResult:
    """Kill, restart, perhaps kill again, recover, and check the promises."""
    folder.mkdir(parents=True)
    with TrainingServer(contract=resource("contract/bonifiq.openapi.json")) as server:
        server.faults.key_used_form = plan.form
        server.service.set_options(**plan.options)
        job = {"folder": str(folder), "url": server.url, "token": server.token, "key": server.key}
        order = {"refund": ("1001", 2590), "sale": ("2001", 9000), "cancel": ("1001", 0)}[plan.kind]
        actions: list[Any] = [(plan.kind, *order, plan.from_memory)]
        ends = []
        if plan.network == OFFLINE:
            ends.append(
                fork_server.run({**job, "actions": actions, "seconds": 0, "kill": _if(plan.first_kill, begin=True)})
            )
            server.refuse_connections()
            actions = []
        elif plan.network:
            name: FaultName = plan.network  # type: ignore[assignment]
            server.faults.add(name, only=plan.kind, seconds=0.1)  # type: ignore[arg-type]
        offline = plan.network == OFFLINE
        kill = _if(plan.first_kill, begin=False) if offline else plan.first_kill
        ends.append(
            fork_server.run({**job, "actions": actions, "seconds": 1.5 if offline else RECOVERY_SECONDS, "kill": kill})
        )
        server.accept_connections()
        if plan.second_kill:
            ends.append(fork_server.run({**job, "actions": [], "seconds": RECOVERY_SECONDS, "kill": plan.second_kill}))
        ends.append(fork_server.run({**job, "actions": [], "seconds": RECOVERY_SECONDS, "kill": ""}))
        assert ends[-1] == 0, "the last start failed"
        assert set(ends) <= {0, -signal.SIGKILL, -signal.SIGALRM}, ends
        ledger, promised = folder / "ledger.db", folder / PROMISED
        ids = [int(line) for line in promised.read_text("utf-8").split()] if promised.exists() else []
        evidence = oracle.Observation(server.service, {"till": ledger}, promised=[("till", number) for number in ids])
        states = [row.state for row in oracle.read_rows("till", ledger)]
        return KillResult(oracle.find_violations(evidence), sum(end != 0 for end in ends), states)


def _if(point: str, *, begin: bool) -> str:
    """The point, if it belongs to this process. Offline, one process registers and a second one sends."""
    return point if begin is point.startswith("enqueue:") else ""
