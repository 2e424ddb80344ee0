"""This till's names of the shops in remote systems, under which it stores the other tills' operations there.

Each till's owner names its connections freely; system and account name a shop at all tills.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from bonifiq_desktop.domain.operations import BONIFIQ
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import LedgerFailed

_METADATA = "connection_names"


class RemoteShop(NamedTuple):
    """A shop in a remote system, as every till knows it."""

    system: str
    account: str


Names = Mapping[RemoteShop, str]


def name_here(names: Names, shop: RemoteShop, told: str) -> str:
    """The connection's name under which an operation is stored here. `told`: its till's name.

    A name that this till uses for another shop gets the account added, so that neither blocks the other's orders.
    """
    if shop.system == BONIFIQ or not shop.account:
        return told
    name = names.get(shop) or told
    while name in names.values() and names.get(shop) != name:
        name = f"{name} ({shop.account})"
    return name


def read_names(connection: LedgerConnection) -> Names:
    """The names as they were stored last. Raises LedgerFailed."""
    try:
        stored = json.loads(connection.metadata(_METADATA) or "[]")
        return {RemoteShop(system, account): name for system, account, name in stored}
    except (ValueError, TypeError):
        raise LedgerFailed("the names of the connections are unreadable") from None


def store_names(connection: LedgerConnection, names: Names) -> None:
    """Store the names where they changed, and rename what is stored already, in one transaction."""
    stored = json.dumps(sorted((*shop, name) for shop, name in names.items()), ensure_ascii=False)
    if stored == (connection.metadata(_METADATA) or "[]"):
        return
    with connection.transaction():
        connection.store_metadata(_METADATA, stored)
        for system, account, told in connection.rows(
            "SELECT DISTINCT system, account, connection FROM shop_operations"
        ):
            name = name_here(names, RemoteShop(system, account), told)
            if name != told:
                connection.db.execute(
                    "UPDATE shop_operations SET connection = ? WHERE system = ? AND account = ? AND connection = ?",
                    (name, system, account, told),
                )
