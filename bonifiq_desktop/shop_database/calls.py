"""Calls of the shop database with a deadline, on a thread that owns the connection.

A call that exceeds its deadline is abandoned together with its thread and connection. It is not cancelled: a cancel
request is a further connection to a server that does not answer.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import count
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from bonifiq_desktop.shop_database.access import Access, ignore_environment
from bonifiq_desktop.shop_database.errors import ShopDatabaseUnreachable

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection, Hosts, InterruptibleConnection

T = TypeVar("T")

MAX_ALIVE = 2
"""Threads at once: one that is in use, and those that were abandoned and did not end yet."""

THREAD_NAME = "shop-database"
_number = count(1)


class ShopDatabase:
    """The shop database as the worker's event loop calls it, one call after the other."""

    def __init__(self, access: Access) -> None:
        ignore_environment()
        self._opener = _Opener(access)
        self._session: _Session | None = None
        self._abandoned: list[_Session] = []
        self._is_closed = False
        self._turn = asyncio.Lock()

    async def call(self, function: Callable[["Connection"], T], deadline: float) -> T:
        """Run `function` on the connection's thread; `deadline`: seconds, the wait for earlier calls included.

        A connection that broke while it was idle is replaced and `function` runs again, so it must be repeatable.
        Raises ShopDatabaseError; ShopDatabaseUnreachable once the client is closed, also for a call that waits.
        """
        try:
            async with asyncio.timeout(deadline), self._turn:
                return await self._run(function)
        except TimeoutError:
            raise ShopDatabaseUnreachable("no answer before the deadline") from None

    async def _run(self, function: Callable[["Connection"], T]) -> T:
        session = self._usable_session()
        try:
            answer = await asyncio.wrap_future(session.submit(function))
        except asyncio.CancelledError:
            self._session = None
            self._abandoned.append(session)
            session.abandon()
            raise
        self._require_open()  # an answer that arrives later would fill the mirror after this till forgot the shop
        return answer

    def _require_open(self) -> None:
        if self._is_closed:
            raise ShopDatabaseUnreachable("the client was closed")

    def _usable_session(self) -> "_Session":
        self._require_open()
        self._abandoned = [each for each in self._abandoned if each.is_alive]
        if self._session is None:
            if len(self._abandoned) >= MAX_ALIVE:
                raise ShopDatabaseUnreachable("earlier calls still hang")
            self._session = _Session(self._opener)
        return self._session

    def close(self) -> None:
        """End the connection for good, without waiting for it. Calls that are under way or wait their turn fail."""
        self._is_closed = True
        if self._session is not None:
            self._session.end()
            self._session = None


class _Opener:
    """Opens connections; psycopg is loaded by the first thread that needs it, because that takes a while."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._hosts: Hosts | None = None

    def open(self) -> "InterruptibleConnection":
        from bonifiq_desktop.shop_database.connect import Hosts

        hosts = self._hosts = self._hosts or Hosts(self._access)
        return hosts.connect()


class _Session:
    """A daemon thread and the connection that it owns."""

    def __init__(self, opener: _Opener) -> None:
        self._opener = opener
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._interrupted = threading.Event()
        self._is_busy = False
        self._thread = threading.Thread(target=self._work, name=f"{THREAD_NAME}-{next(_number)}", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def submit(self, function: Callable[["Connection"], T]) -> "Future[T]":
        self._is_busy = True
        future: Future[T] = Future()
        self._jobs.put(partial(self._answer, function, future))
        return future

    def abandon(self) -> None:
        """End the thread, also when it waits for the server."""
        self._interrupted.set()
        self._jobs.put(None)

    def end(self) -> None:
        """End the thread and close its connection; a call that is under way is abandoned."""
        if self._is_busy:
            self._interrupted.set()
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        self._drop_connection()

    def _answer(self, function: Callable[["Connection"], T], future: "Future[T]") -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            answer = self._execute(function)
        except BaseException as error:
            self._is_busy = False
            future.set_exception(error)
        else:
            self._is_busy = False
            future.set_result(answer)

    def _execute(self, function: Callable[["Connection"], T]) -> T:
        was_open = self._connection is not None
        try:
            return self._once(function)
        except ShopDatabaseUnreachable:
            # A server that was restarted meanwhile closed this connection; that says nothing about the server now.
            if not was_open or self._interrupted.is_set():
                raise
        return self._once(function)

    def _once(self, function: Callable[["Connection"], T]) -> T:
        connection = self._connection or self._open()
        from psycopg import Error

        from bonifiq_desktop.shop_database.connect import statement_failure

        try:
            return function(connection)
        except Error as error:
            raised = statement_failure(error)
            if connection.closed or isinstance(raised, ShopDatabaseUnreachable):
                self._drop_connection()
            raise raised from error

    def _open(self) -> "Connection":
        if self._interrupted.is_set():  # no new session on the server for a caller that does not wait any more
            raise ShopDatabaseUnreachable("the call was abandoned")
        connection = self._connection = self._opener.open()
        connection.interrupted = self._interrupted
        return connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
