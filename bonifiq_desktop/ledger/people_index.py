"""Index of customers in memory: by the beginnings of the words of a name, the end of a phone number, the e-mail.

It is a SQLite database without a file, so that nothing of it reaches a disk. Closing it forgets all.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.phones import Phone, read_phone_shape
from bonifiq_desktop.domain.query import name_words, search_text
from bonifiq_desktop.ledger.database import open_for_reading, translate_errors
from bonifiq_desktop.ledger.sealed_records import open_record
from bonifiq_desktop.security.customer_keys import CustomerKeys

MAX_PEOPLE = 200
"""Customers of one answer, those that were last seen here."""

_BATCH = 250
_LAST_FOUR = 4
# seq: grows with each sighting, so that the newest customers come first.
_SCHEMA = (
    "PRAGMA temp_store = MEMORY",
    """CREATE TABLE people (seq INTEGER PRIMARY KEY AUTOINCREMENT, customer INTEGER NOT NULL UNIQUE,
        name TEXT NOT NULL, phone TEXT NOT NULL, area TEXT NOT NULL, email TEXT NOT NULL)""",
    "CREATE INDEX people_by_phone ON people (phone) WHERE phone <> ''",
    f"CREATE INDEX people_by_last_digits ON people (substr(phone, -{_LAST_FOUR})) WHERE phone <> ''",
    "CREATE INDEX people_by_email ON people (email) WHERE email <> ''",
    """CREATE VIRTUAL TABLE names USING fts5(name, content = 'people', content_rowid = 'seq', tokenize = 'unicode61',
        prefix = '1 2 3', detail = none, columnsize = 0)""",
)
_BY_NAME = f"""SELECT p.customer FROM names n CROSS JOIN people p ON p.seq = n.rowid
    WHERE names MATCH ? ORDER BY n.rowid DESC LIMIT {MAX_PEOPLE}"""
_OWN = "SELECT seen_at, id, sealed, id FROM customers WHERE TRUE"
_OF_OTHER_TILLS = "SELECT seen_at, -id, sealed, id FROM shop_customers WHERE sealed IS NOT NULL"


@dataclass(frozen=True)
class Person:
    """A customer's row in the index, folded for the search."""

    customer: int
    name: str
    phone: str
    area: str
    email: str

    @classmethod
    def of(cls, number: int, customer: Customer) -> "Person":
        phone = read_phone_shape(search_text(customer.phone)) or Phone("")
        words = " ".join(name_words(customer.name))
        return cls(number, words, phone.digits, phone.area, search_text(customer.email).casefold())


class PeopleIndex:
    """The index of one time between sign-in and lock."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._put_here: set[int] = set()  # stored or deleted here since the fill began: newer than what it reads
        self.is_ready = False
        for statement in _SCHEMA:
            self._db.execute(statement)

    def close(self) -> None:
        self._db.close()

    def change(self, number: int, customer: Customer | None) -> None:
        """Put a customer in front, or take one out."""
        if not self.is_ready:
            self._put_here.add(number)
        self._remove(number)
        if customer is not None:
            self._insert(Person.of(number, customer))

    def fill(self, people: Sequence[Person]) -> None:
        """Insert customers as read from the file, the ones last seen at the end."""
        self._db.execute("BEGIN")
        for person in people:
            if person.customer not in self._put_here:
                self._remove(person.customer)
                self._insert(person)
        self._db.execute("COMMIT")

    def finish(self) -> None:
        """Everything in the file is in the index now."""
        self.is_ready = True
        self._put_here.clear()

    def _insert(self, person: Person) -> None:
        cursor = self._db.execute(
            "INSERT INTO people (customer, name, phone, area, email) VALUES (?, ?, ?, ?, ?)",
            (person.customer, person.name, person.phone, person.area, person.email),
        )
        self._db.execute("INSERT INTO names (rowid, name) VALUES (?, ?)", (cursor.lastrowid, person.name))

    def _remove(self, number: int) -> None:
        for seq, name in self._db.execute("SELECT seq, name FROM people WHERE customer = ?", (number,)).fetchall():
            self._db.execute("INSERT INTO names (names, rowid, name) VALUES ('delete', ?, ?)", (seq, name))
            self._db.execute("DELETE FROM people WHERE seq = ?", (seq,))

    def with_name(self, words: Iterable[str]) -> list[int]:
        """The customers whose names have words that begin with each of these, last seen first."""
        return self._found(_BY_NAME, " AND ".join(f'"{word}"*' for word in words))

    def with_phone(self, phone: Phone) -> list[int]:
        """The customers with this number, or with these last digits."""
        by = "phone" if len(phone.digits) > _LAST_FOUR else f"substr(phone, -{_LAST_FOUR})"
        query = f"""SELECT customer FROM people WHERE phone <> '' AND {by} = ?1
            AND (area = ?2 OR area = '' OR ?2 = '') ORDER BY seq DESC LIMIT {MAX_PEOPLE}"""
        return self._found(query, phone.digits, phone.area)

    def with_email(self, email: str) -> list[int]:
        """The customers with this e-mail address."""
        return self._found(
            f"SELECT customer FROM people WHERE email <> '' AND email = ? ORDER BY seq DESC LIMIT {MAX_PEOPLE}", email
        )

    def _found(self, query: str, *values: str) -> list[int]:
        return [int(row[0]) for row in self._db.execute(query, values)]


def read_people(ledger: Path, keys: CustomerKeys) -> Iterator[list[Person]]:
    """Read every customer of a ledger in batches, those last seen here at the end, those of other tills before them.

    For a thread beside the program. No batch keeps the file open, so that the write-ahead log can be truncated
    meanwhile. Raises LedgerError.
    """
    yield from _read_people(ledger, keys, _OF_OTHER_TILLS)
    yield from _read_people(ledger, keys, _OWN)


def _read_people(ledger: Path, keys: CustomerKeys, query: str) -> Iterator[list[Person]]:
    after: tuple[str, int] = ("", 0)
    while True:
        with translate_errors(), closing(open_for_reading(ledger)) as db:
            batch = f"{query} AND (seen_at, id) > (?, ?) ORDER BY seen_at, id LIMIT {_BATCH}"
            rows = db.execute(batch, after).fetchall()
        if not rows:
            return
        opened = ((number, open_record(keys, number, sealed)) for _at, number, sealed, _id in rows)
        yield [Person.of(number, customer) for number, customer in opened if customer is not None]
        after = rows[-1][0], rows[-1][3]
