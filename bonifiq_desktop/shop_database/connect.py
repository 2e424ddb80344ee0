"""Connections to the first of the shop database's hosts that takes changes. Imported on their threads only."""

import threading
from typing import TypeAlias, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo

from bonifiq_desktop.domain.shop_database import ShopDatabaseError, Trouble
from bonifiq_desktop.shop_database.access import Access, Host, connection_parameters
from bonifiq_desktop.shop_database.errors import (
    ShopDatabaseUnreachable,
    classify_connecting,
    classify_statement,
)

T = TypeVar("T")
Connection: TypeAlias = "psycopg.Connection[tuple[object, ...]]"


class InterruptibleConnection(psycopg.Connection[tuple[object, ...]]):
    """A connection whose wait for the server fails within a tenth of a second after `interrupted` is set.

    psycopg looks up that often from each wait. To shut the socket down would not do: Windows goes on waiting.
    """

    interrupted: threading.Event | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Consume a generator of psycopg's. Raises OperationalError after an interruption."""
        return super().wait(self._checked(gen), interval, timeout)

    def _checked(self, gen: PQGen[T]) -> PQGen[T]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if self.interrupted is not None and self.interrupted.is_set():
                    raise psycopg.OperationalError("interrupted")
                wanted = gen.send(ready)
        except StopIteration as end:
            result: T = end.value
            return result


class Hosts:
    """The shop database's hosts, the one that answered last first. Threads share it."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._hosts = access.hosts

    def connect(self, *, keep_notices: bool = False) -> InterruptibleConnection:
        """Connect to the first host that takes changes. Raises ShopDatabaseError.

        Among several failures the first one that a person can act on is raised. `keep_notices`: for one that listens.
        """
        failures: list[ShopDatabaseError] = []
        for host in self._hosts:
            try:
                connection = connect_to(self._access, host)
            except ShopDatabaseError as error:
                failures.append(error)
            else:
                if not keep_notices:
                    connection.add_notify_handler(_drop)
                self._hosts = (host, *(each for each in self._hosts if each != host))
                return connection
        lasting = (each for each in failures if not isinstance(each, ShopDatabaseUnreachable))
        raise next(lasting, failures[-1] if failures else ShopDatabaseUnreachable("no host is set"))


def connect_to(access: Access, host: Host) -> InterruptibleConnection:
    """Connect to one host. Raises ShopDatabaseError.

    Each statement is a transaction of its own and none is prepared, because a pooler changes connections between them.
    """
    parameters = make_conninfo("", **connection_parameters(access, host))
    try:
        return InterruptibleConnection.connect(parameters, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        raise classify_connecting(str(error), access.role, access.database) from error


def _drop(_notice: psycopg.Notify) -> None:
    """Drop a notice that a pooler passed on; without a handler the connection would keep all of them."""


def statement_failure(error: psycopg.Error) -> ShopDatabaseError:
    """The failure of a statement as the program knows it."""
    detail = error.diag.message_primary or str(error)
    if error.sqlstate is None and not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return ShopDatabaseError(Trouble.FAILED, detail)  # psycopg refused the arguments
    return classify_statement(error.sqlstate, detail)
