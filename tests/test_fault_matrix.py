"""The fault matrix in `tests/README.md` names existing tests."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", (TESTS / "README.md").read_text("utf-8"))


@cache
def functions_of(file: str) -> frozenset[str]:
    """The test functions of a file."""
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)), ids=lambda part: part.split("/")[-1])
def test_every_test_in_the_fault_matrix_exists(file: str, name: str) -> None:
    assert name in functions_of(file)


def test_every_row_of_the_fault_matrix_names_a_test() -> None:
    rows = [line for line in (TESTS / "README.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    without = [row for row in rows if "::" not in row and not row.startswith("| fault |")]
    assert len(rows) > 40
    assert without == []
