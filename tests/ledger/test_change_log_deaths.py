"""The change log of a till that is killed: a change is there exactly if the row that it tells is."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random

from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANA, KEYS, ORDER, Clock, confirm, refund
from tests.support.told_changes import assert_told, broken_links, tell_everything

DEATHS = 4
REPOSITORY = Path(__file__).parents[2]


def work_until_killed(path: Path) -> None:
    """Register and confirm refunds, one line for each."""
    ledger = Ledger(path, clock=Clock(), customer_keys=KEYS)
    ledger.recover()
    done = len(ledger.queries.operations_where("", ()))
    for number in count(done):
        order = replace(ORDER, order_id=f"P-{number}", customer=replace(ANA, name=f"Ana {number}"))
        operation = refund(ledger, order_id=order.order_id, order=order)
        if number % 3:
            confirm(ledger, operation)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def test_killed_till_has_a_change_for_every_row_and_no_other(path: Path) -> None:
    with closing(Ledger(path, clock=Clock(), customer_keys=KEYS)) as ledger:
        for number in range(3):
            refund(ledger, order_id=f"O-{number}")
        ledger.changes.begin(1, "1a" * 16)
    random, before = Random(18), 0
    for _death in range(DEATHS):
        program = [sys.executable, "-B", "-m", __name__, str(path)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as till:
            assert till.stdout is not None
            for _line in zip(range(random.randint(1, 6)), till.stdout, strict=False):
                pass
            till.kill()
        with closing(Ledger(path, clock=Clock(), customer_keys=KEYS)) as ledger:
            changes = ledger.changes.after(0, 100_000)
            assert not broken_links(changes)
            assert len(changes) > before
            before = len(changes)
    with closing(Ledger(path, clock=Clock(), customer_keys=KEYS)) as ledger:
        tell_everything(ledger)
        assert_told(path, ledger)


if __name__ == "__main__":
    work_until_killed(Path(sys.argv[1]))
