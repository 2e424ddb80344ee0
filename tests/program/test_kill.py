"""The process dies between the sent request and its answer, for real; the next start ends in the truth."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bonifiq_desktop.training.server import TrainingServer
from tests.program.cashier import PATIENCE, history

# Drives the real program by object names and keys, and prints what is on the screen when the request is out.
_REFUND = """
import sys
from PySide6.QtCore import Qt
from tests.program.cashier import Cashier
from bonifiq_desktop.app import build

app = build(sys.argv[1:])
app.start()
cashier = Cashier(app)
cashier.look_up("1001")
cashier.open_refund()
cashier.type("refundValue", "2590")
cashier.confirm_refund()
cashier.wait_for_state("refundOutcome", "confirmed")
"""

_SALE = """
import sys
from PySide6.QtCore import Qt
from tests.program.cashier import Cashier
from bonifiq_desktop.app import build

app = build(sys.argv[1:])
app.start()
cashier = Cashier(app)
cashier.fill_sale("15990")
cashier.press(Qt.Key.Key_Return, "saleSubmit")
cashier.wait_for_state("saleOutcome", "confirmed")
"""


def _run(data: Path, server: TrainingServer, *command: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "BONIFIQ_API_TOKEN": server.token, "BONIFIQ_API_KEY": server.key, "TMPDIR": str(data)}
    arguments = [sys.executable, *command, "--data-dir", str(data), "--api-url", server.url]
    return subprocess.Popen(arguments, env=environment)


@pytest.mark.parametrize(("script", "kind"), [(_REFUND, "refund"), (_SALE, "sale")])
def test_killed_between_request_and_answer_the_next_start_ends_with_one_application(
    server: TrainingServer, tmp_path: Path, script: str, kind: str
) -> None:
    server.faults.add("hang", only="refund" if kind == "refund" else "sale")
    first = _run(tmp_path, server, "-c", script)
    try:
        assert server.faults.wait_until_hanging(PATIENCE), "the request never came"
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert history(tmp_path)[0]["state"] == "sending"
    server.faults.release()
    second = _run(tmp_path, server, "-m", "bonifiq_desktop")
    try:
        end = time.monotonic() + PATIENCE
        while (rows := history(tmp_path))[0]["state"] != "confirmed":
            assert time.monotonic() < end, rows
    finally:
        second.kill()
        second.wait()
    [row] = rows
    assert row["evidence"] == ("key" if kind == "refund" else "lookup")
    assert [entry.kind for entry in server.shop.applied] == [kind]
    bodies = {request.body for request in server.shop.requests if request.method == "POST"}
    assert len(bodies) == 1
