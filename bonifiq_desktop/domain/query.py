"""Classification of a typed or scanned text: an order number, a receipt's key, a document, a phone, a name, …

A text may have several meanings: `1234` is an order number, the end of a phone number and an amount. All are searched
at this till. Only the order number leaves it, and only where the text cannot be a person's data.
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from bonifiq_desktop.domain.access_key import find_access_key
from bonifiq_desktop.domain.contacts import ContactError, read_email
from bonifiq_desktop.domain.documents import DocumentError, read_document
from bonifiq_desktop.domain.money import Cents, MoneyError, read_money
from bonifiq_desktop.domain.orders import OrderIdError, read_order_id, read_typed_order_id
from bonifiq_desktop.domain.phones import Phone, read_phone_shape
from bonifiq_desktop.domain.search import QueryKind
from bonifiq_desktop.domain.text import MAX_TEXT, is_plain

_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[^\W\d_][^\W\d_'’´`.\- ]*(?:[ '’´`.\-]+[^\W\d_]+)*[.]?")
_APOSTROPHES = re.compile("['’´`]")
_DAYS_BACK = {"hoje": 0, "ontem": 1, "anteontem": 2, "today": 0, "yesterday": 1}
_DATE = re.compile(r"([0-3]?[0-9])[/.\-]([01]?[0-9])(?:[/.\-]((?:20)?[0-9]{2}))?")
_BARE_DATE = re.compile(r"([0-3][0-9])([01][0-9])(20[0-9]{2})")
_ISO_DATE = re.compile(r"(20[0-9]{2})-([01][0-9])-([0-3][0-9])")
_DIGITS = re.compile(r"[0-9]+")
_CENTURY = 2000


@dataclass(frozen=True)
class Query:
    """A classified text. Each field is filled where `kind` has its meaning.

    - `text`: folded, for the search in order numbers.
    - `order_id`: the number that goes out by itself; empty where the text may be something private.
    - `amounts`: cents; bare digits are read as reais, too. `words`: of a name, folded.
    """

    kind: QueryKind
    text: str = field(default="", repr=False)
    order_id: str = field(default="", repr=False)
    access_key: str = ""
    document: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: Phone | None = field(default=None, repr=False)
    amounts: tuple[Cents, ...] = ()
    day: date | None = None
    words: tuple[str, ...] = field(default=(), repr=False)


def read_query(text: str, today: date) -> Query:
    """Classify a typed or scanned text. `today`: completes a date without its year, and `ontem`."""
    shown = search_text(text)
    if not shown:
        return Query(QueryKind.NOTHING)
    key = find_access_key(shown)
    if key is not None:
        return Query(QueryKind.ACCESS_KEY, key, access_key=key)
    order_id = _order_id(shown)
    amounts, day, words = _amounts(shown), _day(shown, today), _name_words(shown)
    is_written_date = day is not None and not _DIGITS.fullmatch(shown)
    document, email = _document(shown), _email(shown)
    phone = None if is_written_date else read_phone_shape(shown)
    kinds = {
        QueryKind.DOCUMENT: bool(document),
        QueryKind.EMAIL: bool(email),
        QueryKind.PHONE: phone is not None,
        QueryKind.AMOUNT: bool(amounts),
        QueryKind.DATE: day is not None,
        QueryKind.NAME: bool(words) and day is None,
        QueryKind.ORDER_NUMBER: _may_be_order_id(shown) and not (email or (phone and phone.surely) or "$" in shown),
    }
    kind = QueryKind.NOTHING
    for meaning, applies in kinds.items():
        kind |= meaning if applies else QueryKind.NOTHING
    return Query(
        kind,
        shown,
        order_id if QueryKind.ORDER_NUMBER in kind and _goes_out(kind, shown) else "",
        document=document,
        email=email,
        phone=phone,
        amounts=amounts,
        day=day,
        words=words if QueryKind.NAME in kind else (),
    )


def read_identifier(text: str) -> str:
    """The bare CPF or CNPJ, or the e-mail address, by which BonifiQ knows a customer; empty for any other text."""
    shown = search_text(text)
    return _document(shown) or _email(shown)


def _goes_out(kind: QueryKind, shown: str) -> bool:
    """Whether the text goes to BonifiQ by itself: bare digits, or signs that are nothing but an order number."""
    if kind == QueryKind.ORDER_NUMBER:
        return True
    private = QueryKind.DOCUMENT | QueryKind.EMAIL | QueryKind.NAME
    return not kind & private and _DIGITS.fullmatch(shown) is not None


def search_text(text: str) -> str:
    """Fold a text for the search: digits and dashes of every script in ASCII, no line break, nothing invisible."""
    folded = (_fold(char) for char in unicodedata.normalize("NFKC", text[:MAX_TEXT]))
    return " ".join("".join(folded).split())


def _fold(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    kind = unicodedata.category(char)
    if kind in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    if kind == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    return char if is_plain(char) else ""


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, without accents, capitals and apostrophes: `Conceição D'Ávila` is `conceicao davila`."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", search_text(name)))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return tuple(_WORD.findall(bare.casefold()))


def _name_words(shown: str) -> tuple[str, ...]:
    return name_words(shown) if _NAME.fullmatch(shown) else ()


def _order_id(shown: str) -> str:
    with suppress(OrderIdError):
        return read_typed_order_id(shown)
    return ""


def _may_be_order_id(shown: str) -> bool:
    with suppress(OrderIdError):
        return bool(read_order_id(shown))
    return False


def _document(shown: str) -> str:
    with suppress(DocumentError):
        return read_document(shown)
    return ""


def _email(shown: str) -> str:
    with suppress(ContactError):
        return read_email(shown).casefold() if "@" in shown else ""
    return ""


def _amounts(shown: str) -> tuple[Cents, ...]:
    with suppress(MoneyError):
        cents = read_money(shown)
        if not _DIGITS.fullmatch(shown):
            return (cents,)
        whole = cents * 100
        with suppress(MoneyError):
            return (cents, read_money(f"{shown},00")) if whole else ()
        return (cents,)
    return ()


def _day(shown: str, today: date) -> date | None:
    back = _DAYS_BACK.get(shown.casefold())
    if back is not None:
        return today - timedelta(days=back)
    iso = _ISO_DATE.fullmatch(shown)
    if iso is not None:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _DATE.fullmatch(shown) or _BARE_DATE.fullmatch(shown)
    if found is None:
        return None
    day, month = int(found[1]), int(found[2])
    if found[3] is not None:
        return _date(int(found[3]) % _CENTURY + _CENTURY, month, day)
    this_year = _date(today.year, month, day)
    # A till looks back: 28/12 typed in January is of last year.
    return _date(today.year - 1, month, day) if this_year is None or this_year > today else this_year


def _date(year: int, month: int, day: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, day)
    return None
