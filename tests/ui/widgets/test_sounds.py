"""Sounds: off at first; told apart by the number of beeps where no file is played."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.ui.widgets import sounds

SOUNDS: tuple[sounds.Sound, ...] = ("done", "refused", "ignored")


@pytest.fixture(autouse=True)
def sounds_off_afterwards(qtbot: QtBot) -> Iterator[None]:
    """Turn the sounds off again: the application is the same for all tests."""
    yield
    sounds.enable(on=False)


@pytest.fixture(name="beeps")
def beeps_of_the_application(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list with an entry for each beep, on a PC that plays no file."""
    beeps: list[bool] = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(True))
    monkeypatch.setattr(sounds, "_plays_file", lambda _sound: False)
    return beeps


@pytest.mark.parametrize(("sound", "count"), [("done", 1), ("refused", 2), ("ignored", 3)])
def test_pc_that_plays_no_file_beeps_by_count(beeps: list[bool], sound: sounds.Sound, count: int) -> None:
    sounds.enable(on=True)
    sounds.play(sound)
    QTest.qWait(count * 180 + 100)
    assert len(beeps) == count


def test_sounds_are_off_until_enabled(beeps: list[bool]) -> None:
    sounds.play("done")
    QTest.qWait(50)
    assert beeps == []


def test_sound_files_are_what_their_script_makes(tmp_path: Path) -> None:
    script = Path(__file__).parents[3] / "packaging" / "sounds.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for sound in SOUNDS:
        assert (tmp_path / f"{sound}.wav").read_bytes() == resource(f"sounds/{sound}.wav").read_bytes()
