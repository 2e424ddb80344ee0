"""Classification of PostgreSQL's errors as troubles of the shop database."""

import re

from bonifiq_desktop.domain.shop_database import ShopDatabaseError, Trouble

_TROUBLE_OF_STATE = {
    "BQ001": Trouble.FORK,
    "BQ002": Trouble.HOLE,
    "BQ003": Trouble.REMOVED,
    "BQ004": Trouble.FORK,  # a newer incarnation of this till exists: another copy began it
    "25006": Trouble.UNREACHABLE,  # the server became a standby; another host may have taken over
    "3F000": Trouble.NOT_SET_UP_THERE,
    "42P01": Trouble.NOT_SET_UP_THERE,
    "42883": Trouble.NOT_SET_UP_THERE,
}
_TEMPORARY_CLASSES = ("08", "40", "53", "55", "57", "58")
"""Connection lost, transaction rolled back, resources, object in use, operator's intervention, system error."""

_PREFIX = re.compile(r".*?\b(?:FATAL|PANIC):\s*", re.DOTALL)
"""What libpq writes before the server's own words; it holds the host, which may have the database's name."""

_CERTIFICATE = re.compile(
    # Among the SSL errors are broken signatures, which an authority that was made anew under its old name causes.
    r"SSL error: (?!.*(unexpected eof|bad record|record layer))|does not match host name|root certificate|"
    r"server does not support SSL",
    re.IGNORECASE,
)
_OWN_SETTING = re.compile(r"pg_hba\.conf|requirement failed", re.IGNORECASE)
_TEMPORARY = re.compile(r"too many|muitas conex", re.IGNORECASE)
_PASSWORD = re.compile(r"authentication failed|autentica\S* .*falhou|no such user", re.IGNORECASE)
_LOGIN = re.compile(r"log ?in\b|sess\S*o", re.IGNORECASE)


class ShopDatabaseUnreachable(ShopDatabaseError):
    """No server answered in time, or none that takes changes now."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Trouble.UNREACHABLE, detail)


def failure(trouble: Trouble, detail: str = "") -> ShopDatabaseError:
    """The exception of a trouble. `detail`: the server's sentence or libpq's, for the log file of support."""
    return ShopDatabaseUnreachable(detail) if trouble is Trouble.UNREACHABLE else ShopDatabaseError(trouble, detail)


def classify_statement(state: str | None, text: str) -> ShopDatabaseError:
    """The failure of a statement. `state`: its SQLSTATE; None when the connection broke without one."""
    if state is None or state[:2] in _TEMPORARY_CLASSES:
        return ShopDatabaseUnreachable(text)
    return failure(_TROUBLE_OF_STATE.get(state, Trouble.FAILED), text)


def classify_connecting(text: str, role: str, database: str) -> ShopDatabaseError:
    """The failure to connect to one host. libpq gives no SQLSTATE then, only a text.

    The server may write Portuguese, so that the quoted role or database decides where no known word does.
    """
    own_words, found = _PREFIX.subn("", text, count=1)
    if not found:
        return failure(_trouble_of_libpq(text), text)
    return failure(_trouble_of_refusal(own_words, role, database), text)


def _trouble_of_libpq(text: str) -> Trouble:
    if _CERTIFICATE.search(text):
        return Trouble.CERTIFICATE
    return Trouble.FAILED if _OWN_SETTING.search(text) else Trouble.UNREACHABLE


def _trouble_of_refusal(text: str, role: str, database: str) -> Trouble:
    if _OWN_SETTING.search(text):
        return Trouble.FAILED
    if _TEMPORARY.search(text):
        return Trouble.UNREACHABLE
    names_role = f'"{role}"' in text
    if names_role and _LOGIN.search(text) and not _PASSWORD.search(text):
        return Trouble.REMOVED
    if names_role or _PASSWORD.search(text):
        return Trouble.CREDENTIALS
    return Trouble.NOT_SET_UP_THERE if f'"{database}"' in text else Trouble.UNREACHABLE
