"""Phone numbers and e-mail addresses of customers: read as typed at a Brazilian counter, masked where shown."""

import re

from bonifiq_desktop.domain.text import is_plain, without_hidden

_LABEL = r"[^\W_](?:[^\W_]|-(?=[\w-]*[^\W_]))*"  # of a domain name; accents may stand in it
_EMAIL = re.compile(rf"[^@\s\"(),:;<>\[\]\\]+@{_LABEL}(?:\.{_LABEL})+")
_NAMED = re.compile(r"[^<>@]*<([^<>]+)>?[\s;,.]*")  # `Ana Lima <ana@exemplo.com.br`
_AROUND = " \t;,<>()[]\"'"  # what a list, a sentence or a mail program puts around an address
MAX_EMAIL = 254
_HIDDEN = "***"
_MASKED_PHONE = re.compile(r"\([0-9]{2}\) \*{4,5}-[0-9]{4}")
_NOT_DIGITS = re.compile(r"[^0-9]")
_AREA, _SHOWN = 2, 4  # digits
_LENGTHS = range(10, 12)  # of a Brazilian number with its area


class ContactError(ValueError):
    """The text is not a phone number or e-mail address that can reach anybody."""


def read_phone(text: str) -> str:
    """A phone in international form, `+5511987654321`; numbers without a country are Brazilian. Raises ContactError."""
    import phonenumbers

    try:
        number = phonenumbers.parse(without_hidden(text), "BR")
    except phonenumbers.NumberParseException as error:
        raise ContactError from error
    if not phonenumbers.is_valid_number(number):
        raise ContactError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(text: str) -> str:
    """An e-mail address without what stands around it: `Ana <ana@exemplo.com.br>;` is `ana@exemplo.com.br`.

    Two addresses, a sign that nobody sees within one, and what can never be one are refused. Raises ContactError.
    """
    named = _NAMED.fullmatch(_trimmed(text))
    address = _trimmed(named[1] if named else text).removeprefix("mailto:").rstrip(".")
    if len(address) > MAX_EMAIL or not is_plain(address) or not _EMAIL.fullmatch(address):
        raise ContactError
    return address


def _trimmed(text: str) -> str:
    """Without what stands around an address, seen or not."""
    return text.strip("".join({_AROUND, *(sign for sign in text if not without_hidden(sign).strip())}))


def mask_email(email: str) -> str:
    """An address as it may be seen over a shoulder: `m***@gmail.com`. What is masked stays; empty for none."""
    name, at, place = email.rpartition("@")
    if not at:
        return _HIDDEN if email else ""
    return f"{name[:1].strip('*')}{_HIDDEN}@{place}"


def mask_phone(phone: str) -> str:
    """A phone as it may be seen over a shoulder: `(11) *****-1234`; hidden whole where it is not Brazilian.

    What is masked stays; empty for none.
    """
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
    """Whether an address or phone stands for one that is not shown: it must never be sent or kept as if it were one."""
    return _HIDDEN in contact
