"""Kill plans of a checkout: a till is killed, restarted, perhaps killed again; then a person undoes what is offered."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind, FaultName
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support import checkout_oracle
from tests.support.checkout_oracle import Memory, Shown
from tests.support.fork_server import KILL_POINTS, PROMISED
from tests.support.killable_checkout import AMOUNT, CHECKOUT, CHECKOUT_STEPS, GROSS
from tests.support.process_kills import ForkServer, KillResult

RECOVERY_SECONDS = 20.0
PLAY = "tests.support.killable_checkout"
ENDS = ("sale", "reversal", "")
NETWORK_STATES: tuple[FaultName | None, ...] = (
    None,
    None,
    None,
    "lose_answer",
    "close",
    "error_500_after",
    "twice",
    "delay",
)
_POINTS = (*KILL_POINTS, *(f"{step}:{place}" for step in CHECKOUT_STEPS for place in ("before", "commit", "committed")))


@dataclass(frozen=True)
class CheckoutKillPlan:
    """What the cashier does, the fault of the redemption and of its end, and the points of death (`point@times`).

    `end`: "sale", "reversal" or "" for a cashier who leaves; `early`: before the redemption is answered.
    """

    end: str
    first_kill: str
    second_kill: str = ""
    early: bool = False
    redeem_fault: FaultName | None = None
    end_fault: FaultName | None = None
    options: dict[str, Any] = field(default_factory=dict)


def random_checkout_plan(seed: int) -> CheckoutKillPlan:
    """The kill plan of a seed."""
    rng = Random(seed)

    def point() -> str:
        if rng.random() < 0.2:
            return f"after@{rng.uniform(0.01, 0.3):.4f}"
        return f"{rng.choice(_POINTS)}@{rng.choice((1, 1, 2, 2, 3))}"

    options = {name: rng.choice(values) for name, values in REWARD_OPTIONS.items()}
    return CheckoutKillPlan(
        rng.choice(ENDS),
        point(),
        point() if rng.random() < 0.5 else "",
        early=rng.random() < 0.5,
        redeem_fault=rng.choice(NETWORK_STATES),
        end_fault=rng.choice(NETWORK_STATES),
        options={**options, "code_delivery": "sent", "needs_check": False},
    )


def run_checkout_plan(fork_server: ForkServer, folder: Path, plan: CheckoutKillPlan) -> KillResult:
    """Kill, restart, perhaps kill again, let a person undo what is offered, and check the promises."""
    folder.mkdir(parents=True)
    with TrainingServer(contract=resource("contract/bonifiq.openapi.json")) as server:
        server.service.rewards.set_options(**plan.options)
        memory = Memory.of(server.service)
        memory.shown[CHECKOUT] = Shown(GROSS, AMOUNT, 200, 0, "maria.santos@exemplo.com.br")
        faults: tuple[tuple[FaultName | None, CallKind], ...] = (
            (plan.redeem_fault, "redeem"),
            (plan.end_fault, "sale" if plan.end == "sale" else "reversal"),
        )
        for name, call in faults:
            if name is not None:
                server.faults.add(name, only=call, seconds=0.1)
        job = {"folder": str(folder), "url": server.url, "token": server.token, "key": server.key}
        wanted = {**job, "redeem": True, "end": plan.end, "early": plan.early}
        ends = [fork_server.run({**wanted, "kill": plan.first_kill})]
        if plan.second_kill:
            ends.append(fork_server.run({**job, "tidy": True, "kill": plan.second_kill}))
        ends.append(fork_server.run({**job, "tidy": True, "kill": ""}))
        assert ends[-1] == 0, "the last start failed"
        assert set(ends) <= {0, -signal.SIGKILL, -signal.SIGALRM}, ends
        ledger, promised = folder / "ledger.db", folder / PROMISED
        ids = [int(line) for line in promised.read_text("utf-8").split()] if promised.exists() else []
        memory.promised = [("till", number) for number in ids]
        findings = checkout_oracle.examine(server.service, {"till": ledger}, memory, may_wait=True)
        states = [row.state for row in checkout_oracle.read_checkouts("till", ledger)]
        return KillResult(findings, sum(end != 0 for end in ends), states)
