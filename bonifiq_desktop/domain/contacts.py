"""Reading and masking of customers' phone numbers and e-mail addresses, as typed at a Brazilian counter."""

import re

from bonifiq_desktop.domain.text import is_plain, without_hidden

_LABEL = r"[^\W_](?:[^\W_]|-(?=[\w-]*[^\W_]))*"  # one label of a domain name, perhaps with accents
_EMAIL = re.compile(rf"[^@\s\"(),:;<>\[\]\\]+@{_LABEL}(?:\.{_LABEL})+")
_NAMED = re.compile(r"[^<>@]*<([^<>]+)>?[\s;,.]*")  # `Ana Lima <ana@exemplo.com.br`
_AROUND = " \t;,<>()[]\"'"  # punctuation that lists, sentences and mail programs put around an address
MAX_EMAIL = 254
_HIDDEN = "***"
_MASKED_PHONE = re.compile(r"\([0-9]{2}\) \*{4,5}-[0-9]{4}")
_NOT_DIGITS = re.compile(r"[^0-9]")
_AREA, _SHOWN = 2, 4  # digits
_LENGTHS = range(10, 12)  # of a Brazilian number with its area


class ContactError(ValueError):
    """The text is not a valid phone number or e-mail address."""


def read_phone(text: str) -> str:
    """Read a phone into the form `+5511987654321`; without a country it is Brazilian. Raises ContactError."""
    import phonenumbers

    try:
        number = phonenumbers.parse(without_hidden(text), "BR")
    except phonenumbers.NumberParseException as error:
        raise ContactError from error
    if not phonenumbers.is_valid_number(number):
        raise ContactError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(text: str) -> str:
    """Read an e-mail address without its surroundings: `Ana <ana@exemplo.com.br>;` is `ana@exemplo.com.br`.

    Raises ContactError for two addresses, for an invisible character inside an address, and for other text.
    """
    named = _NAMED.fullmatch(_trimmed(text))
    address = _trimmed(named[1] if named else text).removeprefix("mailto:").rstrip(".")
    if len(address) > MAX_EMAIL or not is_plain(address) or not _EMAIL.fullmatch(address):
        raise ContactError
    return address


def _trimmed(text: str) -> str:
    """Strip the punctuation and the invisible characters around an address."""
    return text.strip("".join({_AROUND, *(char for char in text if not without_hidden(char).strip())}))


def mask_email(email: str) -> str:
    """Mask an e-mail address as `m***@gmail.com`; a masked or empty one stays unchanged."""
    name, at, domain = email.rpartition("@")
    if not at:
        return _HIDDEN if email else ""
    return f"{name[:1].strip('*')}{_HIDDEN}@{domain}"


def mask_phone(phone: str) -> str:
    """Mask a phone as `(11) *****-1234`, and a foreign one entirely; a masked or empty one stays unchanged."""
    if not phone or _MASKED_PHONE.fullmatch(phone):
        return phone
    digits = _NOT_DIGITS.sub("", phone)
    if phone.strip().startswith("+") or len(digits) > max(_LENGTHS):
        country, digits = digits[:2], digits[2:]
        if country != "55":
            return _HIDDEN
    if len(digits) not in _LENGTHS:
        return _HIDDEN
    return f"({digits[:_AREA]}) {'*' * (len(digits) - _AREA - _SHOWN)}-{digits[-_SHOWN:]}"


def is_masked(contact: str) -> bool:
    """Whether a contact is masked; a masked contact must never be sent or stored."""
    return _HIDDEN in contact
