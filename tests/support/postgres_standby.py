"""A streaming replica of a test's PostgreSQL, which it may promote."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.postgres import Connection, PostgresServer
from tests.support.waiting import wait_until


class StandbyServer(PostgresServer):
    """A hot standby that follows `primary`, with its own folder, port and certificate."""

    def __init__(self, primary: PostgresServer) -> None:
        self._primary = primary
        super().__init__(durable=primary.durable)

    def _write_folder(self) -> None:
        primary = self._primary
        self.superuser_password, self.authority = primary.superuser_password, primary.authority
        self.folder.chmod(0o755)
        self.give(self.folder)
        self.authority.write(self.ca_file)
        self.authority.issue("localhost", "127.0.0.1").write(self.folder / "server.crt", self.folder / "server.key")
        self.give(self.folder / "server.crt", self.folder / "server.key")
        # Without a certificate's name libpq looks for one in the folder of the user who started the tests.
        url = f"{primary.url_of('postgres')}&sslcert={self.folder}/none.crt"
        self.run("pg_basebackup", "-d", url, "-D", str(self.data), "-R", "-X", "stream", "-c", "fast",
                 "--no-sync")  # fmt: skip
        with (self.data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.write(
                f"port = {self.port}\n"
                f"ssl_cert_file = '{self.folder}/server.crt'\n"
                f"ssl_key_file = '{self.folder}/server.key'\n"
            )

    def catch_up(self) -> None:
        """Wait until everything that the primary has committed is here."""
        with self._primary.admin() as primary, self.admin() as standby:
            position = _value(primary, "SELECT pg_current_wal_flush_lsn()::text")
            statement = f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"
            wait_until(lambda: bool(_value(standby, statement)))

    def promote(self) -> None:
        """Let the standby take changes, as after the loss of its primary."""
        self.run("pg_ctl", "promote", "-w", "-D", str(self.data))


def _value(connection: Connection, statement: str) -> object:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[StandbyServer]:
    """Run a standby of a running server."""
    standby = StandbyServer(primary)
    try:
        standby.start()
        yield standby
    finally:
        standby.close()
