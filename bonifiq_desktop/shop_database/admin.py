"""Administration of the shop database: tills are added and removed, and their state is read.

The statements are made before any connection is, so that a command can print them for another administrator to run.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import pbkdf2_hmac, sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bonifiq_desktop.domain.shop_database import ShopDatabaseError
from bonifiq_desktop.shop_database.access import Access, Host, ignore_environment, is_host, read_host
from bonifiq_desktop.shop_database.schema import role_settings

if TYPE_CHECKING:
    from psycopg import Connection, sql

MAX_NAME = 40
ENROLMENT_HOURS = 24
MAX_CONNECTIONS = 20
"""Of one till at once. It needs four; those that a cut line left behind end after a minute and a half.

Without a limit a till could take all of the server's, and shut the other shops out.
"""
_PASSWORD_BYTES = 24
_SCRAM_ROUNDS = 4096  # PostgreSQL's own; the password has 192 bits
_SALT_BYTES = 16


class AdminUrlError(ValueError):
    """The administrator's address has another form than `postgresql://USER@HOST[:PORT][,HOST]/DATABASE`."""


class PasswordInUrl(AdminUrlError):
    """The administrator's address holds a password, which every user of the PC could read in the list of processes."""


@dataclass(frozen=True)
class AdminUrl:
    """Where the administrator connects, without the password."""

    hosts: tuple[Host, ...]
    database: str
    user: str


@dataclass(frozen=True)
class NewTill:
    """A till that may join. `role`, `password`: its login, which no till had before."""

    shop: str
    till: str
    role: str
    password: str = field(repr=False)

    @classmethod
    def named(cls, shop: str, till: str) -> "NewTill":
        letters = re.sub(r"[^a-z0-9]+", "", till.casefold().encode("ascii", "ignore").decode())[:20]
        return cls(shop, till, f"till_{letters}_{secrets.token_hex(4)}", secrets.token_urlsafe(_PASSWORD_BYTES))


@dataclass(frozen=True)
class Member:
    """A till of a shop as the database knows it. Of its newest incarnation: the number, the head and the silence.

    `claims`: orders that it has now. `silent_seconds`: None before its first incarnation.
    """

    shop: str
    till: str
    role: str
    enrol_until: datetime
    enrolled_at: datetime | None
    removed_at: datetime | None
    incarnation: int
    changes: int
    silent_seconds: int | None
    claims: int


def read_admin_url(text: str) -> AdminUrl:
    """Read the administrator's address. Raises AdminUrlError, PasswordInUrl."""
    try:
        parts = urlsplit(text)
    except ValueError as error:  # a bracket without its pair
        raise AdminUrlError from error
    user, _, hosts = parts.netloc.rpartition("@")
    if ":" in user:
        raise PasswordInUrl
    database = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not (user and database) or parts.query:
        raise AdminUrlError
    if not all(map(is_host, hosts.split(","))):
        raise AdminUrlError
    return AdminUrl(tuple(map(read_host, hosts.split(","))), database, unquote(user))


@contextmanager
def administrator(url: AdminUrl, password: str, ca_file: Path) -> "Iterator[Connection]":
    """A connection of the administrator, with TLS verified. Raises ShopDatabaseError, also for a failed statement."""
    import psycopg

    from bonifiq_desktop.shop_database.connect import Hosts, statement_failure

    ignore_environment()
    try:
        with Hosts(Access(url.hosts, url.database, url.user, password, ca_file)).connect() as connection:
            yield connection
    except psycopg.Error as error:
        raise statement_failure(error) from error


def lacks_rights(error: ShopDatabaseError) -> bool:
    """Whether the server refused a statement because the administrator's user may not run it."""
    from psycopg.errors import InsufficientPrivilege

    return isinstance(error.__cause__, InsufficientPrivilege)


def is_name(text: str) -> bool:
    """Whether a text can name a shop or a till."""
    return 0 < len(text) <= MAX_NAME and text == text.strip() and text.isprintable()


def scram_verifier(password: str) -> str:
    """What PostgreSQL stores of an ASCII password (RFC 5803): the server and its logs never see the password."""
    salt = secrets.token_bytes(_SALT_BYTES)
    salted = pbkdf2_hmac("sha256", password.encode("ascii"), salt, _SCRAM_ROUNDS)
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt_text, stored_text, server_text = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{salt_text}${stored_text}:{server_text}"


