"""Garbage is collected on the window's thread, and what start-up made is never looked through again."""

import gc
import weakref

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bonifiq_desktop.ui import gc_timer
from bonifiq_desktop.ui.gc_timer import GcTimer


class Garbage:
    """Holds on to itself."""

    def __init__(self) -> None:
        self.itself = self


def test_gc_timer_freezes_startup_objects_collects_later_ones_and_stops(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc_timer, "_START_MS", 1)
    monkeypatch.setattr(gc_timer, "_INTERVAL_MS", 1)
    parent = QObject()
    at_work = GcTimer(parent)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    later = [weakref.ref(Garbage()) for _ in range(10 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: all(each() is None for each in later))
    assert gc.get_freeze_count() > 0
    assert not gc.isenabled(), "no other thread collects"
    at_work.stop()
    assert (gc.get_freeze_count(), gc.isenabled()) == (0, True)
