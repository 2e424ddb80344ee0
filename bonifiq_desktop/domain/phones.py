"""Comparable forms of phone numbers, however they are written.

One Brazilian number is written in many ways: with `+55`, a trunk `0` and a carrier, brackets, or without its area. A
mobile number of before 2016 lacks the leading 9 that it has today. The last eight digits and the area tell numbers
apart in all of them.
"""

import re
from dataclasses import dataclass

_AREAS = frozenset(
    str(area)
    for area in (*range(11, 20), 21, 22, 24, 27, 28, *range(31, 36), 37, 38, *range(41, 50), 51, 53, 54, 55,
                 *range(61, 70), 71, 73, 74, 75, 77, 79, *range(81, 90), *range(91, 100))
)  # fmt: skip
_WRITTEN = re.compile(r"(?:(?:tel|fone|cel|celular|telefone|whats|whatsapp|zap)[:. ]*)?([+(]?[0-9][0-9 ().\-]*)", re.I)
_SHORT = 4
_OLD, _MOBILE = 8, 9
_WITH_AREA = range(10, 12)
_FOREIGN = range(8, 16)
_FIRST_OF_MOBILE = "9"
_FIRST_OF_FIXED = "2345"
_FIRST_OF_OLD_MOBILE = "6789"


@dataclass(frozen=True)
class Phone:
    """A phone number in comparable form.

    - `area`: two digits, empty where none was written. `digits`: the last eight, or the last four typed alone.
    - `country`: empty for Brazil; then `digits` holds the whole number.
    - `surely`: the text can be read as nothing but a phone number.
    """

    digits: str
    area: str = ""
    country: str = ""
    surely: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the number names one phone, with its area or country."""
        return bool(self.area or self.country)

    @property
    def key(self) -> str:
        """The text whose keyed hash finds the number; equal for every way to write it."""
        return f"{self.country}{self.area}{self.digits}"


def read_phone_shape(text: str) -> Phone | None:
    """Read a typed phone number, or its last four, eight or nine digits. The text is folded (`search_text`)."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    digits = re.sub(r"[^0-9]", "", found[1])
    named = found[1] != text.strip()
    if found[1].startswith("+") and not digits.startswith("55"):
        return Phone(digits, country="+", surely=True) if len(digits) in _FOREIGN else None
    national = _national(digits, international=found[1].startswith("+"))
    if national is not None:
        written = bool(re.search(r"[+()]", found[1])) or named
        return Phone(national[2:][-_OLD:], area=national[:2], surely=written)
    return _without_area(digits, surely=named or bool(re.fullmatch(r"9?[0-9]{4}-[0-9]{4}", found[1])))


def _national(digits: str, *, international: bool) -> str | None:
    """The area and the number, without country, trunk zero and carrier; None for another shape."""
    candidates = [digits.removeprefix("55")] if international else [digits]
    if not international and digits.startswith("55"):
        candidates.append(digits[2:])
    if digits.startswith("0"):
        candidates += [digits[1:], digits[3:]]  # with a carrier's two digits, too
    for candidate in candidates:
        bare = candidate.removeprefix("0") if international else candidate
        if len(bare) in _WITH_AREA and bare[:2] in _AREAS and _is_subscriber(bare[2:]):
            return bare
    return None


def _is_subscriber(number: str) -> bool:
    if len(number) == _MOBILE:
        return number[0] == _FIRST_OF_MOBILE
    return number[0] in _FIRST_OF_FIXED + _FIRST_OF_OLD_MOBILE


def _without_area(digits: str, *, surely: bool) -> Phone | None:
    is_whole_number = len(digits) in {_OLD, _MOBILE} and _is_subscriber(digits)
    if is_whole_number or len(digits) == _SHORT:
        return Phone(digits[-_OLD:], surely=surely and is_whole_number)
    return None
