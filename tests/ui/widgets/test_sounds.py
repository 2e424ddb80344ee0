"""Sounds: off at first, played by the system's player, else told apart by the number of beeps."""

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
    sounds.enable(False)


@pytest.fixture(name="played")
def file_of_a_player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PC with one player, `aplay`, which notes its arguments in this file."""
    player, played = tmp_path / "aplay", tmp_path / "played"
    player.write_text(f'#!/bin/sh\necho "$@" >> {played}\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return played


@pytest.mark.posix_only("the players of Linux")
@pytest.mark.parametrize("sound", SOUNDS)
def test_enabled_sound_is_played_by_the_player(qtbot: QtBot, played: Path, sound: sounds.Sound) -> None:
    sounds.enable(True)
    sounds.play(sound)
    qtbot.waitUntil(lambda: played.exists() and played.read_text().strip() == str(resource(f"sounds/{sound}.wav")))


@pytest.mark.posix_only("the players of Linux")
def test_sounds_are_off_until_enabled(played: Path) -> None:
    sounds.play("done")
    QTest.qWait(100)
    assert not played.exists()


@pytest.mark.posix_only("the players of Linux")
@pytest.mark.parametrize(("sound", "count"), [("done", 1), ("refused", 2), ("ignored", 3)])
def test_pc_without_a_player_beeps(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, sound: sounds.Sound, count: int
) -> None:
    beeps: list[bool] = []
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(True))
    sounds.enable(True)
    sounds.play(sound)
    QTest.qWait(count * 180 + 100)
    assert len(beeps) == count


def test_sound_files_are_what_their_script_makes(tmp_path: Path) -> None:
    script = Path(__file__).parents[3] / "packaging" / "sounds.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for sound in SOUNDS:
        assert (tmp_path / f"{sound}.wav").read_bytes() == resource(f"sounds/{sound}.wav").read_bytes()
