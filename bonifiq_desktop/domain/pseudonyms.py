"""Pseudonyms: keyed hashes by which the ledger finds a customer without storing the identity."""

import hmac
from contextlib import suppress
from hashlib import sha256

from bonifiq_desktop.domain.contacts import ContactError, read_phone
from bonifiq_desktop.domain.documents import DocumentError, read_document


def pseudonym(key: bytes | None, document: str, email: str = "", phone: str = "") -> str | None:
    """Hash a customer's document, else the e-mail, else the phone; None without a key or without all three."""
    known_as = document or email.strip().casefold() or _normalized(phone)
    if not known_as or key is None:
        return None
    with suppress(DocumentError):  # another text is hashed unchanged
        known_as = read_document(known_as)
    return hmac.new(key, known_as.encode(), sha256).hexdigest()


def _normalized(phone: str) -> str:
    """A phone in international form; an invalid one stays unchanged."""
    with suppress(ContactError):
        return read_phone(phone) if phone else ""
    return phone.strip()
