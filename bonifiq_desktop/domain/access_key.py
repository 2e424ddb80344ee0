"""Search for the access key of a Brazilian fiscal receipt (NFC-e, NF-e, CF-e) in scanned text.

The key has 44 characters: state 2, year and month 4, CNPJ 14, model 2, series 3, number 9, emission 1, code 8, check
digit 1. Since July 2026 the first twelve characters of the CNPJ may be letters.
A QR code holds the key inside a URL. A scanner set for another keyboard garbles that URL, so only the form and the
check digit identify the key.
"""

import re
from itertools import cycle

_BETWEEN = r"[ .\-]?"
_GROUPS = ("[0-9]{4}", "[0-9]{2}[0-9A-Z]{2}", *("[0-9A-Z]{4}",) * 2, "[0-9A-Z]{2}[0-9]{2}", *("[0-9]{4}",) * 6)
_KEY = re.compile(f"(?=({_BETWEEN.join(_GROUPS)}))", re.IGNORECASE)  # a lookahead, because digits may precede the key
_SEPARATORS = re.compile(r"[ .\-]")
_STATES = {*range(11, 18), *range(21, 30), 31, 32, 33, 35, 41, 42, 43, 50, 51, 52, 53}
_MODELS = frozenset({"55", "57", "59", "62", "63", "65", "66", "67"})
_MONTHS = range(1, 13)


def find_access_key(text: str) -> str | None:
    """Find an access key that stands alone, in groups of four, or inside the URL of a QR code."""
    for found in _KEY.finditer(text):
        key = _SEPARATORS.sub("", found[1]).upper()
        if _is_key(key):
            return key
    return None


def _is_key(key: str) -> bool:
    state, month, model = int(key[:2]), int(key[4:6]), key[20:22]
    return state in _STATES and month in _MONTHS and model in _MODELS and _check_digit(key[:43]) == key[43]


def _check_digit(characters: str) -> str:
    """Modulo 11 with weights 2 to 9 from the right; a letter counts as its ASCII code less 48."""
    weighted = sum((ord(char) - ord("0")) * weight for char, weight in zip(reversed(characters), cycle(range(2, 10))))
    return str((11 - weighted % 11) % 11 % 10)
