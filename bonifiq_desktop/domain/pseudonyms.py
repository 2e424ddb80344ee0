"""Pseudonyms: keyed hashes by which the ledger finds a customer without storing the identity."""

import hmac
from contextlib import suppress
from hashlib import sha256

from bonifiq_desktop.domain.contacts import ContactError, read_phone
from bonifiq_desktop.domain.documents import DocumentError, read_document


def pseudonym(key: bytes | None, document: str, email: str = "", phone: str = "") -> str | None:
    """Hash a customer's document, else the e-mail, else the phone; None without a key or without all three."""
    return hash_name(key, known_as(document, email, phone)) if key is not None else None


def known_as(document: str, email: str = "", phone: str = "") -> str:
    """The one form of a customer's document, else of the e-mail, else of the phone, that is hashed; else empty."""
    name = document or email.strip().casefold() or _normalized(phone)
    with suppress(DocumentError):  # another text is hashed unchanged
        return read_document(name) if name else ""
    return name


def hash_name(key: bytes, name: str) -> str | None:
    """The keyed hash of what `known_as` returned; None for an empty text."""
    return hmac.new(key, name.encode(), sha256).hexdigest() if name else None


def _normalized(phone: str) -> str:
    """A phone in international form; an invalid one stays unchanged."""
    with suppress(ContactError):
        return read_phone(phone) if phone else ""
    return phone.strip()
