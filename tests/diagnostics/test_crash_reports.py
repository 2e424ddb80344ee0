"""Reports of crashes: what helps to find the fault, nothing of a customer, never more than ten."""

import json
import logging
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import bonifiq_desktop
from bonifiq_desktop.diagnostics.crash_reports import (
    fault_code,
    read_crash_reports,
    read_fault_log,
    report_fault,
    write_crash_report,
)
from bonifiq_desktop.diagnostics.fault_handler import recording_faults
from bonifiq_desktop.diagnostics.log_file import start_logging, stop_logging
from bonifiq_desktop.storage.files import write_json, write_private
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, save_settings

SECRETS = ("maria", "52998224725", "ana@exemplo.com.br", "tok-4711", "11987654321")
FAULT = """Fatal Python error: Segmentation fault

Stack (most recent call first):
  File "/home/maria/bonifiq_desktop/.venv/lib/python3.11/site-packages/shiboken6/x.py", line 1 in maria
  File "{root}bonifiq_desktop{slash}ui{slash}main_window.py", line 12 in paintEvent
  File "{root}bonifiq_desktop{slash}app.py", line 130 in run
  File "/home/maria/start.py", line 3 in <module>

Extension modules: PySide6.QtCore, maria (total: 2)
"""


@pytest.fixture(name="till")
def till_with_a_log(tmp_path: Path) -> Iterator[Paths]:
    """A data folder whose log is open."""
    paths = Paths(tmp_path / "maria")
    paths.folder.mkdir(mode=0o700)
    start_logging(paths.logs)
    yield paths
    stop_logging()


def error_of(folder: Path) -> OSError:
    """Return an error whose texts name a customer, a user and a token."""
    try:
        try:
            raise ValueError(" ".join(SECRETS))
        except ValueError:
            write_private(folder / "maria-52998224725" / "x.json", b"tok-4711")
    except OSError as error:
        return error
    raise AssertionError


def report(till: Paths, **options: Any) -> dict[str, Any]:
    """Of such an error."""
    path = write_crash_report(till, error_of(till.folder), thread="MainThread", options=options.get("given", []))
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_crash_report_holds_error_frames_versions_and_log(till: Paths) -> None:
    save_settings(till.settings, Settings(language="en", order_paths="Order", sales_people=("maria",)))
    for number in range(60):
        logging.getLogger("bonifiq_desktop.test").info("before", extra={"operation": number})
    before = datetime.now(UTC)
    told = report(till, given=["--training"])
    assert abs(datetime.fromisoformat(told["at"]) - before).total_seconds() < 60
    assert (told["error"], told["errno"]) == (["FileNotFoundError", "ValueError"], "ENOENT")
    assert [frame.rpartition(" ")[2] for frame in told["trace"]] == ["write_private", "replace_atomically"]
    assert (told["thread"], told["options"]) == ("MainThread", ["--training"])
    assert (told["language"], told["order_paths"]) == ("en", "Order")
    assert told["versions"]["program"] == bonifiq_desktop.__version__
    assert {"python", "system", "PySide6-Essentials", "httpx"} <= told["versions"].keys()
    assert [line["operation"] for line in told["log"]] == list(range(10, 60))


def test_fault_code_is_the_same_for_the_same_fault_only(till: Paths) -> None:
    code = fault_code({"error": ["KeyError"], "trace": ["app.py:9 run", "ui/history/page.py:41 reload"]})
    assert re.fullmatch("E-[0-9A-F]{4}", code)
    moved = {"error": ["KeyError"], "trace": ["app.py:11 run", "ui/history/page.py:47 reload"]}
    elsewhere = {"error": ["KeyError"], "trace": ["ui/history/page.py:41 append"]}
    other = {"error": ["ValueError"], "trace": ["ui/history/page.py:41 reload"]}
    dead = {"fault": "Aborted", "trace": ["ui/history/page.py:41 reload"]}
    assert fault_code(moved) == code
    assert len({code, fault_code(elsewhere), fault_code(other), fault_code(dead), fault_code({})}) == 5
    assert report(till)["code"] == report(till)["code"]


