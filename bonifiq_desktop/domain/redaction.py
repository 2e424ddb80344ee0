"""Texts without what names a person: the one rule for all that is stored, logged or said in an error.

It is for texts only, never for order numbers or CancelKeys: those name what they name, whatever they look like.
"""

import re

from bonifiq_desktop.domain.documents import mask_document

# Bounded: without that a long word costs the square of its length.
_EMAIL = r"[^\s@\"'<>]{1,64}(?:@|%40)[^\s@\"'<>]{1,190}\.[^\s@\"'<>]{1,64}"
# Only what says itself that it is one; other eleven digits in a row are taken for a CPF.
_PHONE = r"(?:\+55[ .-]?\(?0?\d{2}\)?|\(0?\d{2}\))[ .-]?\d?[ .-]?\d{4}[ .-]?\d{4}(?!\d)"
_CPF = r"(?<!\d)\d{3}[. \u00a0]?\d{3}[. \u00a0]?\d{3}[-. \u00a0\u2010-\u2015]?\d{2}(?!\d)"  # also in `cpf_52998224725`
_PASSWORD = r"(?i:basic)\s+[A-Za-z0-9+/=]{8,}"  # noqa: S105 - the form of an Authorization header, not a password

_PERSONAL = re.compile(f"(?P<email>{_EMAIL})|(?P<phone>{_PHONE})|(?P<cpf>{_CPF})")
_SECRET = re.compile(f"{_PASSWORD}|{_PERSONAL.pattern}")


def redact_personal_data(text: str) -> str:
    """A text to be kept: every CPF in it masked, e-mail addresses and phone numbers taken out."""
    return _PERSONAL.sub(_stands_for, text)


def _stands_for(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "email":
            return "[e-mail]"
        case "phone":
            return "[telefone]"
        case _:
            return mask_document("".join(filter(str.isdecimal, found[0])))


def redact_secrets(text: str) -> str:
    """A text for the log: all that `without_personal` changes, and passwords, are taken out."""
    return _SECRET.sub("[removed]", text)
