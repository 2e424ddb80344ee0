"""Settings of a till's access to the shop database, without its secrets."""

import re
from dataclasses import dataclass
from typing import Annotated

from bonifiq_desktop.storage.field_types import Read, Switch, Text, require

DEFAULT_PORT = 5432
_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]{1,253}")
_MAX_HOSTS = 8


def _read_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(require(bool(_HOST.fullmatch(host)), host) for host in hosts[:_MAX_HOSTS])


@dataclass(frozen=True)
class ShopDatabaseSettings:
    """Where the shop database is. No hosts: this till takes part in none.

    `hosts`: `name` or `name:port`, the first one tried first; IPv6 in brackets. `database`, `role`: names in
    PostgreSQL. `till`, `shop`: as the shop database knows them. `listen`: whether a connection of its own waits for
    notices, which shorten the time until another till's change is seen here.
    """

    hosts: Annotated[tuple[str, ...], Read(_read_hosts, strict=False)] = ()
    database: Text = ""
    role: Text = ""
    shop: Text = ""
    till: Text = ""
    listen: Switch = True

    @property
    def is_set_up(self) -> bool:
        return bool(self.hosts and self.database and self.role)
