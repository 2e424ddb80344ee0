"""Access of a till to the shop database: hosts, names, password, and libpq's parameters made from them."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from pathlib import Path

from bonifiq_desktop.storage.shop_database_settings import DEFAULT_PORT, ShopDatabaseSettings

CONNECT_SECONDS = 5
"""How long one address of a host may take to connect, TLS and authentication included."""

_WITH_PORT = re.compile(r"(?:\[(?P<bracketed>[^\]]+)\]|(?P<name>[^:]+))(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True)
class Host:
    """A server's name or address, and its port."""

    name: str
    port: int = DEFAULT_PORT


def read_host(text: str) -> Host:
    """Read `name`, `name:port`, `[IPv6]:port`, or a bare IPv6 address."""
    match = _WITH_PORT.fullmatch(text)
    if match is None:
        return Host(text)
    return Host(match["bracketed"] or match["name"], int(match["port"] or DEFAULT_PORT))


def is_host(text: str) -> bool:
    """Whether a person typed a server and no other place: libpq reads a name with a slash or an @ as a local socket."""
    match = _WITH_PORT.fullmatch(text)
    if match is None:
        with suppress(ValueError):
            return bool(IPv6Address(text))
        return False
    name, port = match["bracketed"] or match["name"], int(match["port"] or DEFAULT_PORT)
    return re.search(r"[\s/@]", name) is None and 0 < port < 2**16


@dataclass(frozen=True)
class Access:
    """What a connection to the shop database needs. `ca_file`: the authority that signed the server's certificate."""

    hosts: tuple[Host, ...]
    database: str
    role: str
    password: str = field(repr=False)
    ca_file: Path

    @classmethod
    def of(cls, settings: ShopDatabaseSettings, password: str, ca_file: Path) -> "Access":
        hosts = tuple(read_host(each) for each in settings.hosts)
        return cls(hosts, settings.database, settings.role, password, ca_file)


def ignore_environment() -> None:
    """Remove libpq's variables from this process's environment.

    Some, such as PGSERVICE, PGTZ and PGDATESTYLE, have no parameter that overrides them.
    """
    for name in [each for each in os.environ if each.upper().startswith("PG")]:
        del os.environ[name]


def connection_parameters(access: Access, host: Host) -> dict[str, str]:
    """All of libpq's parameters for one host, so that no default of this PC or of its user applies.

    An empty text stands for "none" where libpq would read the environment or a file of the user's folder.
    """
    return {
        "host": host.name,
        "port": str(host.port),
        "dbname": access.database,
        "user": access.role,
        "password": access.password,
        "passfile": os.devnull,
        "require_auth": "scram-sha-256",  # never tell the password itself, whatever the server asks for
        "channel_binding": "prefer",  # a pooler cannot bind
        "connect_timeout": str(CONNECT_SECONDS),
        "client_encoding": "UTF8",
        "options": "",
        "application_name": "bonifiq-desktop",
        "fallback_application_name": "",
        "target_session_attrs": "read-write",
        "load_balance_hosts": "disable",
        **_tls_parameters(access.ca_file),
        **_KEEPALIVE_PARAMETERS,
        **_UNUSED_PARAMETERS,
    }


def _tls_parameters(ca_file: Path) -> dict[str, str]:
    """Parameters of TLS. A list of revoked certificates beside the authority's file is obeyed; none is needed."""
    return {
        "sslmode": "verify-full",
        "sslnegotiation": "postgres",
        "sslrootcert": str(ca_file),
        "sslcrl": str(ca_file.with_suffix(".crl")),
        "sslcrldir": "",
        "sslcertmode": "disable",
        "sslcert": "",
        "sslkey": "",
        "sslpassword": "",
        "sslsni": "1",
        "sslcompression": "0",
        "ssl_min_protocol_version": "TLSv1.2",
        "ssl_max_protocol_version": "",
        "sslkeylogfile": "",
    }


# A connection that died without a word is found by the system after a minute; the deadline of a call is sooner.
_KEEPALIVE_PARAMETERS = {
    "keepalives": "1",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",  # milliseconds
}

_UNUSED_PARAMETERS = {
    "requirepeer": "",
    "gssencmode": "disable",
    "krbsrvname": "postgres",
    "gsslib": "",
    "gssdelegation": "0",
    "replication": "",
    "min_protocol_version": "3.0",
    "max_protocol_version": "3.0",  # a pooler may know no newer one
    "oauth_issuer": "",
    "oauth_client_id": "",
    "oauth_client_secret": "",
    "oauth_scope": "",
}
