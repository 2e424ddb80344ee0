"""The house: who may use whom, and how long a file may get."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bonifiq_desktop

HOUSE = Path(bonifiq_desktop.__file__).parent
REPOSITORY = HOUSE.parent
LONGEST = 400

# Floor by floor, from the ground up. A room uses only rooms below it, and itself.
FLOORS = (
    ("domain",),
    ("storage",),
    ("arguments", "connectors", "diagnostics", "ledger", "security", "training_server"),
    ("services",),
    ("worker",),
    ("ui",),
    ("app",),
    ("tour",),
    ("cli", "__main__"),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
NEIGHBOURS = {
    ("__main__", "cli"),
    ("diagnostics", "arguments"),
    ("diagnostics", "security"),
    ("security", "diagnostics"),
}
NOT_IN = {
    "PySide6": {"domain", "connectors", "ledger", "storage", "training_server", "services"},
    "shiboken6": {"domain", "connectors", "ledger", "storage", "training_server", "services"},
    "httpx": {"domain", "ledger", "storage", "worker", "ui"},
    "sqlite3": {"domain", "connectors", "storage", "training_server", "worker", "ui"},
}

SOURCES = sorted(HOUSE.rglob("*.py"))
TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))


def _name(file: Path) -> str:
    return file.relative_to(REPOSITORY).as_posix()


def _room(file: Path) -> str:
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def _imported(source: str, package: str = "bonifiq_desktop") -> Iterator[str]:
    """The dotted name of everything that a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                module = ".".join([*above, module]).rstrip(".")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _complaints(room: str, imported: str) -> Iterator[str]:
    top, _, rest = imported.partition(".")
    if room in NOT_IN.get(top, ()):
        yield f"{room} uses {top}"
    other = rest.partition(".")[0]
    if top != "bonifiq_desktop" or room == "__init__" or other not in FLOOR_OF or other == room:
        return
    if FLOOR_OF[other] >= FLOOR_OF[room] and (room, other) not in NEIGHBOURS:
        yield f"{room} uses {other}"


@pytest.mark.parametrize("file", SOURCES, ids=_name)
def test_a_room_uses_only_rooms_below_it(file: Path) -> None:
    room = _room(file)
    assert room in FLOOR_OF or room == "__init__", f"{room} is on no floor"
    package = ".".join(file.relative_to(REPOSITORY).parent.parts)
    imported = _imported(file.read_text(encoding="utf-8"), package)
    assert [complaint for name in imported for complaint in _complaints(room, name)] == []


@pytest.mark.parametrize("file", SOURCES + TESTS, ids=_name)
def test_a_file_is_short_enough_to_read(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("domain", "from bonifiq_desktop.storage.settings import Settings"),
        ("domain", "import bonifiq_desktop.connectors"),
        ("domain", "def f():\n    import sqlite3"),
        ("domain", "from PySide6.QtCore import QObject"),
        ("storage", "from bonifiq_desktop.connectors.http_client import ApiClient"),
        ("storage", "from bonifiq_desktop import connectors"),
        ("storage", "from ..connectors import http_client"),
        ("ledger", "from bonifiq_desktop.storage import files"),
        ("training_server", "from bonifiq_desktop.ledger import ledger"),
        ("services", "from bonifiq_desktop.worker import client"),
        ("worker", "import httpx"),
        ("worker", "from bonifiq_desktop.ui.main_window import Window"),
        ("ui", "from bonifiq_desktop import app"),
        ("app", "from bonifiq_desktop.cli import main"),
    ],
)
def test_a_climb_up_the_stairs_is_seen(room: str, code: str) -> None:
    found = [c for name in _imported(code, f"bonifiq_desktop.{room}") for c in _complaints(room, name)]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("connectors", "from bonifiq_desktop.storage.settings import is_safe_url"),
        ("ui", "from bonifiq_desktop.domain.money import Cents\nfrom PySide6.QtWidgets import QWidget"),
        ("ledger", "import sqlite3\nfrom bonifiq_desktop import __version__"),
        ("cli", "from bonifiq_desktop.app import build"),
    ],
)
def test_the_way_down_is_free(room: str, code: str) -> None:
    assert [c for name in _imported(code) for c in _complaints(room, name)] == []
