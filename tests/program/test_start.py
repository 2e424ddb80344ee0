"""Start of the program: the first screen is painted and takes keys before the rest is imported."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from bonifiq_desktop import app as program
from bonifiq_desktop.arguments import parse_arguments
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.single_instance import SingleInstance
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status
from tests.support.cashier import Cashier, let_work, wait_until

Begin = Callable[[], Cashier]

# What the first paint must not wait for: the network and its parts, the ledger, the keyring, the training server, and
# PySide's `Qt` class, whose enums take as long to make as the whole window.
NOT_YET = """
import os, sys
import PySide6.QtCore
from bonifiq_desktop import app as program
from bonifiq_desktop.arguments import parse_arguments

app = program.App(parse_arguments(["--data-dir", sys.argv[1]]))

def painted():
    slow = {"asyncio", "ssl", "httpx", "pydantic", "sqlite3", "keyring", "cryptography", "jsonschema", "starlette",
            "uvicorn", "phonenumbers", "psycopg", "hashlib", "decimal", "PySide6.QtNetwork",
            "bonifiq_desktop.ui.window_content",
            "bonifiq_desktop.worker.commands", "bonifiq_desktop.worker.thread", "bonifiq_desktop.diagnostics.log_file"}
    print("loaded:", sorted(slow & set(sys.modules)))
    print("Qt:", "Qt" in vars(PySide6.QtCore))
    print("focus:", app.window.focusWidget().objectName())
    sys.stdout.flush()
    os._exit(0)

app.window.painted.connect(painted)
app.start()
app._qt.exec()
"""


def test_first_paint_imports_nothing_slow_and_focuses_the_field(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOT_YET, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.splitlines() == ["loaded: []", "Qt: False", "focus: lookupField"], done.stderr


@pytest.fixture(name="begin")
def begun_programs(qapp: QApplication, server: TrainingServer, credentials: None, tmp_path: Path) -> Iterator[Begin]:
    """Starts programs as the command line does, of which only the first screen is there at once."""
    del qapp
    running: list[program.App] = []

    def begin() -> Cashier:
        app = program.App(parse_arguments(["--data-dir", str(tmp_path / "data"), "--api-url", server.url]))
        running.append(app)
        return Cashier(app)

    yield begin
    for app in running:
        assert app.stop()
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def names_in(thing: QObject) -> set[str]:
    return {child.objectName() for child in thing.findChildren(QObject) if not child.objectName().startswith("qt_")}


def test_number_typed_at_the_first_paint_is_looked_up(begin: Begin) -> None:
    cashier = begin()
    pressed: list[bool] = []

    def type_at_once() -> None:
        field = cashier.find("lookupField", QLineEdit)
        QTest.keyClicks(field, "1001")
        QTest.keyClick(field, Qt.Key.Key_Return)
        pressed.append(cashier.app.client._thread is None)

    cashier.window.painted.connect(type_at_once)
    cashier.app.start()
    wait_until(lambda: bool(pressed), "the first paint")
    assert pressed == [True], "the worker ran already"
    wait_until(lambda: cashier.window.findChild(QObject, "orderCard") is not None, "the answer's place")
    wait_until(lambda: cashier.find("orderCard").property("orderId") == "1001", "the card")
    wait_until(lambda: cashier.text("connectionStatus") == "Conectado agora", "the corner")


@pytest.mark.parametrize(
    ("key", "field"),
    [(Qt.Key.Key_F3, "saleDocument"), (Qt.Key.Key_F4, "historySearch"), (Qt.Key.Key_F9, "settingsUrl")],
)
def test_key_pressed_at_the_first_paint_opens_its_page(begin: Begin, key: Qt.Key, field: str) -> None:
    cashier = begin()
    cashier.window.painted.connect(lambda: QTest.keyClick(cashier.window, key))
    cashier.app.start()
    wait_until(lambda: cashier.window.findChild(QLineEdit, field) is not None, field)
    wait_until(cashier.find(field).isVisible, "the screen")
    wait_until(lambda: "Nada pendente" in cashier.text("pendingCount"), "the worker")


def test_window_loaded_after_the_paint_equals_the_built_one(begin: Begin) -> None:
    cashier = begin()
    assert {"lookupField", "navSettings", "connectionStatus"} <= names_in(cashier.window)
    assert not {"orderCard", "saleTotal", "settingsUrl", "historyTable"} & names_in(cashier.window)
    cashier.app.start()
    wait_until(lambda: "Nada pendente" in cashier.text("pendingCount"), "the worker")
    piecemeal = names_in(cashier.window)
    assert cashier.app.stop()
    at_once = begin()
    at_once.app.finish()
    assert names_in(at_once.window) == piecemeal


def test_program_stopped_at_the_first_paint_ends_in_order(begin: Begin) -> None:
    cashier = begin()
    ended: list[bool] = []
    cashier.window.painted.connect(lambda: ended.append(cashier.app.stop()))
    cashier.app.start()
    wait_until(lambda: bool(ended), "the end")
    let_work(0.3)  # what was under way may not come back to a window that is gone
    assert ended == [True]
    assert cashier.app.client._thread is None


BROKEN = """
import sys
from bonifiq_desktop import app as program
from bonifiq_desktop.arguments import parse_arguments
from bonifiq_desktop.ui import window_content

