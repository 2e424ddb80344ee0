"""Removal of control and invisible characters from external text, before it is shown, exported or stored.

An invisible character can disguise a name, split a row of an exported file, or make two order numbers look alike.
"""

import re
from unicodedata import category

MAX_TEXT = 1000
"""Maximum length of an external text; the rest is cut off."""

MAX_ORDER_ID = 100
"""Maximum length of an order number; the API documents no limit."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Invisible, though Python calls them printable: fillers, joiners, variation selectors, the empty Braille pattern.
_BLANK_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
_REPLACEMENT = "\ufffd"


class FieldError(ValueError):
    """A typed field is invalid. `field`: its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def plain(text: str) -> str:
    """Clean a text for reading: control characters become blanks, blanks collapse, invisible characters go."""
    blanked = _CONTROL.sub(" ", text[:MAX_TEXT])
    return " ".join("".join(char for char in blanked if char.isspace() or _is_visible(char)).split())


def without_hidden(text: str) -> str:
    """Remove the invisible characters of a pasted text, and make every blank a space.

    Control characters stay, so that the validation of the field refuses them.
    """
    return "".join(" " if category(char) == "Zs" else char for char in text if not _is_hidden(char))


def escape_hidden(name: str) -> str:
    """Replace invisible characters by `\ufffd`, so that a name cannot be mistaken for another one."""
    return "".join(char if _is_visible(char) else _REPLACEMENT for char in name[:MAX_TEXT].strip())


def is_plain(text: str) -> bool:
    """Whether all characters of a text are visible; spaces are allowed."""
    return all(map(_is_visible, text))


def _is_hidden(char: str) -> bool:
    return category(char) == "Cf" or char in _BLANK_LETTERS


def _is_visible(char: str) -> bool:
    return char.isprintable() and char not in _BLANK_LETTERS
