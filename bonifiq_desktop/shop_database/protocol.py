"""The shop database's versioned functions, as its clients call them on a connection.

Each function may be called again with the same arguments: the server answers as it did before.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bonifiq_desktop.domain.shop_database import (
    CONTRACT,
    Change,
    Claim,
    ClaimedOrder,
    Hello,
    Outcome,
    ShopDatabaseError,
    TillHead,
    Trouble,
)

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection

_HELLO = "SELECT bonifiq.hello_v1(%s::int)"
_ENROL = "SELECT bonifiq.enrol_v1()"
_BEGIN = "SELECT bonifiq.begin_incarnation_v1(%s::text, %s::int)"
_PUSH = "SELECT bonifiq.push_v1(%s::int, %s::bigint, %s::int[], %s::text[], %b::bytea[], %b::bytea[], %b::bytea[])"
_HEADS = "SELECT till, incarnation, seq, hash, silent_seconds FROM bonifiq.heads_v1()"
_PULL = """SELECT seq, version, previous, body, sealed, sealed_sha256, hash FROM (
    SELECT *, sum(octet_length(body)) OVER (ORDER BY seq) - octet_length(body) AS bytes_before FROM (
        SELECT seq, version, previous, body, sealed, sealed_sha256, hash FROM bonifiq.changes
        WHERE till = %s AND incarnation = %s AND seq > %s ORDER BY seq LIMIT %s
    ) AS following
    ) AS measured WHERE bytes_before < 1000000 ORDER BY seq"""
_CLAIM = "SELECT bonifiq.claim_v1(%s::int, %s::text, %s::text, %s::text, %s::text, %s::text[])"
_OLDEST_CONTRACT = "SELECT oldest_supported FROM bonifiq.contract"


def hello(connection: "Connection", incarnation: int) -> Hello:
    """Say which incarnation this till is, and read what the database knows of it.

    Raises ShopDatabaseError: NEWER when the database no longer has this program's functions.
    """
    from psycopg.errors import UndefinedFunction

    try:
        answer = _object(_value(connection, _HELLO, (incarnation,)))
    except UndefinedFunction:
        _check_contract(_as_integer(_value(connection, _OLDEST_CONTRACT, ())))
        raise
    _check_contract(_integer(answer, "oldest_supported"))
    return Hello(
        shop=_text(answer, "shop"),
        till=_text(answer, "till"),
        head_seq=_integer(answer, "head_seq"),
        head_hash=_bytes(answer, "head_hash"),
        newest_incarnation=_integer(answer, "newest_incarnation"),
    )


def enrol(connection: "Connection") -> None:
    """Take this till's fresh access into use.

    Raises ShopDatabaseError: REMOVED when it was used before, or too late.
    """
    _value(connection, _ENROL, ())


def begin_incarnation(connection: "Connection", incarnation_id: str, number: int = 0) -> int:
    """Begin an incarnation of this till and return its number; the same id again gives the same number.

    `number`: the lowest number that fits, because a restored database forgets the numbers that it gave since.
    """
    return _as_integer(_value(connection, _BEGIN, (incarnation_id, number)))


def push(connection: "Connection", incarnation: int, changes: Sequence[Change]) -> int:
    """Append changes with consecutive numbers to this till's log and return its new head.

    Raises ShopDatabaseError: FORK, HOLE, REMOVED.
    """
    arguments = (
        incarnation,
        changes[0].seq,
        [each.version for each in changes],
        [each.body for each in changes],
        [each.sealed for each in changes],
        [each.sealed_sha256 for each in changes],
        [each.hash for each in changes],
    )
    return _as_integer(_value(connection, _PUSH, arguments))


def heads(connection: "Connection") -> list[TillHead]:
    """How far the database knows each incarnation of each till of the shop."""
    with connection.cursor(binary=True) as cursor:
        rows: list[Any] = cursor.execute(_HEADS).fetchall()
    return [TillHead(till, incarnation, seq, bytes(hash_), silent) for till, incarnation, seq, hash_, silent in rows]


def pull(connection: "Connection", till: str, incarnation: int, after: int, limit: int) -> list[Change]:
    """The changes of an incarnation that follow number `after`, at most `limit`, and fewer where they are large."""
    with connection.cursor(binary=True) as cursor:
        rows: list[Any] = cursor.execute(_PULL, (till, incarnation, after, limit)).fetchall()
    return [Change(*row) for row in rows]


def claim(connection: "Connection", incarnation: int, order: ClaimedOrder, uid: str, over: Sequence[str]) -> Claim:
    """Claim an order for an operation. `over`: uids of another till's operations that a person took over."""
    arguments = (incarnation, *order, uid, list(over))
    answer = _object(_value(connection, _CLAIM, arguments))
    return Claim(
        holder=_text(answer, "holder"),
        was_ours=answer.get("was_ours") is True,
        is_finished=answer.get("is_finished") is True,
        outcomes=tuple(_outcome(_object(each)) for each in _list(answer, "outcomes")),
    )


def change_password(connection: "Connection", role: str, password: str) -> None:
    """Change the role's own password. The server gets a verifier made here, so that no log of it holds the password."""
    from psycopg import sql

    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    connection.execute(statement)


def _check_contract(oldest_supported: int) -> None:
    if oldest_supported > CONTRACT:
        raise ShopDatabaseError(Trouble.NEWER, f"the database supports no contract before {oldest_supported}")


def _outcome(answer: Mapping[str, object]) -> Outcome:
    return Outcome(_text(answer, "till"), _integer(answer, "incarnation"), _integer(answer, "seq"))


def _value(connection: "Connection", statement: str, arguments: Sequence[object]) -> object:
    row = connection.execute(statement, arguments).fetchone()
    return None if row is None else row[0]


def _object(answer: object) -> Mapping[str, object]:
    if isinstance(answer, dict):
        return answer
    raise _malformed("an object")


def _as_integer(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _malformed("a number")


def _integer(answer: Mapping[str, object], name: str) -> int:
    return _as_integer(answer.get(name))


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if isinstance(value, str):
        return value
    raise _malformed(name)


def _list(answer: Mapping[str, object], name: str) -> list[object]:
    value = answer.get(name)
    if isinstance(value, list):
        return value
    raise _malformed(name)


def _bytes(answer: Mapping[str, object], name: str) -> bytes:
    try:
        return bytes.fromhex(_text(answer, name))
    except ValueError:
        raise _malformed(name) from None


def _malformed(expected: str) -> ShopDatabaseError:
    return ShopDatabaseError(Trouble.FAILED, f"the database's answer lacks {expected}")
