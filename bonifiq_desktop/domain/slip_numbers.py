"""Numbers of slips: twelve digits that name an operation of one till.

| digits | meaning |
|---|---|
| 3 | tag of the till, from the id of its ledger |
| 7 | id of the operation; 0 for the test page |
| 2 | check digits by ISO 7064 (mod 97-10) |

One wrong digit, or two swapped ones wherever they stand, never make another valid number.
"""

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.query import read_query
from bonifiq_desktop.domain.search import QueryKind

MAX_OPERATION = 9_999_999
TEST_PAGE = 0
"""In the place of an operation's id."""

_SEPARATORS = re.compile(r"[ .\-]")
_NUMBER = re.compile(r"([0-9]{3})([0-9]{7})[0-9]{2}")
_MODULUS = 97
_ANY_DAY = date(2026, 1, 1)  # completes dates, which are no order numbers
_PRIVATE = QueryKind.DOCUMENT | QueryKind.EMAIL | QueryKind.NAME | QueryKind.ACCESS_KEY
_SHORTEST_PHONE = 8
_OF_DOCUMENTS = {11, 14}  # digits of a CPF and of a CNPJ
_DIGITS = re.compile(r"[0-9](?:[^A-Za-z0-9]{0,2}[0-9])*")
# Twelve digits after 0 or 55 can be read as a telephone with its trunk zero or its country.
_TAGS = tuple(tag for tag in range(100, 1000) if not str(tag).startswith("55"))


@dataclass(frozen=True)
class SlipNumber:
    """A valid slip number. `tag`: of its till. `operation_id`: or TEST_PAGE."""

    tag: int
    operation_id: int

    @property
    def digits(self) -> str:
        """The number without blanks or dashes."""
        start = self.tag * 10**9 + self.operation_id * 100
        return str(start + _MODULUS + 1 - start % _MODULUS)


def till_tag(ledger_id: str) -> int:
    """The tag of a till. Two tills of a shop have the same one by chance once in 890 times."""
    return _TAGS[int.from_bytes(sha256(f"slip numbers of {ledger_id}".encode()).digest()) % len(_TAGS)]


def slip_number(ledger_id: str, operation_id: int) -> str:
    """The number of an operation's slips. Raises ValueError beyond MAX_OPERATION."""
    if not 0 <= operation_id <= MAX_OPERATION:
        raise ValueError(f"operation {operation_id} has no slip number")
    return SlipNumber(till_tag(ledger_id), operation_id).digits


def read_slip_number(text: str) -> SlipNumber | None:
    """Read a typed or scanned slip number, with blanks or dashes between its digits; None for any other text."""
    found = _NUMBER.fullmatch(_SEPARATORS.sub("", text))
    if found is None or int(found[0]) % _MODULUS != 1 or int(found[1]) not in _TAGS:
        return None
    return SlipNumber(int(found[1]), int(found[2]))


def format_slip_number(number: str) -> str:
    """`123456789012` as `1234 5678 9012`, as it stands below the bars."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def code_text(operation: Operation, number: str) -> str:
    """The text of a slip's QR code: the order number, which each till knows, where it is safe; else the slip number."""
    order_id, key = operation.order_id, operation.cancel_key
    return order_id if _is_safe(order_id) and not (key and key in order_id) else number


def _is_safe(order_id: str) -> bool:
    """Whether a number goes out by itself when it is scanned, and has not even the shape of a person's number."""
    query = read_query(order_id, _ANY_DAY)
    if not query.order_id or query.order_id != order_id or not order_id.isascii() or query.kind & _PRIVATE:
        return False
    is_like_phone = query.phone is not None and len(query.phone.digits) >= _SHORTEST_PHONE
    lengths = {sum(map(str.isdecimal, digits)) for digits in _DIGITS.findall(order_id)}
    return not is_like_phone and not lengths & _OF_DOCUMENTS and read_slip_number(order_id) is None
