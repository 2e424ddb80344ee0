"""Migrations of the shop database: numbered SQL files, each applied once, with its number, in one transaction."""

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg import Connection, sql

_ROLE_SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "15s",
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""Of a till's role: a call that its till has given up keeps neither a lock nor a connection for long."""

_LOCK = "LOCK TABLE bonifiq.migrations IN SHARE ROW EXCLUSIVE MODE"
"""Of two programs that migrate at once, the second waits for the first one's commit. No till may lock this table."""


class SchemaNewer(Exception):
    """A newer version of the program made the shop database's schema; this one changes nothing there."""


@dataclass(frozen=True)
class Migration:
    """One step of the schema. A released one is never edited."""

    number: int
    name: str
    sql: str


def roles_sql() -> str:
    """The SQL before the migrations: roles without a login, the schema, and the table of migrations."""
    return (files(__package__) / "migrations" / "roles.sql").read_text("utf-8")


def migrations() -> tuple[Migration, ...]:
    """The migrations that this program brings, in their order."""
    folder = files(__package__) / "migrations"
    names = sorted(each.name for each in folder.iterdir() if each.name[:4].isdigit())
    return tuple(Migration(int(name[:4]), name[5:-4], (folder / name).read_text("utf-8")) for name in names)


def migrate(connection: "Connection", steps: tuple[Migration, ...] | None = None) -> list[int]:
    """Bring the database's schema up to date; return the numbers applied.

    `connection`: the administrator's, with autocommit.
    Raises SchemaNewer, psycopg.Error.
    """
    known = migrations() if steps is None else steps
    connection.execute(roles_sql().encode())
    return [step.number for step in known if _apply(connection, step, newest=known[-1].number)]


def _apply(connection: "Connection", step: Migration, newest: int) -> bool:
    with connection.transaction():
        connection.execute("SET LOCAL ROLE bonifiq_owner")
        connection.execute(_LOCK)
        applied = {number for (number,) in connection.execute("SELECT number FROM bonifiq.migrations")}
        if max(applied, default=0) > newest:
            raise SchemaNewer
        if step.number in applied:
            return False
        connection.execute(step.sql.encode())
        connection.execute("INSERT INTO bonifiq.migrations (number, name) VALUES (%s, %s)", (step.number, step.name))
        return True


def role_settings(role: str) -> "list[sql.Composed]":
    """The statements that limit how long a till's sessions may keep the server busy."""
    from psycopg import sql

    statement = sql.SQL("ALTER ROLE {} SET {} = {}")
    return [
        statement.format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value))
        for name, value in _ROLE_SETTINGS.items()
    ]


def script() -> str:
    """The whole set-up as SQL that an administrator runs once in an empty database, for example with psql."""
    steps = "\n".join(
        f"BEGIN;\nSET LOCAL ROLE bonifiq_owner;\n\n{step.sql}\n"
        f"INSERT INTO bonifiq.migrations (number, name) VALUES ({step.number}, '{step.name}');\nCOMMIT;\n"
        for step in migrations()
    )
    return f"{roles_sql()}\n{steps}"
