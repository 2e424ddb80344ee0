"""Phone numbers and e-mail addresses of customers, read as typed at a Brazilian counter."""

import re

import phonenumbers

from bonifiq_desktop.domain.text import is_plain

_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]+@[^@\s.]+(?:\.[^@\s.]+)+")
_MAX_EMAIL = 254


class ContactError(ValueError):
    """The text is not a phone number or e-mail address that can reach anybody."""


def read_phone(text: str) -> str:
    """A phone in international form, `+5511987654321`; numbers without a country are Brazilian. Raises ContactError."""
    try:
        number = phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException as error:
        raise ContactError from error
    if not phonenumbers.is_valid_number(number):
        raise ContactError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(text: str) -> str:
    """An e-mail address, trimmed. Only what can never be one is refused. Raises ContactError."""
    address = text.strip()
    if len(address) > _MAX_EMAIL or not is_plain(address) or not _EMAIL.fullmatch(address):
        raise ContactError
    return address
