"""What the one customer field of a sale holds: a document, a phone, an e-mail address or a name."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bonifiq_desktop.domain.contacts import ContactError, is_masked, read_email, read_phone
from bonifiq_desktop.domain.documents import DocumentError, read_document
from bonifiq_desktop.domain.text import plain

_MIN_NAME = 2  # letters
_MIN_PHONE = 10  # characters; a shorter number has no area code
_CPF_SHAPE = re.compile(r"\s*\d{3}\.\d{3}\.\d{3}-?\d{0,2}\s*")


class IdentityKind(StrEnum):
    NONE = ""
    DOCUMENT = "document"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    INVALID = "invalid"


@dataclass(frozen=True)
class Identity:
    """`value`: as a request holds it; empty for an invalid text. `is_phone_too`: the digits of a CPF make a phone."""

    kind: IdentityKind
    value: str = ""
    is_phone_too: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it names one customer."""
        return self.kind in {IdentityKind.DOCUMENT, IdentityKind.PHONE, IdentityKind.EMAIL}

    @property
    def is_searchable(self) -> bool:
        return self.is_exact or (self.kind is IdentityKind.NAME and len(self.value) >= _MIN_NAME)


def read_identity(text: str, *, as_phone: bool = False) -> Identity:
    """Read the customer field. `as_phone`: a person said that these digits are a phone, not a CPF."""
    typed = plain(text)
    if not typed:
        return Identity(IdentityKind.NONE)
    if is_masked(typed):
        return Identity(IdentityKind.INVALID)
    phone = _phone(text)
    if not (as_phone and phone):
        try:
            return Identity(IdentityKind.DOCUMENT, read_document(text), is_phone_too=bool(phone))
        except DocumentError:
            pass
    if phone:
        return Identity(IdentityKind.PHONE, phone)
    if "@" in typed:
        try:
            return Identity(IdentityKind.EMAIL, read_email(text))
        except ContactError:
            return Identity(IdentityKind.INVALID)
    has_digits = any(char.isdigit() for char in typed)
    return Identity(IdentityKind.INVALID) if has_digits else Identity(IdentityKind.NAME, typed)


def _phone(text: str) -> str:
    if len(text) < _MIN_PHONE or _CPF_SHAPE.fullmatch(text) or not any(char.isdigit() for char in text):
        return ""
    try:
        return read_phone(text)
    except ContactError:
        return ""
