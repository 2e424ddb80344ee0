"""Redaction of personal data and secrets in texts that are stored, logged or shown as an error.

Never apply it to order numbers or CancelKeys: a redacted identifier names nothing.
"""

import re

from bonifiq_desktop.domain.documents import mask_document

# Bounded repetition: without it, matching a long word takes quadratic time.
_EMAIL = r"[^\s@\"'<>]{1,64}(?:@|%40)[^\s@\"'<>]{1,190}\.[^\s@\"'<>]{1,64}"
# Only numbers with a country or area code in brackets; other runs of eleven digits count as a CPF.
_PHONE = r"(?:\+55[ .-]?\(?0?\d{2}\)?|\(0?\d{2}\))[ .-]?\d?[ .-]?\d{4}[ .-]?\d{4}(?!\d)"
_CPF = r"(?<!\d)\d{3}[. \u00a0]?\d{3}[. \u00a0]?\d{3}[-. \u00a0\u2010-\u2015]?\d{2}(?!\d)"  # also in `cpf_52998224725`
_PASSWORD = r"(?i:basic)\s+[A-Za-z0-9+/=]{8,}"  # noqa: S105 - the form of an Authorization header, not a password

_PERSONAL = re.compile(f"(?P<email>{_EMAIL})|(?P<phone>{_PHONE})|(?P<cpf>{_CPF})")
_SECRET = re.compile(f"{_PASSWORD}|{_PERSONAL.pattern}")


def redact_personal_data(text: str) -> str:
    """Mask every CPF in a text, and replace e-mail addresses and phone numbers."""
    return _PERSONAL.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "email":
            return "[e-mail]"
        case "phone":
            return "[telefone]"
        case _:
            return mask_document("".join(filter(str.isdecimal, found[0])))


def redact_secrets(text: str) -> str:
    """Remove personal data and passwords from a text for the log."""
    return _SECRET.sub("[removed]", text)
