"""What the ledger keeps in a customer's place, to find one again without keeping who it is."""

import hmac
from contextlib import suppress
from hashlib import sha256

from bonifiq_desktop.domain.contacts import ContactError, read_phone
from bonifiq_desktop.domain.documents import DocumentError, read_document


def pseudonym(key: bytes | None, document: str, email: str = "", phone: str = "") -> str | None:
    """The keyed hash of a customer's document, else of the e-mail, else of the phone. None: it cannot be made."""
    known_as = document or email.strip().casefold() or _called(phone)
    if not known_as or key is None:
        return None
    with suppress(DocumentError):  # what is none can be found again as it stands
        known_as = read_document(known_as)
    return hmac.new(key, known_as.encode(), sha256).hexdigest()


def _called(phone: str) -> str:
    """A phone in its one international form, however it was written; as it stands where it has none."""
    with suppress(ContactError):
        return read_phone(phone) if phone else ""
    return phone.strip()
