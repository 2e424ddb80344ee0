"""A real PostgreSQL for tests: a data folder of its own, an own authority, loopback, gone with the tests.

`shared_server` starts one per test process. `PostgresServer` may also be killed and started again, and copied as a
standby. As root the server runs as the user postgres, which PostgreSQL's package makes.

`python -m tests.support.postgres COMMAND…` runs a command whose tests use one server, as those on Windows do.
"""

import atexit
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
import pytest
from psycopg import sql

from bonifiq_desktop.shop_database.schema import migrate, role_settings
from tests.support.ports import free_port
from tests.support.server_certificates import Authority
from tests.support.waiting import wait_until

OLDEST_VERSION = 15
_CHOSEN, _GIVEN = "POSTGRES_BIN", "POSTGRES_GIVEN"
_PATIENCE = 60.0  # seconds
_USER = "postgres"
_SUPERUSER = "administrator"
_TEMPLATE = "shop_template"

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

_SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
ssl = on
ssl_cert_file = '{folder}/server.crt'
ssl_key_file = '{folder}/server.key'
password_encryption = 'scram-sha-256'
max_connections = 300
shared_buffers = 64MB
wal_level = replica
max_wal_senders = 8
wal_keep_size = 64MB
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
autovacuum_naptime = 10s
jit = off
lc_messages = 'C'
"""
_ACCESS = """\
hostssl all all 127.0.0.1/32 scram-sha-256
hostssl replication all 127.0.0.1/32 scram-sha-256
"""


def find_binaries() -> Path | None:
    """The folder of PostgreSQL's programs, the newest version first; None where it is not installed.

    The environment's POSTGRES_BIN names the folder of another version.
    """
    if chosen := os.environ.get(_CHOSEN):
        return Path(chosen)
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda found: int(found.parts[-3]))
    new_enough = [found.parent for found in installed if int(found.parts[-3]) >= OLDEST_VERSION]
    on_path = shutil.which("postgres")
    return new_enough[-1] if new_enough else Path(on_path).parent if on_path else None


def require_postgres() -> Path:
    """The folder of PostgreSQL's programs. Skips the test without them, but never in CI."""
    if os.name == "nt":
        pytest.skip("the server of these tests runs on POSIX systems")
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed; packaging/system-packages.txt names its package")
        pytest.skip("PostgreSQL is not installed")
    return binaries


@dataclass(frozen=True)
class TillAccess:
    """An enrolled till's access. `ca_file`: the authority that signed the server's certificate.

    `opened`: the connections made with it, which end with the database.
    """

    host: str
    port: int
    database: str
    role: str
    password: str = field(repr=False)
    ca_file: Path
    shop: str
    till: str
    opened: list[Connection] = field(default_factory=list, repr=False, compare=False)

    def connect(self, **changed: str | int) -> Connection:
        """Connect as the till, with TLS verified and autocommit."""
        parameters: dict[str, Any] = {
            "host": self.host, "port": self.port, "dbname": self.database, "user": self.role,
            "password": self.password, "sslmode": "verify-full", "sslrootcert": str(self.ca_file),
            **changed,
        }  # fmt: skip
        connection = psycopg.connect(autocommit=True, prepare_threshold=None, **parameters)
        self.opened.append(connection)
        return connection