def test_crash_report_holds_no_customer_user_or_credential(till: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONIFIQ_API_TOKEN", "tok-4711")
    save_settings(till.settings, Settings(url="https://maria.example/tok-4711", till="MARIA", account="tok-4711"))
    log = logging.getLogger("bonifiq_desktop.test")
    log.warning("said %s", SECRETS)
    log.error("no", exc_info=error_of(till.folder))
    path = write_crash_report(till, error_of(till.folder), thread="maria@pc", options=["--data-dir", "/home/maria"])
    written = path.read_text(encoding="utf-8").lower()
    assert "write_private" in written
    assert [secret for secret in SECRETS if secret in written] == []
    assert "thread" not in json.loads(written)
    assert "options" not in json.loads(written)


def test_crash_report_is_written_despite_unreadable_settings(till: Paths) -> None:
    till.settings.write_bytes(b"{")
    assert report(till)["error"] == ["FileNotFoundError", "ValueError"]


def test_ten_newest_crash_reports_are_kept_and_private(till: Paths) -> None:
    till.crash_reports.mkdir(mode=0o700)
    for stamp in ("20200101T000000Z", "20200102T000000Z"):
        for number in (1, 2, 9, 10, 11):
            write_json(till.crash_reports / f"crash-{stamp}-{number}.json", {"at": "2020-01-01T00:00:00.000+00:00"})
    (till.crash_reports / "mine.txt").write_text("not ours")
    made = [write_crash_report(till, ValueError(), thread="x", options=[]) for _ in range(3)]
    names = list(read_crash_reports(till))
    assert names == [f"crash-20200101T000000Z-{n}.json" for n in (10, 11)] + [
        f"crash-20200102T000000Z-{n}.json" for n in (1, 2, 9, 10, 11)
    ] + [path.name for path in made]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert stat.S_IMODE(till.crash_reports.stat().st_mode) == 0o700
    assert (till.crash_reports / "mine.txt").exists()


def test_crash_report_after_a_clock_change_is_not_the_one_deleted(till: Paths) -> None:
    till.crash_reports.mkdir(mode=0o700)
    for number in range(1, 11):
        write_json(till.crash_reports / f"crash-29990101T000000Z-{number}.json", {})
    path = write_crash_report(till, ValueError(), thread="x", options=[])
    assert path.exists()
    assert len(list(till.crash_reports.iterdir())) == 10


def test_foreign_fields_of_a_crash_report_are_not_read(till: Paths) -> None:
    path = write_crash_report(till, ValueError(), thread="x", options=[])
    told = json.loads(path.read_bytes())
    told |= {"note": "maria", "fault": "maria@x", "log": [{"event": "maria", "customer": "maria"}], "error": ["m ria"]}
    path.write_text(json.dumps(told | {"versions": {"program": "x" * 100}}))
    [read] = read_crash_reports(till).values()
    assert read.keys() == {"code", "at", "thread", "trace", "options", "language", "order_paths"}
    path.write_bytes(b"[" * 100_000)
    assert read_crash_reports(till) == {}


@pytest.mark.parametrize(("root", "slash"), [("/home/maria/bonifiq_desktop/", "/"), ("C:\\Users\\maria\\", "\\")])
def test_fault_log_becomes_one_crash_report(till: Paths, root: str, slash: str) -> None:
    till.crash_reports.mkdir(mode=0o700)
    (till.crash_reports / "fault.log").write_text(FAULT.format(root=root, slash=slash))
    path = report_fault(till)
    assert path is not None
    told = json.loads(path.read_bytes())
    assert told["fault"] == "Segmentation fault"
    assert told["trace"] == ["app.py:130 run", "ui/main_window.py:12 paintEvent"]
    assert {"died_at", "at", "versions", "log"} <= told.keys()
    assert "maria" not in path.read_text(encoding="utf-8").replace(str(till.folder), "")
    assert report_fault(till) is None
    assert [file.name for file in till.crash_reports.iterdir()] == [path.name]


def test_empty_fault_log_becomes_no_report(till: Paths) -> None:
    till.crash_reports.mkdir(mode=0o700)
    (till.crash_reports / "fault.log").touch()
    assert read_fault_log(till) is None
    assert report_fault(till) is None
    assert list(till.crash_reports.iterdir()) == []


def test_fault_log_is_deleted_when_the_run_ends_in_order(till: Paths) -> None:
    code = """if True:
        import faulthandler, stat, sys
        from pathlib import Path
        from bonifiq_desktop.storage.paths import Paths
        from bonifiq_desktop.diagnostics.fault_handler import recording_faults
        paths = Paths(Path(sys.argv[1]))
        with recording_faults(paths):
            assert faulthandler.is_enabled()
            log = paths.crash_reports / "fault.log"
            print(stat.S_IMODE(log.stat().st_mode) == 0o600)
            log.write_text("Windows fatal exception: code 0x8001010d")  # one that was handled
        assert not faulthandler.is_enabled()
    """
    done = subprocess.run([sys.executable, "-c", code, str(till.folder)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("True\n", "", 0)
    assert list(till.crash_reports.iterdir()) == []


def test_program_runs_without_a_writable_fault_log(till: Paths) -> None:
    till.crash_reports.write_bytes(b"in the way")
    with recording_faults(till):
        ran = True
    assert ran
    assert report_fault(till) is None
