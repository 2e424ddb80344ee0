"""The windowed program dies at every point of a registration, for real; the next start ends in the truth.

`make soak` kills more of them, at points and moments drawn from a seed.
"""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support import oracle
from tests.support.cashier import PATIENCE, Cashier, history, wait_until
from tests.support.fork_server import PROMISED
from tests.support.headless_till import posted_requests
from tests.support.killable_window import ABOUT_TO_CONFIRM, CONFIRM
from tests.support.process_kills import RECOVERY_SECONDS, ForkServer

ACTIONS = {"refund": ("1001", 2590), "sale": ("", 15990), "cancel": ("1001", 0)}
ONE = "1 registro em andamento"
NONE = "Nada pendente"


@dataclass(frozen=True)
class Death:
    """Where the process dies (`point@times`; "" while an answer is awaited), and where again when it recovers.

    `evidence`: what the next start finds: nothing at all, an answer to its own sending, or that it was done already.
    """

    kill: str
    evidence: str
    again: str = ""
    offline: bool = False


DEATHS = {
    "just after the confirming key": Death("confirm:pressed@1", "nothing"),
    "before the intent is committed": Death("enqueue:commit@1", "nothing"),
    "intent committed": Death("enqueue:committed@1", "answer"),
    "attempt committed, no byte sent": Death("start_attempt:committed@1", "answer"),
    "applied, not answered": Death("", "done"),
    "answered, not committed": Death("finish_attempt:commit@1", "done"),
    "recovering": Death("finish_attempt:before@1", "done", again="recover:commit@1"),
    "recovered, not sent": Death("start_attempt:committed@1", "answer", again="recover:committed@1"),
    "offline": Death("finish_attempt:committed@1", "answer", offline=True),
}
DONE = {"refund": "key", "sale": "lookup", "cancel": "lookup"}


@pytest.fixture(name="fork_server", scope="module")
def process_that_forks_windows() -> Iterator[ForkServer]:
    """One for all: what takes long is to import the program."""
    with ForkServer("tests.support.killable_window") as fork_server:
        yield fork_server


def die(fork_server: ForkServer, server: TrainingServer, folder: Path, kind: str, death: Death) -> None:
    """Register as a cashier does, and be killed."""
    only: CallKind = kind  # type: ignore[assignment]
    server_of_the_job = {"url": server.url, "token": server.token, "key": server.key}
    job: dict[str, Any] = {"folder": str(folder), **server_of_the_job, "actions": [], "seconds": RECOVERY_SECONDS}
    if not death.kill:
        server.faults.add("hang", only=only)
    actions = [(kind, *ACTIONS[kind])]
    process = fork_server.start({**job, "actions": actions, "kill": death.kill, "counter": str(folder.parent)})
    wait_until((folder.parent / ABOUT_TO_CONFIRM).exists, "the cashier")
    if death.offline:
        server.refuse_connections()
    (folder.parent / CONFIRM).touch()
    if not death.kill:
        assert server.faults.wait_until_held(PATIENCE), "the request never came"
        os.kill(process, signal.SIGKILL)
    assert fork_server.wait() == -signal.SIGKILL
    server.faults.release()
    server.accept_connections()
    if death.again:
        assert fork_server.run({**job, "kill": death.again}) == -signal.SIGKILL


def judged(server: TrainingServer, folder: Path) -> list[oracle.Violation]:
    """Violations found by the oracle. Operations published to the killed window count as promised."""
    promised = folder / PROMISED
    ids = [int(line) for line in promised.read_text("utf-8").split()] if promised.exists() else []
    ledger = folder / "ledger.db"
    return oracle.find_violations(
        oracle.Observation(server.service, {"till": ledger}, promised=[("till", n) for n in ids])
    )


@pytest.mark.parametrize("kind", ACTIONS)
@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
def test_program_killed_anywhere_settles_the_operation_at_the_next_start(
    fork_server: ForkServer,
    server: TrainingServer,
    credentials: None,
    start: Callable[..., Cashier],
    tmp_path: Path,
    kind: str,
    death: Death,
) -> None:
    folder = tmp_path / "data"
    die(fork_server, server, folder, kind, death)
    cashier = start("--data-dir", str(folder), "--api-url", server.url)
    wait_until(lambda: cashier.counted, "the first count")
    registered = death.evidence != "nothing"
    assert cashier.counted[0] == (ONE if registered else NONE)
    wait_until(lambda: cashier.counted[-1] == NONE, "the empty outbox")
    expected = {"nothing": [], "answer": ["answer"], "done": [DONE[kind]]}[death.evidence]
    assert [row["evidence"] for row in history(folder)] == expected
    assert [entry.kind for entry in server.service.applied] == [kind] * registered
    assert len({request.body for request in posted_requests(server)}) == registered
    assert judged(server, folder) == []
    if kind != "cancel" and death.kill.startswith(("confirm", "enqueue")):
        confirm_what_is_left(cashier, kind)
        wait_until(lambda: cashier.counted[-1] == NONE, "the empty outbox")
        assert [entry.kind for entry in server.service.applied] == [kind]


def confirm_what_is_left(cashier: Cashier, kind: str) -> None:
    """The draft outlived the process: the cashier goes on where he was, whether or not it was registered."""
    if kind == "refund":
        cashier.look_up("1001")
        cashier.open_refund()
        wait_until(lambda: cashier.text("refundValue") == "25,90", "the draft")
        cashier.confirm_refund()
    else:
        cashier.press(Qt.Key.Key_F3)
        wait_until(lambda: cashier.text("saleTotal") == "159,90", "the draft")
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
    message, outcome = cashier.find(f"{kind}Message"), cashier.find(f"{kind}Outcome")
    said = "já estava registrado"
    wait_until(lambda: said in message.text() or outcome.property("state") == "confirmed", "what became of it")
