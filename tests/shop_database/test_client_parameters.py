"""Parameters of libpq: nothing of the PC, its user or its environment changes a connection."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg import pq

from bonifiq_desktop.shop_database.access import Access, Host, connection_parameters, ignore_environment, read_host
from bonifiq_desktop.shop_database.connect import Connection
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings
from tests.shop_database.client_helpers import PATIENCE, access_of, client_of
from tests.support.async_tests import on_a_loop
from tests.support.postgres import ShopDatabaseServer

_NEVER_SET = {
    "service": "read from a file only where the environment or this parameter names a service",
    "servicefile": "as above",
    "hostaddr": "psycopg resolves the host's name",
    "scram_client_key": "libpq refuses an empty one, and reads it from nowhere else",
    "scram_server_key": "as above",
}
_ENVIRONMENT_ONLY = ("PGTZ", "PGDATESTYLE", "PGGEQO", "PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGLOCALEDIR")
_ACCESS = Access((Host("servidor", 5433),), "loja", "caixa", "geheim", Path("/dados/shop-database-ca.pem"))


def test_connection_parameters_cover_every_option_of_libpq() -> None:
    known = {each.keyword.decode() for each in pq.Conninfo.get_defaults()}
    unset = known - connection_parameters(_ACCESS, _ACCESS.hosts[0]).keys()
    assert unset <= _NEVER_SET.keys()


def test_connection_parameters_verify_the_server_by_the_given_authority_only() -> None:
    parameters = connection_parameters(_ACCESS, _ACCESS.hosts[0])
    assert parameters["sslmode"] == "verify-full"
    assert parameters["sslrootcert"] == str(_ACCESS.ca_file)
    assert parameters["require_auth"] == "scram-sha-256"
    assert parameters["target_session_attrs"] == "read-write"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("servidor", Host("servidor", 5432)),
        ("servidor.loja:6432", Host("servidor.loja", 6432)),
        ("192.168.0.10:1", Host("192.168.0.10", 1)),
        ("[fe80::1]:6432", Host("fe80::1", 6432)),
        ("[fe80::1]", Host("fe80::1", 5432)),
        ("fe80::1", Host("fe80::1", 5432)),
    ],
)
def test_host_with_or_without_port_is_read(text: str, host: Host) -> None:
    assert read_host(text) == host


def test_access_is_made_of_the_settings_and_never_shows_its_password() -> None:
    settings = ShopDatabaseSettings(hosts=("a", "b:5433"), database="loja", role="caixa", shop="Loja", till="CAIXA1")
    access = Access.of(settings, "geheim", _ACCESS.ca_file)
    assert access == replace(_ACCESS, hosts=(Host("a"), Host("b", 5433)))
    assert "geheim" not in repr(access)


def _plant_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Set every variable and every file of a user's folder that libpq reads, each to something that breaks or shows."""
    for option in pq.Conninfo.get_defaults():
        if option.envvar:
            monkeypatch.setenv(option.envvar.decode(), "planted")
    for name in _ENVIRONMENT_ONLY:
        monkeypatch.setenv(name, "Asia/Tokyo" if name == "PGTZ" else "planted")
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "0")
    monkeypatch.setenv("HOME", str(home))
    (home / ".pgpass").write_text("*:*:*:*:planted\n", "utf-8")
    (home / ".pgpass").chmod(0o600)
    (home / ".pg_service.conf").write_text("[planted]\nhost=planted\n", "utf-8")
    folder = home / ".postgresql"
    folder.mkdir()
    for name in ("root.crt", "root.crl", "postgresql.crt", "postgresql.key"):
        (folder / name).write_text("planted", "utf-8")
        (folder / name).chmod(0o600)


def _read_session(connection: Connection) -> tuple[object, ...] | None:
    told = "SELECT current_setting('TimeZone'), current_setting('application_name'), current_setting('DateStyle')"
    return connection.execute(told).fetchone()


@on_a_loop
async def test_client_in_a_planted_environment_connects_as_set(
    shop_base: ShopDatabaseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = shop_base.add_till("CAIXA1")
    with monkeypatch.context() as planted:  # ends before the fixture's own connections
        _plant_environment(planted, tmp_path)
        with client_of(till) as database:
            row = await database.call(_read_session, PATIENCE)
    assert row is not None
    assert row[0] != "Asia/Tokyo"
    assert row[1] == "bonifiq-desktop"
    assert row[2] == "ISO, MDY"


def test_environment_of_libpq_is_removed_and_no_other_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "geheim")
    monkeypatch.setenv("OTHER_PG", "stays")
    ignore_environment()
    assert "PGPASSWORD" not in os.environ
    assert os.environ["OTHER_PG"] == "stays"


def test_services_of_the_shop_database_do_not_load_psycopg() -> None:
    modules = "bonifiq_desktop.worker.all_handlers, bonifiq_desktop.services.replication"
    listeners = "bonifiq_desktop.shop_database.listen, bonifiq_desktop.shop_database.protocol"
    code = f"import sys, {modules}, {listeners}; print('psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@on_a_loop
async def test_client_over_a_standing_connection_uses_tls(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    with client_of(till) as database:
        row = await database.call(lambda connection: connection.execute(encrypted).fetchone(), PATIENCE)
    assert row == (True,)
    assert access_of(till).ca_file == till.ca_file
