"""Several programs start on one data folder at the same moment: one gets it, and nothing is sent twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bonifiq_desktop.cli.console import ALREADY_RUNNING
from bonifiq_desktop.domain.operations import FINAL, Evidence, Kind, Operation, State
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.storage.settings import account_for_token
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS
from tests.support import oracle
from tests.support.cashier import PATIENCE, program
from tests.support.headless_till import SALE, Till, applied, credentials_of, posted_requests

RACERS = 6
ORDERS = ("1001", "1002", "1003", "1004", "1006/B", "1008", "1009", "1011", "1012")

# Loads the program, says so, and starts it when the gun goes off: the pipe that all racers read from is closed.
_RACER = """
import sys
from bonifiq_desktop import app, cli

print("ready", flush=True)
sys.stdin.read()
sys.exit(cli.main(sys.argv[1:]))
"""


@dataclass(frozen=True)
class CrashedTill:
    """A till's data folder, as a dead process left it, and the server that it belongs to."""

    folder: Path
    server: TrainingServer

    def operations(self) -> list[Operation]:
        """What is on disk, oldest first."""
        return list(read_operations(self.folder / "ledger.db"))[::-1]

    def wait_until(self, is_so: Callable[[list[Operation]], bool]) -> list[Operation]:
        """What is on disk once it is so."""
        end = time.monotonic() + PATIENCE
        while not is_so(operations := self.operations()):
            assert time.monotonic() < end, operations
            time.sleep(0.01)
        return operations

    def bodies(self) -> list[bytes]:
        """The requests that wanted to change something."""
        return [request.body for request in posted_requests(self.server)]

    def judged(self) -> list[oracle.Violation]:
        """What the oracle finds."""
        return oracle.find_violations(oracle.Observation(self.server.service, {"till": self.folder / "ledger.db"}))


@pytest.fixture(name="crashed_till")
def till_of_a_killed_process(server: TrainingServer, tmp_path: Path) -> CrashedTill:
    """Twenty operations are queued; the first of all was being sent when the process died."""
    settings = replace(SETTINGS, account=account_for_token(server.token))  # the shop of the programs' pair
    till = Till(tmp_path / "data", server.url, credentials_of(server), settings=settings)
    interrupted = till.refund(100, "1007")
    for number, order_id in enumerate(ORDERS):
        till.sell(replace(SALE, order_id=""))  # of this till's own numbers: those need no look-up
        till.refund(100 + number, order_id)
        if order_id == "1004":
            till.cancel("1010")
    till.sell(replace(SALE, order_id=""))
    till.ledger.start_attempt(interrupted.operation_id, till.connection.server_id)
    till.close()
    crashed_till = CrashedTill(tmp_path / "data", server)
    assert [operation.state for operation in crashed_till.operations()] == [State.SENDING, *[State.QUEUED] * 20]
    return crashed_till


@contextmanager
def race(crashed_till: CrashedTill) -> Iterator[subprocess.Popen[str]]:
    """Start the programs at once; the one that got the folder, after all others have left."""
    environment = {
        **os.environ,
        "BONIFIQ_API_TOKEN": crashed_till.server.token,
        "BONIFIQ_API_KEY": crashed_till.server.key,
        "TMPDIR": str(crashed_till.folder),  # a killed program leaves its socket there
    }
    track, gun = os.pipe()
    with ExitStack() as line_up:
        racers = [
            line_up.enter_context(
                subprocess.Popen(
                    [
                        sys.executable,
                        "-c",
                        _RACER,
                        "--data-dir",
                        str(crashed_till.folder),
                        "--api-url",
                        crashed_till.server.url,
                    ],
                    env=environment,
                    stdin=track,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(RACERS)
        ]
        for racer in racers:
            line_up.callback(racer.kill)
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        os.close(track)
        os.close(gun)
        end = time.monotonic() + PATIENCE
        while sum(racer.poll() is None for racer in racers) > 1:
            assert time.monotonic() < end, "several programs share the folder"
            time.sleep(0.01)
        [winner] = [racer for racer in racers if racer.poll() is None]
        for loser in racers:
            if loser is not winner:
                assert loser.stderr is not None
                assert "o programa já está aberto com esta pasta de dados" in loser.stderr.read()
                assert loser.returncode == ALREADY_RUNNING
        yield winner


def all_final(operations: list[Operation]) -> bool:
    return all(operation.state in FINAL for operation in operations)


def test_one_of_six_programs_gets_the_folder_and_applies_each_operation_once(crashed_till: CrashedTill) -> None:
    before = crashed_till.operations()
    with race(crashed_till):
        done = crashed_till.wait_until(all_final)
    assert {operation.state for operation in done} == {State.CONFIRMED}
    assert sorted(applied(crashed_till.server)) == sorted((o.kind.value, o.order_id, o.value) for o in before)
    # The connection is sound and one program sends: no request came a second time.
    assert len(crashed_till.bodies()) == len(set(crashed_till.bodies())) == len(before)
    assert crashed_till.judged() == []


def test_folder_of_a_killed_program_is_taken_over_and_every_operation_settles(crashed_till: CrashedTill) -> None:
    crashed_till.server.faults.add("hang", only="cancel")
    with race(crashed_till) as first:
        assert crashed_till.server.faults.wait_until_held(PATIENCE), "the cancellation never came"
        first.send_signal(signal.SIGKILL)
        first.wait()
    sent_before = crashed_till.bodies()
    crashed_till.server.faults.release()
    left = [operation.state for operation in crashed_till.operations()]
    assert left == [*[State.CONFIRMED] * 9, State.SENDING, *[State.QUEUED] * 11]
    with race(crashed_till) as second:
        assert (crashed_till.folder / "in-use.lock").read_text().startswith(f"{second.pid}\n")
        done = crashed_till.wait_until(all_final)
    assert [operation.state for operation in done] == [State.CONFIRMED] * len(done)
    assert [operation.kind for operation in done if operation.evidence is Evidence.LOOKUP] == [Kind.CANCEL]
    assert crashed_till.bodies()[:10] == sent_before
    assert len(set(crashed_till.bodies())) == len(crashed_till.bodies()) == len(done), (
        "what a look-up settles is not sent again"
    )
    assert crashed_till.judged() == []


@pytest.mark.parametrize("content", [b"", bytes(60), b"\xff\xfe half"], ids=["empty", "zeros", "half"])
def test_empty_lock_file_after_a_power_cut_does_not_block_the_start(tmp_path: Path, content: bytes) -> None:
    lock = tmp_path / "in-use.lock"
    lock.write_bytes(content)
    an_hour_ago = time.time() - 3600
    os.utime(lock, (an_hour_ago, an_hour_ago))
    done = program("--data-dir", str(tmp_path), "--quit-when-ready")
    assert done.returncode == 0, done.stderr