window_content.SalePage = lambda _client: 1 / 0
sys.exit(program.App(parse_arguments(["--data-dir", sys.argv[1]])).run())
"""


def test_error_while_loading_ends_the_program_with_a_report(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    [report] = (tmp_path / "reports").glob("crash-*.json")
    assert json.loads(report.read_text())["error"] == ["ZeroDivisionError"]
    assert "start failed" in (tmp_path / "logs" / "bonifiq-desktop.log").read_text()


def test_missing_qtnetwork_costs_only_the_raised_window(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ImportError("QtNetwork")

    monkeypatch.setattr(SingleInstance, "listen", fail)
    cashier = begin()
    cashier.app.start()
    wait_until(lambda: "Nada pendente" in cashier.text("pendingCount"), "the worker")


def test_unwritable_log_does_not_stop_the_program(begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "logs").write_text("a file in the folder's place")
    cashier = begin()
    cashier.app.start()
    wait_until(lambda: "Nada pendente" in cashier.text("pendingCount"), "the worker")


def test_toggled_side_bar_button_shows_its_page(begin: Begin) -> None:
    cashier = begin()
    cashier.app.start()
    wait_until(lambda: "Nada pendente" in cashier.text("pendingCount"), "the worker")
    cashier.find("navHistory", QPushButton).toggle()
    assert cashier.find("historySearch").isVisible()
    cashier.press(Qt.Key.Key_F2)
    assert cashier.find("lookupField").isVisible()


def test_log_off_before_loading_closes_without_a_question(begin: Begin) -> None:
    cashier = begin()
    cashier.window.prepare_to_leave()
    cashier.app.finish()
    cashier.app.client.statusChanged.emit(Status(ConnectionStatus.ONLINE, 1, 0, stopped_by_credentials=False))
    assert cashier.window.content.may_close()


def test_second_start_waits_for_the_first_to_listen(begin: Begin, tmp_path: Path) -> None:
    cashier = begin()
    with subprocess.Popen(
        [sys.executable, "-m", "bonifiq_desktop", "--data-dir", str(tmp_path / "data")],
        stderr=subprocess.PIPE,
        text=True,
    ) as second:
        let_work(1.0)
        cashier.app.start()
        while second.poll() is None:
            let_work(0.02)
        assert second.stderr is not None
        assert "foi trazida para a frente" in second.stderr.read()
    assert second.returncode == 3


def test_label_text_format_is_plain_text(qapp: QApplication) -> None:
    del qapp
    made = label("<b>Ana</b>")
    assert isinstance(made, QLabel)
    assert made.textFormat() is Qt.TextFormat.PlainText


def test_client_submit_after_worker_crash_returns_id_before_outcome(qapp: QApplication) -> None:
    del qapp
    from bonifiq_desktop.worker import commands as c

    async def crash(_publish: Callable[[object], None]) -> None:
        sys.exit()

    client = WorkerClient(crash)  # type: ignore[arg-type]
    client.start()
    assert client._thread is not None
    client._thread.join()
    outcomes: list[int] = []
    request_id = client.submit(c.LookUp("1001"), lambda outcome: outcomes.append(outcome.request_id))
    assert outcomes == []
    wait_until(lambda: outcomes == [request_id], "the outcome")
