"""The shop database with 1 %, 10 % and all of a year of 1,000 tills: its functions against the bare statements."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import psycopg

from bonifiq_desktop.domain.operations import BONIFIQ
from bonifiq_desktop.domain.shop_database import NO_HASH, Change, ClaimedOrder, change_hash
from bonifiq_desktop.shop_database import protocol
from tests.bench.large_shop import A_YEAR, TILLS, Bodies, fill, hash_of, head_of
from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Result, Row, Sample, compare, milliseconds
from tests.support.postgres import PostgresServer, ShopDatabaseServer, TillAccess, find_binaries

_SHARES = (1, 10, 100)
"""Of a year, in per cent."""
_ROUNDS = 200
_PULLED = 100
_CUT = 60
"""Characters that are left of each body in the full year, so that it fits a disk; see `_rows_of_sizes`."""
_BYTES_OF_A_YEAR = 45e9
_SETTINGS = """
wal_level = minimal
max_wal_senders = 0
shared_buffers = 512MB
max_wal_size = 8GB
maintenance_work_mem = 512MB
log_min_duration_statement = -1
"""
_BARE = """
CREATE TABLE bare_changes (LIKE bonifiq.changes);
ALTER TABLE bare_changes ADD PRIMARY KEY (shop, till, incarnation, seq);
CREATE TABLE bare_claims (LIKE bonifiq.claims);
ALTER TABLE bare_claims ADD PRIMARY KEY (shop, order_hash);
"""

Connection = psycopg.Connection[tuple[object, ...]]


def rows(bench: Bench) -> Iterator[Result]:
    """Push, claim, pull and lag at each size against bare statements, and against the smallest size."""
    if find_binaries() is None:
        yield NotMeasured("shop_database", "everything", "PostgreSQL is not installed")
        return
    server = PostgresServer(durable=True)
    try:
        with (server.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(_SETTINGS)
        server.start()
        yield from _rows_of(server, bench)
    finally:
        server.close()


def _rows_of(server: PostgresServer, bench: Bench) -> Iterator[Result]:
    sizes: list[_Year] = []
    bodies = Bodies.of_a_refund()
    for share in _SHARES[:2] if bench.quick else _SHARES:
        if share == 100 and shutil.disk_usage(server.folder).free < _BYTES_OF_A_YEAR:
            yield NotMeasured("shop_database", "a whole year", f"it needs {_BYTES_OF_A_YEAR / 1e9:.0f} GB of disk")
            continue
        operations = max(A_YEAR * share // (10_000 if bench.quick else 100), 50)
        year = _Year(server, share, operations, bodies.cut(_CUT) if share == 100 else bodies)
        sizes.append(year)
        for step, (ours, bare, what, goal) in year.steps().items():
            figure = Figure("shop_database", f"{step}, {share} % of a year / bare", what, goal)
            yield compare(figure, ours=ours, limit=bare, rounds=bench.rounds(_ROUNDS), warm_up=10)
        if year is not sizes[0]:
            yield from _growth(year, sizes[0], bench)
    yield from _rows_of_sizes(sizes)


def _growth(year: _Year, least: _Year, bench: Bench) -> Iterator[Row]:
    for (step, (ours, _, what, _)), (limit, *_) in zip(year.steps().items(), least.steps().values(), strict=True):
        figure = Figure(
            "shop_database",
            f"{step}, {year.share} % / {least.share} % of a year",
            f"{what.split(' / ')[0]}, with {year.operations * TILLS:,} and {least.operations * TILLS:,} operations",
            Goal(1.25),
        )
        yield compare(figure, ours=ours, limit=limit, rounds=bench.rounds(_ROUNDS), warm_up=10)


def _rows_of_sizes(sizes: list[_Year]) -> Iterator[Row]:
    """The bytes of an operation, with indexes. The bodies are cut in the full year, so that they count apart."""
    least = sizes[0]
    of_bodies = least.bodies.bytes_of_an_operation
    what = "three changes of an operation and a fifth of a customer, in tables and indexes / the bodies alone"
    figure = Figure("shop_database", f"bytes of an operation, {least.share} % of a year", what, unit="B")
    yield Row.of(figure, [least.bytes_of_an_operation], [of_bodies])
    for year in sizes[1:]:
        name = f"bytes of an operation beside its bodies, {year.share} % / {least.share} % of a year"
        figure = Figure("shop_database", name, "tables and indexes less the bodies", Goal(1.1), "B")
        beside = year.bytes_of_an_operation - year.bodies.bytes_of_an_operation
        yield Row.of(figure, [beside], [least.bytes_of_an_operation - of_bodies])


@dataclass(eq=False)
class _Year:
    """A database of one size, with two tills of one shop that are connected to it, and the bare tables beside."""

    server: PostgresServer
    share: int
    operations: int
    bodies: Bodies
    bytes_of_an_operation: float = field(init=False)

    def __post_init__(self) -> None:
        database = self.server.new_shop_database()
        self.admin: Connection = database.admin()
        begun = perf_counter()
        fill(self.admin, self.operations, self.bodies)
        self.seconds_to_fill = perf_counter() - begun
        self.bytes_of_an_operation = self._size() / (self.operations * TILLS)
        self.admin.execute(_BARE)
        self.one, self.other = (_Till(database, number, head_of(self.operations)) for number in (0, 1))
        self.numbers = itertools.count(1)

    def _size(self) -> int:
        query = """SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                   WHERE nspname = 'bonifiq' AND relkind = 'r'"""
        row = self.admin.execute(query).fetchone()
        assert row is not None
        return int(str(row[0]))

    def steps(self) -> dict[str, tuple[Sample, Sample, str, Goal]]:
        """Each measurement, the bare statement's, what both are, and the goal of their ratio."""
        return {
            "push a change": (
                milliseconds(self.one.push), milliseconds(self._insert),
                "push_v1 of one change, from the till / one INSERT of its bytes by the administrator", Goal(8),
            ),
            "claim an order": (
                milliseconds(self.one.claim), milliseconds(self._claim),
                "claim_v1 of a free order / one INSERT … ON CONFLICT DO NOTHING", Goal(6),
            ),
            f"pull {_PULLED} changes": (
                milliseconds(self.other.pull), milliseconds(self._select),
                "pull, under row-level security, of another till's changes / the same SELECT without it", Goal(2.5),
            ),
            "lag of a change": (
                milliseconds(self._tell), milliseconds(self._tell_barely),
                "push here, heads and pull there / INSERT here, two SELECTs there", Goal(6),
            ),
        }  # fmt: skip

    def _tell(self) -> None:
        self.one.push()
        head = next(each for each in protocol.heads(self.other.db) if each.till == self.one.name)
        assert head.seq == self.one.seq
        pulled = protocol.pull(self.other.db, self.one.name, 1, head.seq - 1, _PULLED)
        assert [change.seq for change in pulled] == [head.seq]

    def _tell_barely(self) -> None:
        number = self._insert()
        self.admin.execute("SELECT seq, hash FROM bare_changes WHERE shop = 'LOJA0' AND seq = %s", (number,)).fetchall()
        query = "SELECT * FROM bare_changes WHERE shop = 'LOJA0' AND till = 'CAIXA0' AND incarnation = 1 AND seq = %s"
        assert len(self.admin.execute(query, (number,)).fetchall()) == 1

    def _insert(self) -> int:
        number = next(self.numbers)
        row = ("LOJA0", "CAIXA0", 1, number, 1, os.urandom(32), self.bodies.first, NO_HASH, os.urandom(32))
        columns = "shop, till, incarnation, seq, version, previous, body, sealed_sha256, hash"
        self.admin.execute(f"INSERT INTO bare_changes ({columns}) VALUES ({', '.join(['%s'] * 9)})".encode(), row)
        return number

    def _claim(self) -> None:
        row = ("LOJA0", os.urandom(16), "CAIXA0", 1, [os.urandom(16).hex()])
        statement = """INSERT INTO bare_claims (shop, order_hash, till, incarnation, uids, since)
                       VALUES (%s, %s, %s, %s, %s, clock_timestamp()) ON CONFLICT DO NOTHING"""
        self.admin.execute(statement, row)

    def _select(self) -> None:
        query = """SELECT seq, version, previous, body, sealed, sealed_sha256, hash FROM bonifiq.changes
                   WHERE shop = 'LOJA0' AND till = 'CAIXA0' AND incarnation = 1 AND seq > %s ORDER BY seq LIMIT %s"""
        with self.admin.cursor(binary=True) as cursor:
            assert len(cursor.execute(query, (self.other.next_pulled(), _PULLED)).fetchall()) == _PULLED


