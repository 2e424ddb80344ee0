"""Test that the packages which handle money hold no binary float."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bonifiq_desktop

_PRODUCT = Path(bonifiq_desktop.__file__).parent
_PACKAGES = ("domain", "connectors", "ledger", "storage", "security", "diagnostics")
# The only permitted floats are durations in seconds: file, and the code that may hold one.
_DURATIONS = {
    ("connectors/akinon/connector.py", "settling = SettlingTimes(first=120.0, between=60.0)"),
    ("connectors/akinon/session.py", "_REFUSED_SECONDS = 60.0"),
    ("connectors/akinon/session.py", "self._refused_until = 0.0"),
    ("connectors/connector.py", "CALL_TIMEOUT = 20.0"),
    ("connectors/http_client.py", "def _call_deadline(self) -> float"),
    ("connectors/http_client.py", "deadline: float"),
    ("connectors/http_client.py", "timeout: float = CALL_TIMEOUT"),
    ("connectors/mirakl/connector.py", "_DAY = 24 * 60 * 60.0"),
    ("connectors/mirakl/connector.py", "self._daily: dict[str, tuple[float, HttpResult]]"),
    ("connectors/name_resolution.py", "timeout: float"),
    ("connectors/name_resolution.py", "_CONNECT_STAGGER = 0.25"),
    ("connectors/server_probe.py", "_TIMEOUT = 8.0"),
    ("domain/undo.py", "UNDO_SECONDS = 4.0"),
    ("domain/read_back.py", "wait_seconds: float = 0.0"),
    ("domain/returns.py", "first: float = 120.0"),
    ("domain/returns.py", "between: float = 600.0"),
    ("security/keyrings.py", "TIMEOUT_SECONDS = 8.0"),
    ("storage/held_files.py", "_PAUSES = (0.02"),
}


def _floats(source: str) -> Iterator[str]:
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        is_name = (isinstance(node, ast.Name) and node.id == "float") or (
            isinstance(node, ast.Attribute) and node.attr == "float"
        )
        # The parser sees a quoted annotation as a string.
        is_quoted = isinstance(node, ast.Constant) and node.value == "float"
        if is_literal or is_name or is_quoted:
            assert isinstance(node, ast.expr)
            yield lines[node.lineno - 1].strip()


@pytest.mark.parametrize("package", _PACKAGES)
def test_money_packages_hold_no_float(package: str) -> None:
    found = [
        (str(file.relative_to(_PRODUCT).as_posix()), line)
        for file in sorted((_PRODUCT / package).rglob("*.py"))
        for line in _floats(file.read_text(encoding="utf-8"))
    ]
    strange = [(file, line) for file, line in found if not any(file == f and code in line for f, code in _DURATIONS)]
    assert strange == []


@pytest.mark.parametrize("code", ["x = 1.5", "x = 1e3", "x = float('1')", "x: float", "def f() -> 'float': ..."])
def test_float_finder_finds_every_kind_of_float(code: str) -> None:
    assert list(_floats(code)) == [code]
