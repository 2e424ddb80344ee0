"""Uncaught errors and fatal signals: a message, a report, and no memory dump on disk."""

import ctypes
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from bonifiq_desktop.diagnostics.crash_reports import read_crash_reports
from bonifiq_desktop.ui.recovery import crash_handler
from bonifiq_desktop.ui.recovery.crash_dialog import CrashDialog
from tests.support.cashier import PATIENCE, Cashier, program, wait_until

SECRET = "Maria Aparecida 529.982.247-25"

pytestmark = pytest.mark.qt_no_exception_capture


def fail(text: str = SECRET) -> None:
    """A mistake of ours."""
    raise ZeroDivisionError(text)


def other_fail() -> None:
    """Another one."""
    raise KeyError(SECRET)


def dialogs(cashier: Cashier) -> list[CrashDialog]:
    return [dialog for dialog in cashier.window.findChildren(CrashDialog) if dialog.isVisible()]


def report_path(cashier: Cashier) -> Path:
    """Where the only report is."""
    [path] = cashier.app.paths.crash_reports.glob("crash-*.json")
    return path


def reports(cashier: Cashier) -> list[dict[str, Any]]:
    return list(read_crash_reports(cashier.app.paths).values())


def let_break(*mistakes: Callable[[], None]) -> None:
    """Have events of the window break under the real event loop: QTest's own would raise what breaks."""
    for mistake in mistakes:
        QTimer.singleShot(0, mistake)
    QTimer.singleShot(20, QApplication.exit)
    QApplication.exec()


def break_in_the_window(cashier: Cashier, mistake: Callable[[], None] = fail) -> CrashDialog:
    """Have something break in an event of the window, and wait for the dialog."""
    let_break(mistake)
    wait_until(lambda: dialogs(cashier), "the dialog")
    return dialogs(cashier)[0]


def test_window_error_shows_a_dialog_with_the_report(cashier: Cashier, capfd: pytest.CaptureFixture[str]) -> None:
    dialog = break_in_the_window(cashier)
    said = " ".join(label.text() for label in dialog.findChildren(type(cashier.find("trainingMark"))))
    assert "não esperava" in said
    assert "continua guardado; confira o Histórico (F4) antes de repetir." in said
    assert "sem dados de clientes" in said
    shown = report_path(cashier)
    assert stat.S_IMODE(shown.stat().st_mode) == 0o600
    [report] = reports(cashier)
    assert json.loads(shown.read_bytes()) == report
    assert re.fullmatch("E-[0-9A-F]{4}", report["code"])
    assert cashier.text("crashCode") == report["code"]
    assert (report["error"], report["thread"]) == (["ZeroDivisionError"], "MainThread")
    assert report["options"] == ["--data-dir", "--api-url"]
    assert report["log"][-1]["event"] == "unexpected error"
    cashier.press(Qt.Key.Key_Return, "crashContinue")
    wait_until(lambda: not dialogs(cashier), "the dialog to close")
    cashier.look_up("1001")  # and the window works on
    everything = "".join(path.read_text("utf-8") for path in cashier.app.paths.logs.iterdir()) + shown.read_text(
        "utf-8"
    )
    printed = "".join(capfd.readouterr())
    assert "Maria" not in everything + printed
    assert "ZeroDivisionError" in printed


