"""The text of a customer's sealed record, and its opening."""

import json
from typing import Any

from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.security.customer_keys import CustomerKeys, SealBroken

KEPT_TEXTS = ("customer_id", "name", "document", "email", "phone", "tier")
KEPT_FIELDS = (*KEPT_TEXTS, "enrolled")


def open_record(keys: CustomerKeys, number: int, sealed: bytes) -> Customer | None:
    """The customer in a sealed record; None for a record of another key or row, or a changed one."""
    try:
        return unpack_customer(keys.unseal(number, sealed))
    except (SealBroken, ValueError, KeyError, TypeError):
        return None


def pack_customer(customer: Customer) -> bytes:
    """The text of a sealed record."""
    return json.dumps({name: getattr(customer, name) for name in KEPT_FIELDS}, ensure_ascii=False).encode()


def unpack_customer(text: bytes) -> Customer:
    """The customer that `pack_customer` packed. Raises ValueError, LookupError, TypeError."""
    fields: dict[str, Any] = json.loads(text)
    return Customer(**{name: fields[name] for name in KEPT_FIELDS})