class _Till:
    """A till of the first shop, connected as the program connects."""

    def __init__(self, database: ShopDatabaseServer, number: int, head: int) -> None:
        self.name = f"CAIXA{number}"
        access: TillAccess = database.add_till(self.name, "LOJA0")
        self.db: Connection = access.connect()
        self.seq, self.hash = head, hash_of(number, head)
        self._length = head - _PULLED
        self._pulls = itertools.count(1)
        self._body = Bodies.of_a_refund().first
        self._uid = json.loads(self._body)["uid"]

    def push(self) -> None:
        """Push one change, an operation that was just registered."""
        uid = os.urandom(16).hex()
        body = self._body.replace(self._uid, uid)
        its_hash = change_hash(self.hash, 1, body, NO_HASH)
        change = Change(self.seq + 1, 1, self.hash, body, None, NO_HASH, its_hash)
        self.seq = protocol.push(self.db, 1, [change])
        assert self.seq == change.seq
        self.hash = its_hash

    def claim(self) -> None:
        """Claim an order that no till has."""
        order = ClaimedOrder(BONIFIQ, "LOJA", os.urandom(8).hex())
        claimed = protocol.claim(self.db, 1, order, os.urandom(16).hex(), [])
        assert not claimed.holder

    def pull(self) -> None:
        """Pull changes of the other till from anywhere in its history."""
        assert len(protocol.pull(self.db, "CAIXA0", 1, self.next_pulled(), _PULLED)) == _PULLED

    def next_pulled(self) -> int:
        """Another place in the history each time, spread over all of it."""
        return next(self._pulls) * 7919 % self._length
