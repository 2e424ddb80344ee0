"""Names that this till makes: CancelKeys and the numbers of its sales."""

from base64 import b32encode
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from uuid import uuid4

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import normalized_order_id

_GROUPS = 5
_GROUP = 5
_REFERENCE = 12

REFERENCE = "Registro"
"""Under this name a sale carries `sale_reference` among its Metadatas."""


def cancel_key(account: str, order_id: str, value: Cents, index: int) -> str:
    """The CancelKey of one intention to refund, 32 characters of `[A-Z0-9-]` with nothing personal in it.

    Derived, not random: another till, or this one after its history was lost, makes the same key for the same
    return, so that BonifiQ itself refuses the second one. `order_id` counts in its normal form (`order_key`).
    `index`: see `next_index`.
    """
    parts = (account, normalized_order_id(order_id), str(value), str(index))
    # Length prefixes keep ("AB", "C") and ("A", "BC") apart whatever the ids hold.
    text = "".join(f"{len(part)}:{part}," for part in ("bonifiq-desktop/2", *parts))
    code = b32encode(sha256(text.encode()).digest()).decode()[: _GROUPS * _GROUP]
    return "-".join(["BQ", *(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))])


def next_index(used: Iterable[int]) -> int:
    """The index of the next key for an order and a value: one more than the highest that is known to be used, or 0.

    `used`: indexes whose refund was confirmed here, or which BonifiQ or a person called used. One running number, and
    not a count: tills that learn of each other's refunds in any order then try the same keys in the same order, and
    the one that comes second is refused. The assumption of `operations.settle_attempt` holds here, too: a cancel that
    was *refused* does not spend its key, so its index is tried again.
    """
    return max(used, default=-1) + 1


def sale_reference(ledger_id: str, intent_id: str | None) -> str:
    """What a sale carries among its Metadatas, so that a look-up shows whose it is; nothing personal in it.

    The same for every copy of one registration, another one for each other: two tills may type the same number.
    """
    text = f"{ledger_id}:{intent_id or uuid4().hex}"
    return f"{ledger_id}-{b32encode(sha256(text.encode()).digest()).decode()[:_REFERENCE]}"


def sale_order_id(till: str, day: date, ledger_id: str, number: int) -> str:
    """The number of a sale registered here, such as `CAIXA1-261120-7KQF-0001`.

    `number` counts within the ledger and never goes back; `ledger_tag` is drawn once per ledger file, so that
    a PC whose history was lost cannot make an old number again.
    """
    return f"{till}-{day:%y%m%d}-{ledger_id}-{number:04}"
