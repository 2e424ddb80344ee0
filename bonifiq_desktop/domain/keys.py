"""Names that this till makes: CancelKeys and the numbers of its sales."""

from base64 import b32encode
from datetime import date
from hashlib import sha256

from bonifiq_desktop.domain.money import Cents

_GROUPS = 5
_GROUP = 5


def cancel_key(account: str, order_id: str, value: Cents, confirmed_same_value: int, reissue: int = 0) -> str:
    """The CancelKey of one intention to refund, 32 characters of `[A-Z0-9-]` with nothing personal in it.

    Derived, not random: another till, or this one after its history was lost, makes the same key for the same
    return, so that BonifiQ itself refuses the second one. Capitals and small letters in `order_id` count as the same.
    `confirmed_same_value` counts the refunds of this order with this very value confirmed here; `reissue` is raised
    only by a person who says "this is another return".
    """
    parts = (account, order_id.upper(), str(value), str(confirmed_same_value), str(reissue))
    # Length prefixes keep ("AB", "C") and ("A", "BC") apart whatever the ids hold.
    text = "".join(f"{len(part)}:{part}," for part in ("bonifiq-desktop/1", *parts))
    code = b32encode(sha256(text.encode()).digest()).decode()[: _GROUPS * _GROUP]
    return "-".join(["BQ", *(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))])


def sale_order_id(till: str, day: date, ledger_tag: str, number: int) -> str:
    """The number of a sale registered here, such as `CAIXA1-261120-7KQF-0001`.

    `number` counts within the ledger and never goes back; `ledger_tag` is drawn once per ledger file, so that
    a PC whose history was lost cannot make an old number again.
    """
    return f"{till}-{day:%y%m%d}-{ledger_tag}-{number:04}"
