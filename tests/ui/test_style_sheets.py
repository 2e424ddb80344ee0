"""Contrast of all pairs of colours that the window uses; its sheets name tokens alone."""

import re
from collections.abc import Iterator

import pytest

from bonifiq_desktop.ui import theme
from tests.support.style_sheet import Rule, contrast, effective, rules, sheet_text, token_of

TEXT, OUTLINE = 4.5, 3.0
"""The least contrast of letters, and of outlines, of the focus and of what is disabled."""

GROUNDS = ("bg", "surface")
"""What stands behind a part without a background of its own."""
SOFT = {"success": "successSoft", "info": "accentSoft", "warning": "warningSoft", "danger": "dangerSoft"}
"""The background of a notice of each tone; its texts have no background of their own."""
DECORATION = {"line", "edge", ""}
"""Lines between rows, and outlines of parts that their filling shows."""

DRAWN = [("text", ground) for ground in ("bg", "surface", "surface2", "accentSoft", *SOFT.values())] + [
    ("text2", "bg"),
    ("text2", "surface"),
    ("text2", "surface2"),
    ("text2", "accentSoft"),
    ("accent", "surface"),
    ("accent", "accentSoft"),
    ("success", "surface"),
    ("success", "accentSoft"),
    ("warning", "surface"),
    ("warning", "accentSoft"),
    ("danger", "surface"),
    ("danger", "accentSoft"),
    ("onAccent", "accent"),
]
"""Pairs of delegates and painted parts: letters and icons on rows, selected or not."""


def _grounds(rule: Rule, values: dict[str, str]) -> list[str]:
    """The tokens that may stand behind a rule's widgets."""
    own = token_of(values.get("background", values.get("background-color", "")))
    if own:
        return [own]
    marks = rule.selector.marks
    tones = [soft for tone, soft in SOFT.items() if f'[tone="{tone}"]' in marks]
    if '[look="noticeTitle"]' in marks:
        return tones or ["surface2"]
    if '[look="toast"]' in marks:
        return ["text"]
    return [*GROUNDS, *tones]


def letters() -> Iterator[tuple[str, str, float, str]]:
    """(colour, background, least contrast, where) of each rule that says something about either."""
    everything = rules()
    for rule in everything:
        if not {"color", "background", "background-color"} & set(rule.values):
            continue
        values = effective(rule, everything)
        colour = token_of(values.get("color", "@text"))
        is_disabled = ":disabled" in rule.selector.marks
        if rule.selector.part in {"::indicator", "::handle", "::drop-down"} or rule.selector.kind == "QFrame":
            continue  # without letters
        for ground in _grounds(rule, values):
            yield colour, ground, OUTLINE if is_disabled else TEXT, f"{rule.file}: {rule.selector.text}"


def outlines() -> Iterator[tuple[str, str, float, str]]:
    """(outline, surroundings, least contrast, where) of each rule with an outline that means something."""
    everything = rules()
    for rule in everything:
        borders = [value for name, value in rule.values.items() if name.startswith("border")]
        surroundings = ["text"] if '[look="toast"]' in rule.selector.marks else list(GROUNDS)
        for outline in {token_of(value) for value in borders} - DECORATION:
            for ground in surroundings:
                yield outline, ground, OUTLINE, f"{rule.file}: {rule.selector.text}"


@pytest.mark.parametrize("look", theme.LOOKS)
def test_letters_are_readable_on_their_background(look: str) -> None:
    pairs = [*letters(), *((one, other, TEXT, "delegates") for one, other in DRAWN)]
    assert len(pairs) > 60
    poor = {
        (one, other, round(contrast(look, one, other), 2), where)
        for one, other, least, where in pairs
        if contrast(look, one, other) < least
    }
    assert poor == set()


@pytest.mark.parametrize("look", theme.LOOKS)
def test_outlines_and_focus_are_seen(look: str) -> None:
    pairs = list(outlines())
    assert len(pairs) > 20
    poor = {
        (one, other, round(contrast(look, one, other), 2), where)
        for one, other, least, where in pairs
        if contrast(look, one, other) < least
    }
    assert poor == set()


@pytest.mark.parametrize("name", theme.SHEETS)
def test_sheet_names_tokens_in_place_of_colours_and_sizes(name: str) -> None:
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|rgba?\(|\d+(?:px|pt|em)\b|(?<=: )[a-z]+(?=;)", sheet_text(name))
    allowed = {"left", "right", "center", "transparent", "none", "solid", "bold", "normal", "italic", "underline"}
    assert [value for value in found if value not in allowed] == []
