"""Notices of other tills' changes, on a connection and a thread of their own.

They only shorten the time until a change is seen here. A pooler or engine without LISTEN costs nothing but that.
"""

import threading
from collections.abc import Callable
from hashlib import md5
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.shop_database import ShopDatabaseError
from bonifiq_desktop.shop_database.access import Access, ignore_environment
from bonifiq_desktop.shop_database.backoff import FullJitter
from bonifiq_desktop.shop_database.calls import THREAD_NAME

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import InterruptibleConnection

_LONGEST_WAIT = 300.0  # seconds between two tries to connect


def channel_of(shop: str) -> str:
    """The channel on which `push_v1` notifies a shop's tills. A digest, because a name may be longer than a channel."""
    return "bonifiq_" + md5(shop.encode(), usedforsecurity=False).hexdigest()


class Listener:
    """A daemon thread that calls `on_notice` on itself after each notice, until stopped or refused.

    `on_notice` gets the notice's text. A refused LISTEN ends the thread: polling goes on without it.
    """

    def __init__(self, access: Access, shop: str, on_notice: Callable[[str], None]) -> None:
        ignore_environment()
        self._access = access
        self._channel = channel_of(shop)
        self._on_notice = on_notice
        self._backoff = FullJitter(longest=_LONGEST_WAIT)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"{THREAD_NAME}-listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """End the thread without waiting for it."""
        self._stopped.set()

    def _work(self) -> None:
        from bonifiq_desktop.shop_database.connect import Hosts

        hosts = Hosts(self._access)
        while not self._stopped.is_set():
            try:
                self._listen(hosts.connect(keep_notices=True))
            except _Refused:
                return
            except ShopDatabaseError:
                self._stopped.wait(self._backoff.next_delay())

    def _listen(self, connection: "InterruptibleConnection") -> None:
        """Wait for notices until the connection breaks. Raises ShopDatabaseError, _Refused."""
        from psycopg import Error, OperationalError

        from bonifiq_desktop.shop_database.connect import statement_failure

        connection.interrupted = self._stopped
        try:
            connection.execute(f"LISTEN {self._channel}".encode())  # the channel is hexadecimal
            self._backoff.reset()
            for notice in connection.notifies():
                self._on_notice(notice.payload)
        except OperationalError as error:
            raise statement_failure(error) from error
        except Error as error:
            raise _Refused from error
        finally:
            connection.close()


class _Refused(Exception):
    """The server or the pooler knows no LISTEN."""
