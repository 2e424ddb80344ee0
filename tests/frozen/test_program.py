"""The packaged program keeps what the program promises, on a PC where nothing of ours is installed."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

import bonifiq_desktop
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from tests.frozen.shop_pc import LINUX_ONLY, PATIENCE, ShopPC
from tests.support import tour_pictures

_WITH_KEY = {"refund", "redemption"}
Environment = dict[str, str]


def test_packaged_program_prints_its_version(pc: ShopPC) -> None:
    assert pc.run("--version") == f"BonifiQ Desktop {bonifiq_desktop.__version__}\n"


def test_packaged_doctor_reports_everything_ok(pc: ShopPC, data: str) -> None:
    lines = pc.run("doctor", "--data-dir", data).splitlines()
    assert [line for line in lines if not line.startswith("ok ")] == []
    found = dict(line.removeprefix("ok ").strip().split(": ", 1) for line in lines)
    assert found["program"] == bonifiq_desktop.__version__
    assert f"Qt {version('PySide6-Essentials')}" in found["libraries"]
    assert int(found["certificates"].split()[0]) > 100  # the packaged store of public authorities is loaded


@pytest.mark.skipif(sys.platform != "linux", reason=LINUX_ONLY.format("home folder taken from the environment"))
def test_packaged_program_starts_with_an_empty_home(pc: ShopPC) -> None:
    assert pc.run("--training", "--quit-when-ready") == ""
    assert (pc.home / ".local/share/BonifiQ Desktop/training").is_dir()


def test_packaged_program_with_quit_when_ready_exits_with_0(pc: ShopPC, data: str) -> None:
    assert pc.run("--data-dir", data, "--quit-when-ready") == ""


def test_second_packaged_start_raises_the_first_window_and_exits_with_3(pc: ShopPC, data: str) -> None:
    sentence = (
        "BonifiQ Desktop: o programa já está aberto com esta pasta de dados; a janela dele foi trazida para a frente."
    )
    with pc.started("--training", "--data-dir", data) as first:
        _wait_for((Path(data) / "training" / "ledger.db").exists)
        assert pc.run("--training", "--data-dir", data, status=3, says=sentence) == ""
        assert first.poll() is None


def test_packaged_sale_and_refunds_are_applied_once_and_in_the_history(pc: ShopPC, data: str) -> None:
    with pc.started("training-server") as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        credentials = {TOKEN_VARIABLE: told["token"], KEY_VARIABLE: told["key"]}
        out = str(pc.home / "tour HTTP")
        said = pc.run("tour", "--out", out, "--data-dir", data, "--api-url", told["url"], **credentials)
        assert said == f"tour: {tour_pictures.OF_BONIFIQ_ALONE} pictures in {out}\n"
        answer = httpx.get(told["url"] + "/training/state", auth=(told["token"], told["key"]), trust_env=False)
        state = json.loads(answer.text, parse_float=Decimal)
        server.send_signal(signal.SIGINT if sys.platform != "win32" else signal.SIGTERM)
        rest, complaints = server.communicate(timeout=PATIENCE)
        assert (rest, complaints) == ("", "")
        assert server.returncode == 0 or sys.platform == "win32"
    applied = sorted((entry["kind"], Decimal(entry["value"])) for entry in state["applied"])
    assert applied == [
        ("redemption", Decimal("32.37")),
        ("refund", Decimal("15.50")),
        ("refund", Decimal("49.90")),
        ("sale", Decimal("67.63")),
        ("sale", Decimal("149.90")),
    ]
    history = json.loads(pc.run("history", "--training", "--data-dir", data))
    assert {row["state"] for row in history} == {"confirmed"}
    keys = {entry["key"] for entry in state["applied"] if entry["kind"] in _WITH_KEY}
    assert len(keys) == 3
    assert {row["cancel_key"] for row in history if row["kind"] in _WITH_KEY} == keys
    table = pc.run("history", "--training", "--data-dir", data, "--format", "csv").removeprefix("\ufeff")
    rows = csv.DictReader(io.StringIO(table), delimiter=";")
    assert [row["id"] for row in rows] == [str(row["id"]) for row in history]


@pytest.mark.skipif(
    sys.platform == "win32", reason="a descriptor closed by a shell is POSIX's way of having no console"
)
def test_packaged_window_without_console_completes_the_tour(pc: ShopPC) -> None:
    out = pc.home / "tour sem console"
    without = ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', str(pc.program), "tour", "--out", str(out)]
    with pc.popen(without, {}, stdout=subprocess.DEVNULL) as process:
        assert process.wait(PATIENCE) == 0
    assert len(list(out.glob("*.png"))) == tour_pictures.OF_ALL_SYSTEMS


def test_packaged_doctor_writes_a_support_file(pc: ShopPC, data: str) -> None:
    target = pc.home / "suporte.zip"
    pc.run("doctor", "--data-dir", data, "--file", str(target))
    assert target.stat().st_size > 0


def _wait_for(seen: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.05)