def add_till(new: NewTill) -> "list[sql.Composed]":
    """The statements that let a till join. A till of that name that was there before loses its login."""
    from psycopg import sql

    role = sql.Identifier(new.role)
    return [
        _end_logins(new.shop, new.till),
        sql.SQL(
            "CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
            " CONNECTION LIMIT {} IN ROLE bonifiq_tills"
        ).format(role, sql.Literal(scram_verifier(new.password)), sql.Literal(MAX_CONNECTIONS)),
        *role_settings(new.role),
        sql.SQL(
            "INSERT INTO bonifiq.members AS m (shop, till, role, enrol_until)"
            " VALUES ({shop}, {till}, {role}, now() + interval {hours})"
            " ON CONFLICT (shop, till) DO UPDATE SET role = excluded.role, enrol_until = excluded.enrol_until,"
            " enrolled_at = NULL, removed_at = NULL"
        ).format(
            shop=sql.Literal(new.shop),
            till=sql.Literal(new.till),
            role=sql.Literal(new.role),
            hours=sql.Literal(f"{ENROLMENT_HOURS} hours"),
        ),
    ]


def remove_till(shop: str, till: str) -> "list[sql.Composed]":
    """The statements that remove a till. Its operations stay, its customers' records go.

    - A claim stays while an operation under it is open: another till takes it over.
    - A claim for operations that the till never told would have no end, and goes.
    """
    from psycopg import sql

    its_rows = sql.SQL("shop = {} AND till = {}").format(sql.Literal(shop), sql.Literal(till))
    return [
        _end_logins(shop, till),
        sql.SQL("UPDATE bonifiq.members SET removed_at = now() WHERE {} AND removed_at IS NULL").format(its_rows),
        sql.SQL("UPDATE bonifiq.changes SET sealed = NULL WHERE {} AND sealed IS NOT NULL").format(its_rows),
        sql.SQL(
            "DELETE FROM bonifiq.claims AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM bonifiq.open_operations AS o"
            " WHERE o.shop = c.shop AND o.till = c.till AND o.uid = ANY (c.uids))"
        ).format(its_rows),
    ]


def end_sessions(shop: str, till: str) -> "sql.Composed":
    """The statement that ends a removed till's sessions, where the administrator may; they end at their next call."""
    return _do_for_roles(
        shop,
        till,
        "BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = found;"
        " EXCEPTION WHEN insufficient_privilege THEN NULL; END;",
    )


def run_together(connection: "Connection", statements: "Iterable[sql.Composed]") -> None:
    """Run statements in one transaction. Raises psycopg.Error."""
    with connection.transaction():
        for statement in statements:
            connection.execute(statement)


def as_script(statements: "Iterable[sql.Composed]") -> str:
    """Statements as SQL in one transaction, for example for psql."""
    lines = "".join(f"{statement.as_string(None)};\n" for statement in statements)
    return f"BEGIN;\n{lines}COMMIT;\n"


def read_members(connection: "Connection", shop: str | None = None) -> list[Member]:
    """The tills of a shop, or of all shops, by name; removed ones, too. Raises psycopg.Error."""
    rows = connection.execute(
        """
        SELECT m.shop, m.till, m.role, m.enrol_until, m.enrolled_at, m.removed_at, coalesce(i.incarnation, 0),
            coalesce(i.head_seq, 0), extract(epoch FROM clock_timestamp() - i.last_seen)::int,
            (SELECT count(*) FROM bonifiq.claims AS c WHERE c.shop = m.shop AND c.till = m.till)
        FROM bonifiq.members AS m
        LEFT JOIN LATERAL (SELECT * FROM bonifiq.incarnations AS n WHERE n.shop = m.shop AND n.till = m.till
                               ORDER BY n.incarnation DESC LIMIT 1) AS i ON true
        WHERE %(shop)s::text IS NULL OR m.shop = %(shop)s
        ORDER BY m.shop, m.till
        """,
        {"shop": shop},
    )
    return [Member(*row) for row in rows]


def _end_logins(shop: str, till: str) -> "sql.Composed":
    """The statement that ends the login of a till. The password stays: without it the till would report a wrong one."""
    return _do_for_roles(shop, till, "EXECUTE pg_catalog.format('ALTER ROLE %I NOLOGIN', found);", existing=True)


def _do_for_roles(shop: str, till: str, action: str, *, existing: bool = False) -> "sql.Composed":
    """A statement that does something for the role of a till, in `found`, if the till is known."""
    from psycopg import sql

    query = "SELECT m.role FROM bonifiq.members AS m{} WHERE m.shop = {} AND m.till = {}"
    joined = sql.SQL(" JOIN pg_catalog.pg_roles AS r ON r.rolname = m.role" if existing else "")
    chosen = sql.SQL(query).format(joined, sql.Literal(shop), sql.Literal(till))
    block = sql.SQL("DECLARE found text; BEGIN FOR found IN {} LOOP {} END LOOP; END").format(chosen, sql.SQL(action))
    return sql.SQL("DO {}").format(sql.Literal(block.as_string(None)))