def test_repeated_error_shows_one_dialog_a_minute(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = break_in_the_window(cashier)
    let_break(other_fail)
    wait_until(lambda: len(reports(cashier)) == 2, "the other report")
    let_break(fail, fail, fail, fail, fail)
    wait_until(lambda: log_of(cashier).count("unexpected error") == 7, "all of it in the log")
    assert dialogs(cashier) == [dialog]
    assert len(reports(cashier)) == 2
    dialog.accept()
    let_break(fail)
    wait_until(lambda: log_of(cashier).count("unexpected error") == 8, "one more")
    assert (dialogs(cashier), len(reports(cashier))) == ([], 2)
    now = time.monotonic()
    monkeypatch.setattr(crash_handler, "monotonic", lambda: now + 61)
    break_in_the_window(cashier)
    assert len(reports(cashier)) == 3


def log_of(cashier: Cashier) -> str:
    return (cashier.app.paths.logs / "bonifiq-desktop.log").read_text("utf-8")


def test_unwritable_report_is_mentioned_in_the_dialog(cashier: Cashier) -> None:
    cashier.app.paths.crash_reports.write_bytes(b"in the way")
    dialog = break_in_the_window(cashier)
    said = " ".join(label.text() for label in dialog.findChildren(type(cashier.find("trainingMark"))))
    assert "não pôde ser salvo" in said
    assert cashier.window.findChild(QPushButton, "crashFolder") is None
    assert re.fullmatch("E-[0-9A-F]{4}", cashier.text("crashCode"))


def test_crash_code_is_copied_and_the_support_file_holds_it(cashier: Cashier, tmp_path: Path) -> None:
    dialog = break_in_the_window(cashier)
    cashier.press(Qt.Key.Key_C, "crashContinue", Qt.KeyboardModifier.ControlModifier)
    [report] = reports(cashier)
    assert QApplication.clipboard().text() == report["code"]
    dialog.save_to(str(tmp_path / "support.zip"))
    cashier.wait_for_message("crashMessage", ("success",))
    with zipfile.ZipFile(tmp_path / "support.zip") as archive:
        assert report["code"] in archive.read("crashes.json").decode()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other programs to show a folder with")
def test_file_manager_gets_no_credentials(cashier: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = programs_that_tell(tmp_path, monkeypatch)
    break_in_the_window(cashier)
    assert os.environ["BONIFIQ_API_KEY"]
    cashier.find("crashFolder").click()
    arguments, environment = seen("xdg-open")
    assert arguments == [str(cashier.app.paths.crash_reports)]
    assert "HOME" in environment
    assert "BONIFIQ" not in environment


@pytest.mark.skipif(sys.platform != "linux", reason="the program that stands in is a shell script")
def test_training_process_gets_no_credentials(
    cashier: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = programs_that_tell(tmp_path, monkeypatch)
    monkeypatch.setattr(sys, "executable", "xdg-open")
    cashier.find("settingsPractise").click()
    arguments, environment = seen("xdg-open")
    assert arguments[:2] == ["-m", "bonifiq_desktop"]
    assert "--training" in arguments
    assert "HOME" in environment
    assert "BONIFIQ" not in environment


def programs_that_tell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[list[str], str]]:
    """Put a stand-in for xdg-open on the PATH, which records its arguments and environment."""
    told = folder / "told"
    script = folder / "bin" / "xdg-open"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{told}.arguments\nenv >{told}.part\nmv {told}.part {told}\n')
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")

    def seen(_name: str) -> tuple[list[str], str]:
        wait_until(told.exists, "the other program")
        return (folder / "told.arguments").read_text().splitlines(), told.read_text()

    return seen


def test_worker_crash_leaves_a_report_and_one_message(cashier: Cashier) -> None:
    thread = cashier.app.client._thread
    assert thread is not None
    thread._loop.call_soon_threadsafe(sys.exit, SECRET)
    wait_until(cashier.find("workerMessage").isVisible, "the sentence")
    wait_until(lambda: reports(cashier), "the report")
    [report] = reports(cashier)
    assert (report["error"], report["thread"]) == (["SystemExit"], "worker")
    assert "worker/thread.py" in report["trace"][0]
    assert report["log"][-1]["event"] == "worker crashed"
    assert dialogs(cashier) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_thread_error_leaves_a_report_without_a_dialog(cashier: Cashier) -> None:
    thread = threading.Thread(target=fail, name="helper")
    thread.start()
    thread.join()
    [report] = reports(cashier)
    assert (report["error"], report["thread"]) == (["ZeroDivisionError"], "helper")
    let_break(fail)
    wait_until(lambda: log_of(cashier).count('"unexpected error"') == 1, "the window's own")
    assert dialogs(cashier) == []


@pytest.mark.parametrize("is_open", [True, False])
def test_stopped_program_closes_dialogs_and_restores_hooks(
    cashier: Cashier, capfd: pytest.CaptureFixture[str], *, is_open: bool
) -> None:
    break_in_the_window(cashier)
    if not is_open:
        dialogs(cashier)[0].accept()
    sys.excepthook(KeyError, KeyError(SECRET), None)
    assert cashier.app.stop()
    QApplication.processEvents()
    assert dialogs(cashier) == []
    watches = [getattr(hook, "__self__", None) for hook in (sys.excepthook, threading.excepthook)]
    assert not any(isinstance(watch, crash_handler.CrashHandler) for watch in watches)


# --- deaths


def run_until_open(folder: Path, *, core_allowed: bool) -> subprocess.Popen[bytes]:
    """The program in a process of its own, in which a core dump would be written if the program allowed it."""

    def allow_cores() -> None:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    process = subprocess.Popen(
        [sys.executable, "-m", "bonifiq_desktop", "--data-dir", str(folder / "data")],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
        preexec_fn=allow_cores if core_allowed else None,  # noqa: PLW1509 - nothing else runs in it yet
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + PATIENCE
    while not (folder / "data" / "ledger.db").exists():
        assert process.poll() is None
        assert time.monotonic() < end, "waited in vain for the program"
        time.sleep(0.02)
    return process


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("number", "fault"), [(signal.SIGABRT, "Aborted"), (signal.SIGSEGV, "Segmentation fault")])
def test_fatal_signal_leaves_no_core_and_is_announced_once(
    start: Callable[..., Cashier], tmp_path: Path, number: signal.Signals, fault: str
) -> None:
    with run_until_open(tmp_path, core_allowed=True) as process:
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        ctypes.CDLL(None).tgkill(process.pid, process.pid, number)  # to the window's thread
    assert process.returncode == -number
    assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]
    assert list(tmp_path.glob("*core*")) == []
    cashier = start("--data-dir", str(tmp_path / "data"))
    assert "fechado de repente" in cashier.find("faultNotice").text()
    [report] = reports(cashier)
    assert report["fault"] == fault
    assert any(frame.startswith("app.py:") and frame.endswith(" run") for frame in report["trace"])
    cashier.press(Qt.Key.Key_F2)
    assert not cashier.find("faultNotice").isVisible()
    assert cashier.app.stop()
    again = start("--data-dir", str(tmp_path / "data"))
    assert not again.find("faultNotice").isVisible()
    assert len(reports(again)) == 1


def test_core_is_written_when_it_is_allowed(tmp_path: Path) -> None:
    """What the test above relies on, where this system writes cores into the folder at all."""
    pattern = Path("/proc/sys/kernel/core_pattern")
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if not pattern.exists() or pattern.read_text().strip() != "core" or hard == 0:
        pytest.skip("this system does not write cores here")
    code = "import os, resource; resource.setrlimit(resource.RLIMIT_CORE, (2**20, 2**20)); os.abort()"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    assert len(list(tmp_path.glob("*core*"))) == 1


def test_kill_or_normal_exit_announces_no_crash(start: Callable[..., Cashier], tmp_path: Path) -> None:
    with run_until_open(tmp_path, core_allowed=False) as process:
        assert (tmp_path / "data" / "reports" / "fault.log").exists()
        process.kill()
    cashier = start("--data-dir", str(tmp_path / "data"))
    assert not cashier.find("faultNotice").isVisible()
    assert cashier.app.stop()
    done = program("--data-dir", str(tmp_path / "data"), "--quit-when-ready")
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "data" / "reports").iterdir()) == []


def test_built_program_leaves_the_fault_handler_alone(cashier: Cashier) -> None:
    assert not (cashier.app.paths.crash_reports / "fault.log").exists()
