"""The key map of the guide against the keys of the window's buttons."""

import ast
import re
from collections.abc import Iterator

import pytest

from bonifiq_desktop.ui.help.guide import read_guide
from tests.support.message_sources import UI

IN_PLACE = frozenset(
    {"access", "day", "help", "history", "lookup", "printing", "recovery", "refund", "reports", "sale"}
)
KEY = re.compile(r"F\d+|Del|(?:Ctrl|Alt|Shift)\+\S+")
SPOKEN_OTHERWISE = {"Ctrl+=": "Ctrl++", "Alt+Left": "Alt+←"}


def part_of(parts: tuple[str, ...]) -> str:
    """The section of the key map for a file: its package; the whole window for what lies in no page."""
    package = parts[0]
    return package if package in {*IN_PLACE, "settings"} else "window"


def keys_in_code() -> Iterator[tuple[str, str]]:
    """Each key that a call gives to a button, a shortcut or a table of keys, with its section."""
    for file in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            values: list[ast.expr | None] = []
            values += [*node.args, *(each.value for each in node.keywords)] if isinstance(node, ast.Call) else []
            values += [*node.keys, *node.values] if isinstance(node, ast.Dict) else []
            values += [node.value] if isinstance(node, ast.Assign) else []
            for value in values:
                text = value.value if isinstance(value, ast.Constant) else None
                if isinstance(text, str) and KEY.fullmatch(text):
                    yield part_of(file.relative_to(UI).parts), SPOKEN_OTHERWISE.get(text, text)


def keys_written(language: str, part: str) -> set[str]:
    """The keys of a section of the map."""
    guide = read_guide(language)
    heading = guide.places[f"keys.{part}"].heading
    section = guide.chapter("keys").text.split(f"### {heading}\n")[1].split("\n### ")[0]
    cells = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)[1:]
    return {key for cell in cells for key in re.split(r", | e | and ", cell)}


PARTS = sorted({part for part, _ in keys_in_code()} | {"access"})


@pytest.mark.parametrize("language", ["pt", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_key_map_has_each_key_of_the_code(language: str, part: str) -> None:
    written = keys_written(language, part) | keys_written(language, "window")
    assert {key for where, key in keys_in_code() if where == part} - written == set()


@pytest.mark.parametrize("part", PARTS)
def test_key_map_has_no_key_that_the_code_lacks(part: str) -> None:
    in_code = {key for _, key in keys_in_code()}
    assert {key for key in keys_written("pt", part) if KEY.fullmatch(key)} - in_code - {"Shift+Tab"} == set()


@pytest.mark.parametrize("part", PARTS)
def test_key_map_has_the_same_keys_in_both_languages(part: str) -> None:
    words = {"Espaço": "Space", "1 a 3": "1 to 3", "1 a 6": "1 to 6", "1 a 9": "1 to 9"}
    assert {words.get(key, key) for key in keys_written("pt", part)} == keys_written("en", part)


def test_both_guides_have_the_same_chapters_and_places() -> None:
    portuguese, english = read_guide("pt"), read_guide("en")
    assert [each.name for each in portuguese.chapters] == [each.name for each in english.chapters]
    assert portuguese.places.keys() == english.places.keys()
