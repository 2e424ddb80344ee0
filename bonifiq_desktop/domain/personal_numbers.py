"""Detection of personal data typed as an order number: CPF, CNPJ, phone number or e-mail address.

URLs end up in the logs of servers and proxies, so personal data must not get into one by mistake.

| text | result |
|---|---|
| e-mail address; CPF or CNPJ, valid or not, with all usual dots and dashes or after the word CPF or CNPJ | certain |
| phone number with `+` or with its area code in brackets | certain |
| valid CPF of eleven digits or valid CNPJ of fourteen characters, with any separators | uncertain |
| other Brazilian phone number: a mobile in digits alone, any with a hyphen or blanks | uncertain |

The program never accepts a certain one as an order number. It asks the person about an uncertain one: of random
numbers of eleven digits, one in a hundred is a valid CPF and one in fifteen looks like a mobile phone.
"""

import re
import unicodedata
from dataclasses import dataclass

from validate_docbr import CNPJ, CPF

from bonifiq_desktop.domain.text import is_plain

# Bounded repetition: without it, matching a long word takes quadratic time.
_EMAIL = re.compile(r"[^\s@\"'<>]{1,64}(?:@|%40)[^\s@\"'<>]{1,190}\.[^\s@\"'<>]{1,64}")
_WRITTEN_CPF = re.compile(r"(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)")
_WRITTEN_CNPJ = re.compile(r"[A-Z0-9]{2}\.[A-Z0-9]{3}\.[A-Z0-9]{3}/[A-Z0-9]{4}-\d{2}")
_BETWEEN = r"[ ./_,-]{0,2}"
_CPF = re.compile(rf"(?<![\d.])\d{{3}}{_BETWEEN}\d{{3}}{_BETWEEN}\d{{3}}{_BETWEEN}\d{{2}}(?!\d)")
_SIGNS = "[A-Z0-9]"
_CNPJ = re.compile(
    rf"(?<!{_SIGNS}){_SIGNS}{{2}}{_BETWEEN}{_SIGNS}{{3}}{_BETWEEN}{_SIGNS}{{3}}{_BETWEEN}{_SIGNS}{{4}}{_BETWEEN}\d{{2}}(?!{_SIGNS})"
)
_SEPARATORS = re.compile(r"[^A-Z0-9]")
_NAMED = re.compile(r"\b(CPF|CNPJ)\b")
_AREA, _MOBILE, _FIXED = r"[1-9][1-9]", r"9\d{4}[ .-]?\d{4}", r"[2-5]\d{3}[ .-]?\d{4}"
_PLAIN_PHONE = re.compile(r"(?:\+\d|\(0?\d{2}\))[\d ().-]{7,}")
_PHONE = re.compile(
    rf"(?:[^\W\d]+[:. ]+)?(?:(?:55|0)?[ .-]?{_AREA}[ .-]?{_MOBILE}"  # also after a word, as in "tel 11987654321"
    rf"|0?{_AREA}[ .-]{_FIXED}|0?{_AREA}[2-5]\d{{3}}[ .-]\d{{4}}|9\d{{4}}-\d{{4}})"
)


@dataclass(frozen=True)
class PersonalNumber:
    """Personal data found in a text. `kind`: `cpf`, `cnpj`, `email` or `phone`. `certain`: see the module's table."""

    kind: str
    certain: bool


def find_personal_number(text: str) -> PersonalNumber | None:
    """Find personal data in a text typed as an order number; see the module's table."""
    shown = _folded(text)
    if _EMAIL.search(shown):
        return PersonalNumber("email", certain=True)
    if _PLAIN_PHONE.search(shown):
        return PersonalNumber("phone", certain=True)
    named = _NAMED.search(shown.upper())
    document = _document(shown.upper(), named=named is not None)
    if document is None and _PHONE.fullmatch(shown):
        return PersonalNumber("phone", certain=False)
    return document


def _document(shown: str, *, named: bool) -> PersonalNumber | None:
    if _WRITTEN_CPF.search(shown):
        return PersonalNumber("cpf", certain=True)
    if _WRITTEN_CNPJ.search(shown):
        return PersonalNumber("cnpj", certain=True)
    for kind, form, check in (("cpf", _CPF, CPF().validate), ("cnpj", _CNPJ, CNPJ().validate)):
        for found in form.finditer(shown):
            if named or check(_SEPARATORS.sub("", found[0])):
                return PersonalNumber(kind, certain=named)
    return None


def _folded(text: str) -> str:
    """Fold digits, dashes and blanks of every script to ASCII, and drop invisible characters."""
    return "".join(map(_fold, unicodedata.normalize("NFKC", text))).strip()


def _fold(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if sign.isspace():
        return " "
    if unicodedata.category(sign) == "Pd" or sign == "\N{MINUS SIGN}":
        return "-"
    return sign if is_plain(sign) else ""
