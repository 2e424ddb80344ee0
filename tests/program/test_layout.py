"""Everything within the screen: five screens, long numbers and names, both languages."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.training_server.models import Item
from bonifiq_desktop.training_server.server import TrainingServer

Screen = tuple[int, int, str]
SCREENS: list[Screen] = [
    (1366, 768, "1"),
    (1366, 768, "1.25"),
    (1024, 768, "1"),
    (1920, 1080, "1.5"),
]
"""Width, height and scale; the smallest leaves 1093 by 614 logical pixels."""

NUMBERS = ("W" * 99 + "7", "7b0c1d5e-9c5f-4f0a-8d3b-6a1f2e3d4c5b_0f9e8d7c-6b5a-4c3d-2e1f-0a9b8c7d6e5f", "1001")


def opened(tmp_path: Path, url: str, language: str, screen: Screen, pictures: str = "") -> dict[str, Any]:
    """What the program says of its layout on a screen of its own."""
    width, height, scale = screen
    screens = tmp_path / "screens.json"
    description = {"name": "s", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
    screens.write_text(json.dumps({"screens": [description]}))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={screens}",
        "QT_SCALE_FACTOR": scale,
        "NUMBERS": json.dumps(NUMBERS),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.layout_walk", str(tmp_path / "data"), url, language, pictures],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("language", ["pt_BR", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "x".join(map(str, screen[:2])) + f"-at-{screen[2]}")
def test_every_page_and_state_fits_the_screen(
    server: TrainingServer, credentials: None, tmp_path: Path, language: str, screen: Screen
) -> None:
    add_long_orders(server)
    told = opened(tmp_path, server.url, language, screen)
    assert told["screen"] == [int(side / float(screen[2]) + 0.5) for side in screen[:2]]
    assert told["states"] > 30
    assert told["found"] == []


@pytest.mark.parametrize("language", ["pt_BR", "en"])
def test_first_start_fits_the_smallest_screen(
    server: TrainingServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    for name in (TOKEN_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    told = opened(tmp_path, server.url, language, SCREENS[1])
    assert told["states"] == 3
    assert told["found"] == []


def add_long_orders(server: TrainingServer) -> None:
    """A refund that needs a decision; the longest order numbers, and a customer of 300 letters with eight items."""
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    usual = server.service._orders["1001"]
    server.service._customers[usual.customer_id].name = "Wilhelmina" * 30
    for number in NUMBERS[:2]:
        order = server.service._orders[number] = copy.deepcopy(usual)
        order.original_id = number
        order.items = [Item(f"P{row}", "Camiseta de algodão orgânico " * 4, 1000) for row in range(8)]
