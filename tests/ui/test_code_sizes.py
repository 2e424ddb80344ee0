"""Code takes its colours and sizes from the theme."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bonifiq_desktop

UI = Path(bonifiq_desktop.__file__).parent / "ui"
SOURCES = sorted(file for file in UI.rglob("*.py") if file.name != "theme.py")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|\brgba?\(|GlobalColor\.(?!transparent)|\bQColor\(")
LETTERS = re.compile(r"\d(?:px|pt)\b|setPointSize|setPixelSize")
SIZES = re.compile(r"set(ContentsMargins|\w*Spacing|(Fixed|Minimum|Maximum)(Width|Height|Size)|DefaultSectionSize)")


def _written_sizes(tree: ast.AST) -> Iterator[str]:
    """Calls that set a margin or a size to a number, or to a constant of the module, that no call scales."""
    for node in ast.walk(tree):
        name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if isinstance(node, ast.Call) and SIZES.fullmatch(name) and any(map(_is_written, node.args)):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def _is_written(argument: ast.AST) -> bool:
    parts = list(ast.walk(argument))
    if any(isinstance(part, ast.Call) for part in parts):
        return False
    numbers = {part.value for part in parts if isinstance(part, ast.Constant)}
    names = {part.id for part in parts if isinstance(part, ast.Name) and part.id.isupper()}
    return not numbers <= {0} or not names <= {"QWIDGETSIZE_MAX"}


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(UI).as_posix())
def test_code_takes_colours_and_sizes_from_the_theme(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if COLOUR.search(line) or LETTERS.search(line)]
    assert [*lines, *_written_sizes(ast.parse(text))] == []
