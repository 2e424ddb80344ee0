"""Read the reasons for cancellations and refunds (API docs, section 3)."""

from collections.abc import Iterable
from typing import Any

from bonifiq_desktop.connectors.akinon.fields import key_of, text_of
from bonifiq_desktop.domain.returns import RemoteReason

_PURPOSES = ("cancel", "refund")


def reasons_in(rows: Iterable[dict[str, Any]]) -> tuple[RemoteReason, ...]:
    """The active reasons, cancellations first, each purpose in the order of the system's own list."""
    known = [(row, key_of(row.get("pk")), text_of(row.get("cancellation_type")).lower()) for row in rows]
    usable = [each for each in known if each[1] and each[2] in _PURPOSES and each[0].get("is_active") is not False]
    usable.sort(key=lambda each: (_PURPOSES.index(each[2]), key_of(each[0].get("order")) or 0, each[1] or 0))
    return tuple(
        RemoteReason(str(key), text_of(row.get("subject")) or str(key), purpose) for row, key, purpose in usable
    )
