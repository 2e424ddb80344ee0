"""What the tests of the shop database's client share."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256

from bonifiq_desktop.domain.shop_database import NO_HASH, Change, Hello, ShopDatabaseError, Trouble, change_hash
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.access import Access, Host
from bonifiq_desktop.shop_database.calls import THREAD_NAME, ShopDatabase
from tests.support.postgres import TillAccess

PATIENCE = 30.0
"""Deadline in seconds of a call that must succeed on a busy machine."""

IMPATIENCE = 0.2
"""Deadline in seconds of a call that cannot succeed."""


def access_of(till: TillAccess, *ports: int) -> Access:
    """A till's access over these ports of loopback, by default the server's own."""
    hosts = tuple(Host(till.host, port) for port in ports or (till.port,))
    return Access(hosts, till.database, till.role, till.password, till.ca_file)


@contextmanager
def client_of(till: TillAccess, *ports: int, **changed: object) -> Iterator[ShopDatabase]:
    """A client that is closed in the end. `changed`: fields of its access."""
    database = ShopDatabase(replace(access_of(till, *ports), **changed))  # type: ignore[arg-type]
    try:
        yield database
    finally:
        database.close()


async def say_hello(database: ShopDatabase, incarnation: int = 0) -> Hello:
    return await database.call(partial(protocol.hello, incarnation=incarnation), PATIENCE)


async def begin(database: ShopDatabase, digit: str = "a") -> int:
    """Begin an incarnation with an id of this hexadecimal digit."""
    return await database.call(partial(protocol.begin_incarnation, incarnation_id=digit * 32), PATIENCE)


async def push(database: ShopDatabase, changes: list[Change], incarnation: int = 1) -> int:
    return await database.call(partial(protocol.push, incarnation=incarnation, changes=changes), PATIENCE)


async def pull(database: ShopDatabase, till: str, after: int = 0) -> list[Change]:
    return await database.call(partial(protocol.pull, till=till, incarnation=1, after=after, limit=100), PATIENCE)


async def trouble_of(database: ShopDatabase, deadline: float = PATIENCE) -> Trouble:
    """The trouble of a greeting that must fail."""
    try:
        answer = await database.call(partial(protocol.hello, incarnation=0), deadline)
    except ShopDatabaseError as error:
        return error.trouble
    raise AssertionError(answer)


def customer_changes(many: int, first: int = 1, previous: bytes = NO_HASH) -> list[Change]:
    """Changes that tell of customers; every second one without a sealed record."""
    told = []
    for seq in range(first, first + many):
        body = f'{{"id":{seq},"identity":null,"kind":"customer","name":"ação","phone_hash":null}}'
        sealed = None if seq % 2 else bytes([0, 255, seq % 256])
        digest = NO_HASH if sealed is None else sha256(sealed).digest()
        following = change_hash(previous, 1, body, digest)
        told.append(Change(seq, 1, previous, body, sealed, digest, following))
        previous = following
    return told


def client_threads() -> list[str]:
    """Names of the client's threads that are alive."""
    return [each.name for each in threading.enumerate() if each.name.startswith(THREAD_NAME)]