class PostgresServer:
    """A server process with its data folder. `durable`: commits reach the disk, for tests that kill the server."""

    def __init__(self, *, durable: bool = False) -> None:
        self.binaries = require_postgres()
        self.folder = Path(tempfile.mkdtemp(prefix="bonifiq-postgres-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self.superuser_password = secrets.token_hex(16)
        self.durable = durable
        self.authority = Authority.create()
        self.ca_file = self.folder / "ca.pem"
        self._process: subprocess.Popen[bytes] | None = None
        self._write_folder()

    @property
    def url(self) -> str:
        """The administrator's address in PostgreSQL's own database; the password is in it."""
        return self.url_of("postgres")

    def admin_url(self, database: str) -> str:
        """The administrator's address without the password, for `shop-database --admin-url`."""
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def url_of(self, database: str) -> str:
        """The administrator's address in a database; the password is in it."""
        return (
            f"postgresql://{_SUPERUSER}:{self.superuser_password}@127.0.0.1:{self.port}/{database}"
            f"?sslmode=verify-full&sslrootcert={self.ca_file}"
        )

    def admin(self, database: str = "postgres") -> Connection:
        """Connect as the superuser, with autocommit."""
        return psycopg.connect(self.url_of(database), autocommit=True)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        log = (self.folder / "server.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [*_as_user(), shutil.which("setpriv") or "setpriv", "--pdeathsig", "QUIT",
                 str(self.binaries / "postgres"), "-D", str(self.data)],
                stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stop the server at once but in order: open sessions are ended, nothing is lost."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_PATIENCE)
        self._process = None

    def kill(self) -> None:
        """Kill the server and each of its processes, as a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)  # makes no further process between the listing and the killing
        children = _children_of(self._process.pid)
        for pid in [self._process.pid, *children]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(_PATIENCE)
        self._process = None
        wait_until(lambda: not any(map(_is_alive, children)))  # else the memory that they share stops the next start

    def pause(self) -> None:
        """Stop each process of the server in the middle of its work: connections stay open, nothing answers."""
        self._signal_family(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server go on."""
        self._signal_family(signal.SIGCONT)

    def close(self) -> None:
        """Stop the server and delete its folder."""
        with suppress(subprocess.TimeoutExpired):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self) -> str:
        """Create an empty database; return its name."""
        name = f"shop_{secrets.token_hex(4)}"
        with self.admin() as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def new_shop_database(self) -> "ShopDatabaseServer":
        """Create a database with the shop's schema, in a fraction of a second after the first one."""
        name = f"shop_{secrets.token_hex(4)}"
        with self.admin() as admin:
            self._make_template(admin)
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(statement.format(sql.Identifier(name), sql.Identifier(_TEMPLATE)))
        return ShopDatabaseServer(self, name)

    def run(self, program: str, *arguments: str, text: str | None = None) -> str:
        """Run one of PostgreSQL's programs, as the server's user; return what it prints. `text`: its input."""
        command = [*_as_user(), str(self.binaries / program), *arguments]
        done = subprocess.run(
            command, input=text, check=False, capture_output=True, text=True, timeout=_PATIENCE, cwd=self.folder,
            env={**os.environ, "PGPASSWORD": self.superuser_password, "LC_ALL": "C", "HOME": str(self.folder)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def allow(self, *rules: str) -> None:
        """Add lines to `pg_hba.conf` and let the server read them."""
        with (self.data / "pg_hba.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{rule}\n" for rule in rules)
        with self.admin() as admin:
            admin.execute("SELECT pg_reload_conf()")

    def give(self, *paths: Path) -> None:
        """Make files the server's user's own."""
        if os.getuid() == 0:
            for path in paths:
                shutil.chown(path, _USER, _USER)

    def _write_folder(self) -> None:
        self.folder.chmod(0o755)  # tests read the authority's file
        self.give(self.folder)
        password_file = self.folder / "password"
        password_file.write_text(self.superuser_password, "utf-8")
        self.give(password_file)
        self.run("initdb", "-D", str(self.data), "-U", _SUPERUSER, "--pwfile", str(password_file),
                 "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C", "--no-sync")  # fmt: skip
        password_file.unlink()
        self.authority.write(self.ca_file)
        self.ca_file.chmod(0o644)  # the tests' umask may be the program's, and the server's user reads it, too
        self.authority.issue("localhost", "127.0.0.1").write(self.folder / "server.crt", self.folder / "server.key")
        settings = _SETTINGS.format(port=self.port, folder=self.folder, durable="on" if self.durable else "off")
        (self.data / "postgresql.auto.conf").write_text(settings, "utf-8")
        (self.data / "pg_hba.conf").write_text(_ACCESS, "utf-8")
        self.give(self.folder / "server.crt", self.folder / "server.key")

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                with self.admin():
                    return
            except psycopg.OperationalError:
                assert self._process is not None
                log = (self.folder / "server.log").read_text("utf-8", "replace")
                assert self._process.poll() is None, log
                assert time.monotonic() < until, log
                time.sleep(0.05)

    def _make_template(self, admin: Connection) -> None:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_TEMPLATE,)).fetchone():
            return
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
        with self.admin(_TEMPLATE) as connection:
            migrate(connection)

    def _signal_family(self, number: signal.Signals) -> None:
        assert self._process is not None
        for pid in [self._process.pid, *_children_of(self._process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


class GivenServer(PostgresServer):
    """A server that another process started, and that no test stops. `described`: as `describe` gives it."""

    def __init__(self, described: str) -> None:
        given = json.loads(described)
        self.folder = Path(tempfile.mkdtemp(prefix="bonifiq-postgres-"))
        self.port = given["port"]
        self.superuser_password = given["password"]
        self.ca_file = self.folder / "ca.pem"
        self.ca_file.write_text(given["ca"], "ascii")

    def close(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def describe(server: PostgresServer) -> str:
    """What GivenServer needs to reach a server."""
    return json.dumps(
        {"port": server.port, "password": server.superuser_password, "ca": server.ca_file.read_text("ascii")}
    )


class ShopDatabaseServer:
    """A database with the shop's schema in a running server."""

    def __init__(self, server: PostgresServer, name: str) -> None:
        self.server = server
        self.name = name
        self._opened: list[Connection] = []

    @property
    def url(self) -> str:
        """The administrator's address; the password is in it."""
        return self.server.url_of(self.name)

    def admin(self) -> Connection:
        """Connect as the superuser, who is under no row-level security."""
        return self.server.admin(self.name)

    def add_till(self, till: str, shop: str = "LOJA") -> TillAccess:
        """Add a till that took its access into use already, without an enrolment file."""
        role, password = f"till_{secrets.token_hex(6)}", secrets.token_hex(16)
        with self.admin() as admin:
            statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE bonifiq_tills")
            admin.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
            for setting in role_settings(role):
                admin.execute(setting)
            admin.execute(
                "INSERT INTO bonifiq.members (shop, till, role, enrol_until, enrolled_at)"
                " VALUES (%s, %s, %s, now(), now())",
                (shop, till, role),
            )
        return TillAccess(
            "127.0.0.1", self.server.port, self.name, role, password, self.server.ca_file, shop, till, self._opened
        )

    def drop(self) -> None:
        """Drop the database with the sessions in it."""
        for connection in self._opened:
            connection.close()
        with self.server.admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A server of the test's own, which it may kill."""
    server = PostgresServer(durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.close()


@cache
def shared_server() -> PostgresServer:
    """The one server of this test process. A test that stops, kills or pauses a server starts its own."""
    if described := os.environ.get(_GIVEN):
        given = GivenServer(described)
        atexit.register(given.close)
        return given
    server = PostgresServer()
    atexit.register(server.close)
    server.start()
    return server


@contextmanager
def shop_database() -> Iterator[ShopDatabaseServer]:
    """A fresh database with the shop's schema in the shared server."""
    database = shared_server().new_shop_database()
    try:
        yield database
    finally:
        database.drop()


def _as_user() -> list[str]:
    if os.getuid() != 0:
        return []
    return [shutil.which("setpriv") or "setpriv", "--reuid", _USER, "--regid", _USER, "--clear-groups", "--"]


def _is_alive(pid: int) -> bool:
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False


def _children_of(parent: int) -> list[int]:
    """PostgreSQL's processes are sessions of their own, so that a signal to the group would miss them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            after_name = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _main() -> int:
    with running_postgres() as server:
        return subprocess.run(sys.argv[1:], check=False, env=os.environ | {_GIVEN: describe(server)}).returncode


if __name__ == "__main__":
    sys.exit(_main())
