"""PgBouncer in front of a test's PostgreSQL: few server connections, handed on after each transaction."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.postgres import PostgresServer
from tests.support.server_certificates import Authority
from tests.support.tcp_proxy import answers

SERVER_CONNECTIONS = 2
_PATIENCE = 30.0  # seconds

_SETTINGS = """\
[databases]
* = host=127.0.0.1 port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 500
auth_type = scram-sha-256
auth_file = {folder}/users.txt
auth_user = administrator
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1
server_tls_sslmode = verify-ca
server_tls_ca_file = {ca_file}
{tls}
"""
_TLS = """\
client_tls_sslmode = require
client_tls_cert_file = {folder}/server.crt
client_tls_key_file = {folder}/server.key
"""


def require_pgbouncer() -> str:
    """The path of PgBouncer. Skips the test without it, but never in CI."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("PgBouncer is not installed; packaging/system-packages.txt names its package")
        pytest.skip("PgBouncer is not installed")
    return found


@contextmanager
def pgbouncer_before(server: PostgresServer, *, authority: Authority | None = None, tls: bool = True) -> Iterator[int]:
    """Run PgBouncer in transaction mode; the value is its port.

    `authority`: signs the certificate for clients; without one the server's does. `tls`: whether clients may use it.
    """
    program = require_pgbouncer()
    port = free_port()
    folder = server.folder / f"pgbouncer-{port}"
    folder.mkdir()
    _write_folder(folder, port, server, authority or server.authority, tls=tls)
    as_user = [] if os.getuid() else ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*as_user, program, str(folder / "pgbouncer.ini")], stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_until_it_answers(process, port, folder / "log")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)


def _write_folder(folder: Path, port: int, server: PostgresServer, authority: Authority, *, tls: bool) -> None:
    certificate, key = folder / "server.crt", folder / "server.key"
    authority.issue("localhost", "127.0.0.1").write(certificate, key)
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"administrator" "{server.superuser_password}"\n', "utf-8")
    settings.write_text(
        _SETTINGS.format(
            server_port=server.port, port=port, connections=SERVER_CONNECTIONS, folder=folder, ca_file=server.ca_file,
            tls=_TLS.format(folder=folder) if tls else "",
        ),
        "utf-8",
    )  # fmt: skip
    server.give(folder, certificate, key, users, settings)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not answers(port):
        assert process.poll() is None, log.read_text("utf-8", "replace")
        assert time.monotonic() < until, log.read_text("utf-8", "replace")
        time.sleep(0.02)
