"""A disk that fails under a running till: unsynced operations are not sent, and the next start is correct."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.ledger import errors
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.messages.errors import message_for_error
from tests.support import failing_disk, oracle
from tests.support.fork_server import ERRORS, PROMISED
from tests.support.headless_till import posted_requests
from tests.support.process_kills import RECOVERY_SECONDS, ForkServer

ACTIONS = [("refund", "1001", 2590), ("sale", "V-1", 9000), ("cancel", "1002", 0)]

# Point from which the disk fails -> requests that may be sent: those with an attempt on the disk.
MOMENTS = {
    "enqueue:before@1": 0,
    "enqueue:commit@2": 0,
    "start_attempt:before@1": 0,
    "start_attempt:commit@1": 0,
    "start_attempt:committed@1": 1,
    "finish_attempt:commit@1": 1,
    "recover:commit@1": 0,
}
WORDS = {
    "LedgerFailed": ("não pôde ser gravado neste PC", "Nada foi registrado nem enviado"),
    "CommitUncertain": ("Não se sabe se o registro foi gravado", "Se foi, será enviado sozinho"),
}


@pytest.fixture(name="fork_server", scope="module")
def process_that_forks_tills() -> Iterator[ForkServer]:
    """One fork server for all tests, because importing the program takes long."""
    if reason := failing_disk.reason_unavailable():
        pytest.skip(reason)
    with ForkServer() as fork_server:
        yield fork_server


def lines_of(file: Path) -> list[str]:
    """The lines of a till's file, if it exists."""
    return file.read_text("utf-8").split() if file.exists() else []


@pytest.mark.parametrize("disk_failure", failing_disk.DISK_FAILURES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_operation_that_is_not_synced_is_not_sent(
    fork_server: ForkServer, server: TrainingServer, tmp_path: Path, disk_failure: str, moment: str
) -> None:
    job: dict[str, Any] = {"folder": str(tmp_path), "url": server.url, "token": server.token, "key": server.key}
    ill = {**job, "actions": ACTIONS, "seconds": 0.2, "kill": moment, "disk_failure": disk_failure}
    assert fork_server.run(ill) == (1 if moment.startswith("recover") else 0)  # the till cannot open its ledger
    assert len(posted_requests(server)) == MOMENTS[moment]
    said = lines_of(tmp_path / ERRORS)
    assert bool(said) == moment.startswith("enqueue")
    for name in said:
        words = message_for_error(getattr(errors, name)("disk"))
        assert all(part in f"{words.title} {words.effect}" for part in WORDS[name])
    registered = [int(line) for line in lines_of(tmp_path / PROMISED)]
    if disk_failure == "no room":
        assert set(said) <= {"LedgerFailed"}, "a full disk leaves no doubt"
    assert fork_server.run({**job, "actions": [], "seconds": RECOVERY_SECONDS, "kill": ""}) == 0
    ledger = tmp_path / "ledger.db"
    evidence = oracle.Observation(server.service, {"till": ledger}, promised=[("till", n) for n in registered])
    assert oracle.find_violations(evidence) == []
    assert {row.state for row in oracle.read_rows("till", ledger)} <= {"confirmed"}
