"""Text from outside without what nobody can see. All of it passes here before it is shown, exported or kept.

A sign that turns the reading order, joins or hides can make a name say something else than it holds, break a row of a
file in two, or make two order numbers look alike.
"""

import re
from unicodedata import category

MAX_TEXT = 1000
"""Characters of one text that are taken; the rest is cut off."""

MAX_ORDER_ID = 100
"""Longest order number taken here; the API documents no limit."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# What Python calls printable and leaves no mark: fillers, joiners, variation selectors, the empty Braille sign.
_BLANK_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
_REPLACEMENT = "\ufffd"


def plain(text: str) -> str:
    """A text to be read: control characters and line breaks become blanks, one at most between two words; signs that
    nobody sees are taken out.
    """
    blanked = _CONTROL.sub(" ", text[:MAX_TEXT])
    return " ".join("".join(sign for sign in blanked if sign.isspace() or _is_seen(sign)).split())


def without_hidden(text: str) -> str:
    """A typed or pasted text without the signs that a copy brings along unseen; every kind of blank is a space.

    Control characters stay: they are no accident of copying, and the reader of the field refuses them.
    """
    return "".join(" " if category(sign) == "Zs" else sign for sign in text if not _is_hidden(sign))


def escape_hidden(name: str) -> str:
    """A name that must never be taken for another one: what nobody sees in it stays there, as `\ufffd`."""
    return "".join(sign if _is_seen(sign) else _REPLACEMENT for sign in name[:MAX_TEXT].strip())


def is_plain(text: str) -> bool:
    """Whether every sign of a text can be seen; blanks between words may be."""
    return all(map(_is_seen, text))


def _is_hidden(sign: str) -> bool:
    return category(sign) == "Cf" or sign in _BLANK_LETTERS


def _is_seen(sign: str) -> bool:
    return sign.isprintable() and sign not in _BLANK_LETTERS
