"""The window's style sheets, read rule by rule with the names of their tokens."""

import re
from dataclasses import dataclass, field

from PySide6.QtGui import QColor

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.ui import theme

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PART = re.compile(r"(\[[^\]]*\]|#\w+|::[\w-]+|:[\w-]+!?)")


@dataclass(frozen=True)
class Selector:
    """The last element of a selector: `kind` is the class, `marks` its names, properties, parts and states."""

    text: str
    kind: str
    marks: frozenset[str]
    parents: str

    @property
    def part(self) -> str:
        return next((mark for mark in self.marks if mark.startswith("::")), "")

    @property
    def weight(self) -> tuple[int, int]:
        return sum(mark.startswith("#") for mark in self.marks), len(self.marks)

    def covers(self, other: "Selector") -> bool:
        """Whether each widget of the other selector is one of this selector, too."""
        same_kind = self.kind in {other.kind, "QWidget", "*"}
        return (
            same_kind
            and self.part == other.part
            and self.marks <= other.marks
            and (not self.parents or self.parents == other.parents)
        )


@dataclass(frozen=True)
class Rule:
    file: str
    selector: Selector
    values: dict[str, str] = field(hash=False)


def sheet_text(name: str) -> str:
    return _COMMENT.sub("", resource(f"styles/{name}.qss").read_text(encoding="utf-8"))


def rules() -> list[Rule]:
    """One rule for each selector, in the order in which Qt reads them."""
    found = []
    for name in theme.SHEETS:
        for selectors, body in _RULE.findall(sheet_text(name)):
            values = dict(_declaration(line) for line in body.split(";") if ":" in line)
            found += [Rule(name, _selector(text), values) for text in selectors.split(",")]
    return found


def _declaration(text: str) -> tuple[str, str]:
    name, value = text.split(":", 1)
    return name.strip(), value.strip()


def _selector(text: str) -> Selector:
    *parents, last = re.sub(r"\s*>\s*", " ", text.strip()).split(" ")
    kind = _PART.split(last, maxsplit=1)[0]
    return Selector(text.strip(), kind, frozenset(_PART.findall(last)), " ".join(parents))


def effective(rule: Rule, everything: list[Rule]) -> dict[str, str]:
    """What applies to the widgets of a rule: its own values, and those of the rules that it refines."""
    covering = [other for other in everything if other.selector.covers(rule.selector)]
    values: dict[str, str] = {}
    for other in sorted(covering, key=lambda other: other.selector.weight):
        values |= other.values
    return values


def token_of(value: str) -> str:
    """The colour token of a declaration, empty where it names none."""
    tokens = [token for token in re.findall(r"@(\w+)", value) if token in theme._tokens()["light"]]
    return tokens[0] if tokens else ""


def contrast(look: str, one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two tokens of a look."""
    darker, lighter = sorted(_luminance(QColor(theme._tokens()[look][token])) for token in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
