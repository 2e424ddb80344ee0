"""A shop: several till processes, PostgreSQL, and a line with faults from each till to it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, cast

import psycopg

from bonifiq_desktop.shop_database.admin import NewTill, add_till, run_together
from bonifiq_desktop.shop_database.enrolment_file import Enrolment, new_code, seal_enrolment
from tests.support.oracle import Violation
from tests.support.postgres import PostgresServer, ShopDatabaseServer
from tests.support.shop_oracle import ServerRow, ShopObservation, find_shop_violations
from tests.support.shop_tills import TillFailed, TillProcess, WatchedService
from tests.support.tcp_proxy import TcpProxy, tcp_proxy

PATIENCE = 60.0
PERSONAL = ("52998224725", "Maria", "529.982")
"""What no body of the log may hold."""

LineTrouble = Literal["cut", "silent", "answers lost", "slow", "refused"]
LINE_TROUBLES: tuple[LineTrouble, ...] = ("cut", "silent", "answers lost", "slow", "refused")
_SLOWNESS = 0.1
"""Seconds for each chunk in each direction."""

_LOG = """SELECT till, incarnation, seq, version, previous, body, sealed, sealed_sha256, hash FROM bonifiq.changes
          WHERE shop = %s ORDER BY till, incarnation, seq"""
_CLAIMS = "SELECT till, uids FROM bonifiq.claims WHERE shop = %s"


class Shop:
    """Tills that take part in one shop database, or in none (`database` is None).

    `ports`: of the hosts that the tills try, the first one first; the server's own, unless a pooler or a replica is
    there. `earlier`: ledger files that a till had before. After a fail-over `server` and `database` are replaced.
    """

    def __init__(self, folder: Path, server: PostgresServer | None, ports: Sequence[int] = ()) -> None:
        self.name = "LOJA"
        self.folder = folder
        self.service = WatchedService()
        self.server = server
        self.database: ShopDatabaseServer | None = server.new_shop_database() if server else None
        self.tills: list[TillProcess] = []
        self.earlier: list[Path] = []
        self._ports = ports or ([server.port] if server else [])
        self._proxies: dict[str, list[TcpProxy]] = {}
        self._stack = ExitStack()
        self._secret = secrets.token_bytes(32)

    def open(self, tills: int) -> None:
        """Start so many tills and let each join."""
        for number in range(1, tills + 1):
            self.tills.append(TillProcess(f"CAIXA{number}", self.folder / f"till{number}", self.service))
        for till in self.tills:
            till.begin_start()
        for till in self.tills:
            till.finish_start()
        if self.database is not None:
            for till in self.tills:
                self._enrol(till)
            self.sync()

    def _enrol(self, till: TillProcess) -> None:
        """Let a till join with an enrolment file, by its own line to the database."""
        assert self.server is not None
        assert self.database is not None
        new = NewTill.named(self.name, till.name)
        with self.database.admin() as admin:
            run_together(admin, add_till(new))
        proxies = [self._stack.enter_context(tcp_proxy(port)) for port in self._ports]
        self._proxies[till.name] = proxies
        enrolment = Enrolment(
            shop=self.name,
            till=till.name,
            hosts=tuple(f"127.0.0.1:{proxy.port}" for proxy in proxies),
            database=self.database.name,
            role=new.role,
            ca=self.server.ca_file.read_text("ascii"),
            until=datetime.now(UTC) + timedelta(hours=1),
            password=new.password,
            secret=self._secret,
        )
        code, file = new_code(), self.folder / f"{till.name}.enrolment"
        file.write_bytes(seal_enrolment(enrolment, code))
        till.ask("join", path=str(file), code=code)

    def close(self) -> None:
        """End all processes and drop the database."""
        for till in self.tills:
            till.stop()
        self._stack.close()
        if self.database is not None:
            with suppress(psycopg.OperationalError):  # a test that failed may leave the server down
                self.database.drop()

    # --- the line to the database

    def trouble_line_of(self, till: TillProcess, trouble: LineTrouble) -> None:
        """Let a till's line to the database fail; the line to BonifiQ stays sound."""
        for proxy in self._proxies[till.name]:
            if trouble == "slow":
                proxy.delay = _SLOWNESS
            else:
                {"cut": proxy.reset, "silent": proxy.go_silent, "refused": proxy.refuse}.get(
                    trouble, proxy.lose_answers
                )()

    def heal_line_of(self, till: TillProcess) -> None:
        """Let a till's line to the database work again."""
        for proxy in self._proxies.get(till.name, []):
            proxy.delay = 0.0
            proxy.heal()

    def kill_database(self) -> None:
        """Kill the server, as a power cut would."""
        assert self.server is not None
        self.server.kill()

    def start_database(self) -> None:
        """Start the server again from its files."""
        assert self.server is not None
        self.server.start()

    # --- waiting

    def wait_until(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so, while the processes work."""
        until = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < until, "the tills did not come to that in time"
            time.sleep(0.05)

    def sync(self) -> None:
        """Let every till exchange its changes, twice, so that each has what the others pushed in the first round."""
        for _ in range(2):
            for till in self.tills:
                try:
                    till.ask("sync")
                except TillFailed as failed:
                    if not failed.name.startswith("ShopDatabase"):
                        raise

    def settle(self, is_settled: Callable[[], bool] = lambda: True, seconds: float = PATIENCE) -> None:
        """Let the tills work and exchange until each of them is settled and has all of the others' changes."""

        def is_healed() -> bool:
            settled = is_settled()
            if self.database is None:
                return settled
            self.sync()
            return settled and all(self._is_level(till) for till in self.tills)

        self.wait_until(is_healed, seconds)

    @staticmethod
    def _is_level(till: TillProcess) -> bool:
        status = till.ask("status")
        is_pushed = status["trouble"] is None and status["unpushed"] == 0
        return is_pushed and not any(each["pending"] for each in status["tills"])

    # --- what the database holds

    def log(self) -> list[ServerRow]:
        """The rows of the shop's log, in the order of their tills and numbers."""
        assert self.database is not None
        with self.database.admin() as admin:
            return cast("list[ServerRow]", admin.execute(_LOG, (self.name,)).fetchall())

    def claims(self) -> list[tuple[str, list[str]]]:
        """The claims that are held: the till, and its operations."""
        assert self.database is not None
        with self.database.admin() as admin:
            return cast("list[tuple[str, list[str]]]", admin.execute(_CLAIMS, (self.name,)).fetchall())

    def observe(self) -> ShopObservation:
        """What the oracle of the shop database looks at."""
        ledgers = {till.name: till.ledger for till in self.tills}
        return ShopObservation(ledgers, self.log(), self._secret, self.earlier, PERSONAL)

    def find_violations(self) -> list[Violation]:
        """Find each difference between ledgers, log and mirrors. The tills must be settled."""
        return find_shop_violations(self.observe())


@contextmanager
def shop_of(folder: Path, tills: int, server: PostgresServer | None, ports: Sequence[int] = ()) -> Iterator[Shop]:
    """Run a shop with so many tills; without a server they share nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    shop = Shop(folder, server, ports)
    try:
        shop.open(tills)
        yield shop
    finally:
        shop.close()
