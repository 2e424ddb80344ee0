"""Life of the index of customers: filled in the background while a person may use the till, dropped at the lock."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.people_index import PeopleIndex, Person, read_people
from bonifiq_desktop.security.customer_keys import CustomerKeys

_log = logging.getLogger(__name__)
_PAUSE = 0.005  # seconds between two batches, in which commands and the window work


@dataclass(eq=False, repr=False)
class CustomerIndex:
    """Owns the index. `on_ready`: called once every customer of the file is in it."""

    ledger: Ledger
    path: Path
    on_ready: Callable[[], None] = lambda: None
    people: PeopleIndex | None = field(init=False, default=None)
    _task: asyncio.Task[None] | None = field(init=False, default=None)

    @property
    def is_ready(self) -> bool:
        return self.people is not None and self.people.is_ready

    def start(self) -> None:
        """Begin an index, unless there is one; without the keys of the customers there is nothing to read."""
        keys = self.ledger.customers.keys
        if self.people is None and keys is not None:
            self.people = PeopleIndex()
            self.ledger.customers.on_change = self.people.change
            self._task = asyncio.create_task(self._fill(self.people, keys), name="customer index")

    def drop(self) -> None:
        """Forget every customer: the till was locked, or stops."""
        self.ledger.customers.on_change = lambda _number, _customer: None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self.people is not None:
            self.people.close()
            self.people = None

    async def _fill(self, people: PeopleIndex, keys: CustomerKeys) -> None:
        try:
            if keys.is_kept:
                batches = read_people(self.path, keys)
                while (batch := await asyncio.to_thread(next, batches, None)) is not None:
                    people.fill(batch)
                    await asyncio.sleep(_PAUSE)
            else:  # in this connection's memory only
                people.fill([Person.of(*each) for each in self.ledger.customers.transient()])
        except LedgerError:
            _log.exception("customer index not filled")
            self._task = None  # this task; the next sign-in or change of settings begins another one
            self.drop()
            return
        people.finish()
        self.on_ready()
