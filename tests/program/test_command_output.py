"""Output of the commands, whole or with a message, into every kind of stream; their exit statuses."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bonifiq_desktop.cli import console
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import sell

ORDER = "PRESENTE-🎁-ação"
COMMANDS = {
    "history": ["history", "--format", "json"],
    "csv": ["history", "--format", "csv"],
    "doctor": ["doctor"],
    "version": ["--version"],
    "help": ["--help"],
    "doctor-help": ["doctor", "--help"],
    "training-server-help": ["training-server", "--help"],
}
LONG = {"history", "csv"}


@pytest.fixture(name="data", scope="module")
def folder_with_a_long_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred operations: more than any buffer or pipe holds."""
    folder = tmp_path_factory.mktemp("till") / "caixa-🎁"
    folder.mkdir(mode=0o700)
    ledger = Ledger(folder / "ledger.db")
    for number in range(400):
        sell(ledger, f"{ORDER}-{number}")
    ledger.close()
    return folder


def run(name: str, data: Path, stdout: int, encoding: str = "utf-8") -> "subprocess.Popen[bytes]":
    arguments: Sequence[str] = COMMANDS[name]
    if "--" not in arguments[-1]:
        arguments = [*arguments, "--data-dir", str(data)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "bonifiq_desktop", *arguments]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, env=environment)


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii", "latin-1", "utf-8", "utf-16"])
@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_whole_in_every_encoding(data: Path, name: str, encoding: str) -> None:
    with run(name, data, subprocess.PIPE, encoding) as process:
        out, complaints = process.communicate(timeout=60)
    assert complaints == b""
    assert process.returncode == (1 if name == "doctor" and b"!!" in out.replace(b"\0", b"") else 0)
    text = out.decode(encoding)
    if name == "history":
        assert [row["order_id"] for row in json.loads(text)] == [f"{ORDER}-{n}" for n in reversed(range(400))]
    if name == "csv":
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
        written = ORDER.encode(encoding, "backslashreplace").decode(encoding)
        assert [row["order_id"] for row in rows] == [f"{written}-{n}" for n in reversed(range(400))]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("name", COMMANDS)
def test_output_into_a_full_device_prints_a_message_and_exits_with_4(data: Path, name: str) -> None:
    with Path("/dev/full").open("wb") as full, run(name, data, full.fileno()) as process:
        complaints = process.stderr.read().decode() if process.stderr else ""
    assert process.returncode == console.OUTPUT_LOST
    assert complaints.count("\n") == 1
    assert "a saída não pôde ser escrita por inteiro" in complaints


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
@pytest.mark.parametrize("name", COMMANDS)
def test_output_into_a_closed_pipe_prints_a_message_and_no_traceback(data: Path, name: str) -> None:
    reading, writing = os.pipe()
    with run(name, data, writing) as process:
        os.close(writing)
        if name in LONG:
            assert len(os.read(reading, 1)) == 1
        os.close(reading)
        complaints = process.stderr.read().decode() if process.stderr else ""
    assert "Traceback" not in complaints
    assert "Exception ignored" not in complaints
    assert process.returncode == console.OUTPUT_LOST
    assert "a saída não pôde ser escrita por inteiro" in complaints


@pytest.mark.skipif(os.name == "nt", reason="POSIX shell")
@pytest.mark.parametrize(("closed", "status"), [(">&-", console.OUTPUT_LOST), ("2>&-", 0), ("2>/dev/full", 0)])
def test_closed_stream_prints_no_traceback(data: Path, closed: str, status: int) -> None:
    command = f'"{sys.executable}" -m bonifiq_desktop history --data-dir "{data}" {closed}'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert done.returncode == status
    assert b"Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--api-url", "http://127.0.0.1:9"], "BONIFIQ_API_TOKEN and BONIFIQ_API_KEY"),
        (["--size", "wide"], "--size"),
    ],
)
def test_tour_with_unusable_arguments_names_them(tmp_path: Path, arguments: list[str], says: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BONIFIQ_")}
    command = [sys.executable, "-m", "bonifiq_desktop", "tour", "--out", str(tmp_path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == console.USAGE_ERROR
    assert says in done.stderr
    assert "Traceback" not in done.stderr
