"""Long words: breaks for wrapped text, and a short form for one line."""

import re

_LONG_WORD, _PIECE = re.compile(r"\S{25,}"), re.compile(r"\S{1,8}")
_KEPT_CHARACTERS = 6  # characters at either end
_BREAK = "\u200b"  # takes no room, and a line may end there


def breakable(text: str) -> str:
    """Insert breaks into long words: an order number of 100 letters would be as wide as the screen."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), text)


def shortened(text: str) -> str:
    """Shorten long words for one line, by their middle."""
    return _LONG_WORD.sub(lambda word: f"{word[0][:_KEPT_CHARACTERS]}…{word[0][-_KEPT_CHARACTERS:]}", text)
