"""Identifiers that this till makes: CancelKeys, OriginalKeys, ids of returns, sale references and sale numbers."""

from base64 import b32encode
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import normalized_order_id

if TYPE_CHECKING:
    from bonifiq_desktop.domain.rewards import RedemptionRequest

_GROUPS = 5
_RETURN_GROUPS = 3
_GROUP = 5
_REFERENCE = 12

REFERENCE = "Registro"
"""Name of the entry in a sale's Metadatas that holds its `sale_reference`."""


def cancel_key(account: str, order_id: str, value: Cents, index: int) -> str:
    """Derive the CancelKey of one refund: 32 characters of `[A-Z0-9-]`, without personal data.

    The key is derived and not random: another till, or this till after it lost its history, makes the same key for the
    same return, so that BonifiQ refuses the second refund. `order_id` is normalized first. `index`: see `next_index`.
    """
    parts = (account, normalized_order_id(order_id), str(value), str(index))
    return _derived("BQ", ("bonifiq-desktop/2", *parts), _GROUPS)


def _derived(prefix: str, parts: Iterable[str], groups: int) -> str:
    # Length prefixes keep ("AB", "C") and ("A", "BC") apart.
    text = "".join(f"{len(part)}:{part}," for part in parts)
    code = b32encode(sha256(text.encode()).digest()).decode()[: groups * _GROUP]
    return "-".join([prefix, *(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))])


def original_key(request: "RedemptionRequest") -> str:
    """Derive the OriginalKey of a redemption: 32 characters of `[A-Z0-9-]`, without personal data.

    Every copy of one registration has the same key, so that BonifiQ redeems once. No ledger's id is in it: the draft of
    a sale outlives a ledger that is restored, and a restored one has another id. Another reward or chosen amount has
    another key, because a repeated key may be answered with the first result (both: API docs, section 5). The customer
    is not in it: a program could try every CPF against the key, which stays in ledger and log after an erasure.
    """
    amount = request.amount if request.reward.has_chosen_amount else 0
    parts = (request.checkout_id, str(request.reward.reward_id), str(amount))
    return _derived("BR", ("bonifiq-desktop/redemption/2", *parts), _GROUPS)


def return_id(account: str, order_id: str, lines: Iterable[tuple[str, int]], ordinal: int) -> str:
    """Derive the id of a return: 20 characters of `[A-Z0-9-]`, without personal data.

    Two tills that register the same goods make the same id. `lines`: codes of items and their units, in any order.
    `ordinal`: 0 for the first such return; see `Queries.next_return_id`.
    """
    goods = sorted(lines)
    parts = (account, normalized_order_id(order_id), *(part for code, units in goods for part in (code, str(units))))
    return _derived("DV", ("bonifiq-desktop/return/1", *parts, str(ordinal)), _RETURN_GROUPS)


def next_index(used: Iterable[int]) -> int:
    """The index of the next key for an order and a value: one more than the highest used index, or 0.

    `used`: indexes whose refund was confirmed here, or which BonifiQ or a person called used. The index is a running
    number and not a count, so that tills which learn of each other's refunds in any order try the same keys in the
    same order. A refused cancel does not spend its key (see `operations.resolve_attempt`), so its index is tried again.
    """
    return max(used, default=-1) + 1


def sale_reference(ledger_id: str, intent_id: str | None) -> str:
    """Make the reference in a sale's Metadatas, by which a look-up identifies the sale; without personal data.

    Every copy of one registration has the same reference, because two tills may type the same order number.
    """
    text = f"{ledger_id}:{intent_id or uuid4().hex}"
    return f"{ledger_id}-{b32encode(sha256(text.encode()).digest()).decode()[:_REFERENCE]}"


def sale_order_id(till: str, day: date, ledger_id: str, number: int) -> str:
    """Make the number of a sale registered here, such as `CAIXA1-261120-7KQF-0001`.

    `number` only grows within a ledger. `ledger_id` is drawn once per ledger file, so that a PC that lost its history
    cannot repeat an old number.
    """
    return f"{till}-{day:%y%m%d}-{ledger_id}-{number:04}"
