"""The command line, in processes of their own."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import Qt

import bonifiq_desktop
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, program, wait_until
from tests.support.ledger_actions import START, sell

NO_SCREEN = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}


def test_version_needs_no_display() -> None:
    done = program("--version", **NO_SCREEN)
    assert (done.returncode, done.stdout.strip()) == (0, f"BonifiQ Desktop {bonifiq_desktop.__version__}")


@pytest.mark.parametrize("order", [("history", "--data-dir"), ("--data-dir", "history")])
def test_global_option_before_or_after_a_command_is_taken(tmp_path: Path, order: tuple[str, str]) -> None:
    arguments = [text for name in order for text in ([name, str(tmp_path / "empty")] if name != "history" else [name])]
    done = program(*arguments, **NO_SCREEN)
    assert done.returncode == 1
    assert f"não há histórico em {tmp_path / 'empty'}" in done.stderr


def test_help_lists_every_command_with_a_line_each() -> None:
    listed = program("--help", **NO_SCREEN).stdout.split("commands:")[1]
    for command in ("tour", "history", "day-close", "doctor", "connections", "training-server"):
        assert re.search(rf"^    {command} +\w+", listed, re.MULTILINE)


def test_help_lists_every_option_of_the_window() -> None:
    done = program("--help", **NO_SCREEN)
    assert done.returncode == 0
    for option in ("--training", "--data-dir", "--api-url", "--lang", "--version", "--quit-when-ready"):
        assert option in done.stdout


def test_window_without_a_display_prints_a_message_and_exits_with_2() -> None:
    done = program("--training", **NO_SCREEN)
    assert done.returncode == 2
    assert "não há tela" in done.stderr
    assert "Traceback" not in done.stderr


def test_window_with_a_dead_display_prints_a_message_and_exits_with_2() -> None:
    done = program("--training", **{**NO_SCREEN, "DISPLAY": ":7391"})
    assert done.returncode == 2
    assert "não há tela" in done.stderr


def test_quit_when_ready_leaves_with_0_after_the_first_paint(tmp_path: Path) -> None:
    done = program("--training", "--data-dir", str(tmp_path), "--quit-when-ready")
    assert done.returncode == 0, done.stderr


def test_plain_http_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    done = program("--data-dir", str(tmp_path), "--api-url", "http://example.com")
    assert done.returncode == 2
    assert "https" in done.stderr


def test_training_and_real_data_never_share_a_folder(tmp_path: Path) -> None:
    program("--training", "--data-dir", str(tmp_path), "--quit-when-ready")
    assert (tmp_path / "training").is_dir()
    assert not (tmp_path / "ledger.db").exists()


def test_second_start_raises_the_first_window_and_exits(cashier: Cashier, tmp_path: Path) -> None:
    cashier.window.showMinimized()
    with subprocess.Popen(
        [sys.executable, "-m", "bonifiq_desktop", "--data-dir", str(tmp_path / "data")],
        stderr=subprocess.PIPE,
        text=True,
    ) as second:
        while second.poll() is None:
            let_work(0.02)
        assert second.stderr is not None
        assert "já está aberto" in second.stderr.read()
    assert second.returncode == 3
    let_work(0.05)
    assert not cashier.window.isMinimized()


def test_lock_of_a_killed_program_does_not_block(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # a killed program leaves its socket there
    with subprocess.Popen(
        [sys.executable, "-m", "bonifiq_desktop", "--data-dir", str(tmp_path)], env=environment
    ) as first:
        while not (tmp_path / "ledger.db").exists():
            assert first.poll() is None
        first.kill()
    done = program("--data-dir", str(tmp_path), "--quit-when-ready")
    assert done.returncode == 0, done.stderr


def test_history_prints_the_same_operations_as_json_and_csv(cashier: Cashier, tmp_path: Path) -> None:
    cashier.refund("2590")
    data = str(tmp_path / "data")
    [row] = json.loads(program("history", "--format", "json", "--data-dir", data).stdout)
    assert list(row) == [
        "id", "kind", "system", "return_id", "order_id", "cancel_key", "value", "state", "evidence", "evidence_id",
        "attempts", "created_at", "settled_at",
    ]  # fmt: skip
    [line] = csv.DictReader(
        io.StringIO(program("history", "--format", "csv", "--data-dir", data).stdout), delimiter=";"
    )
    assert line["value"] == "25,90"
    assert {name: line[name] for name in ("order_id", "cancel_key", "state")} == {
        name: row[name] for name in ("order_id", "cancel_key", "state")
    }


def test_history_without_a_ledger_says_so(tmp_path: Path) -> None:
    done = program("history", "--data-dir", str(tmp_path))
    assert done.returncode == 1
    assert "não há histórico" in done.stderr


def test_doctor_prints_findings_and_no_secret(server: TrainingServer, tmp_path: Path) -> None:
    done = program("doctor", "--data-dir", str(tmp_path), BONIFIQ_API_TOKEN=server.token, BONIFIQ_API_KEY=server.key)
    for name in ("program", "libraries", "data folder", "disk", "credentials", "keyring", "ledger"):
        assert f"{name}:" in done.stdout
    assert server.key not in done.stdout + done.stderr


def test_training_server_prints_one_json_line_and_serves_with_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bonifiq_desktop", "training-server", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        answer = httpx.get(told["url"] + "/v1/pvt/Order/1001", auth=(told["token"], told["key"]), trust_env=False)
        assert answer.json()["OriginalId"] == "1001"
        process.terminate()


def test_credentials_are_not_in_the_process_list(
    server: TrainingServer, start: Callable[..., Cashier], credentials: None, tmp_path: Path
) -> None:
    start("--data-dir", str(tmp_path), "--api-url", server.url)
    command_line = Path(f"/proc/{os.getpid()}/cmdline").read_bytes()
    assert server.key.encode() not in command_line


def test_practice_button_starts_a_training_program(
    cashier: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # the program that is ended below leaves its socket there
    cashier.press(Qt.Key.Key_F9)
    cashier.press(Qt.Key.Key_Return, "settingsPractise")
    lock = tmp_path / "data" / "training" / "in-use.lock"
    wait_until((tmp_path / "data" / "training" / "ledger.db").exists, "the practice program")
    os.kill(int(lock.read_text().splitlines()[0]), signal.SIGTERM)
    assert history(tmp_path / "data") == []


def test_day_close_prints_a_day_and_its_close_as_text_and_json(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", clock=lambda: START)
    sell(ledger)
    ledger.days.close(START.date(), till="CAIXA1", seen_operations=1, person="Ana", reason="sem internet")
    ledger.close()
    done = program("day-close", "--data-dir", str(tmp_path), "--day", "20/11/2026", **NO_SCREEN)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^closed: number 1, code [0-9A-F]{8}, 20/11/2026 .*Ana  sem internet$", done.stdout, re.MULTILINE)
    assert "open: 1 sale CAIXA1-1 queued BRL 25,90" in done.stdout
    told = json.loads(
        program("day-close", "--data-dir", str(tmp_path), "--day", "2026-11-20", "--format", "json", **NO_SCREEN).stdout
    )
    assert (told["day"], told["operations"], told["closed"]["number"]) == ("2026-11-20", 1, 1)
    assert program("day-close", "--data-dir", str(tmp_path), "--day", "31/02/2026", **NO_SCREEN).returncode == 2
