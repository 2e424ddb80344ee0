"""What each refusal of a server, a certificate or a name becomes."""

import socket
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from psycopg import sql

from bonifiq_desktop.domain.shop_database import Change, ClaimedOrder, ShopDatabaseError, Trouble
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.access import Host
from bonifiq_desktop.shop_database.connect import statement_failure
from bonifiq_desktop.shop_database.errors import (
    ShopDatabaseUnreachable,
    classify_connecting,
    classify_statement,
)
from tests.shop_database.client_helpers import (
    PATIENCE,
    begin,
    client_of,
    customer_changes,
    push,
    say_hello,
    trouble_of,
)
from tests.support.async_tests import on_a_loop
from tests.support.pgbouncer import pgbouncer_before
from tests.support.postgres import PostgresServer, ShopDatabaseServer, TillAccess
from tests.support.server_certificates import Authority

_HEAD = 'connection failed: connection to server at "loja", port 5432 failed: '


@pytest.fixture(name="till")
def enrolled_till(shop_base: ShopDatabaseServer) -> TillAccess:
    return shop_base.add_till("CAIXA1")


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (f'{_HEAD}FATAL:  password authentication failed for user "caixa"', Trouble.CREDENTIALS),
        (f'{_HEAD}FATAL:  autenticação do tipo senha falhou para usuário "caixa"', Trouble.CREDENTIALS),
        (f"{_HEAD}FATAL:  SASL authentication failed", Trouble.CREDENTIALS),
        (f'{_HEAD}FATAL:  role "caixa" is not permitted to log in', Trouble.REMOVED),
        (f'{_HEAD}FATAL:  role "caixa" não pode efetuar login', Trouble.REMOVED),
        (f'{_HEAD}FATAL:  database "loja" does not exist', Trouble.NOT_SET_UP_THERE),
        (f'{_HEAD}FATAL:  banco de dados "loja" não existe', Trouble.NOT_SET_UP_THERE),
        (f'{_HEAD}FATAL:  too many connections for role "caixa"', Trouble.UNREACHABLE),
        (f"{_HEAD}FATAL:  sorry, too many clients already", Trouble.UNREACHABLE),
        (f"{_HEAD}FATAL:  the database system is starting up", Trouble.UNREACHABLE),
        (f"{_HEAD}FATAL:  o sistema de banco de dados está iniciando", Trouble.UNREACHABLE),
        (f'{_HEAD}FATAL:  no pg_hba.conf entry for host "::1", user "caixa", database "loja"', Trouble.FAILED),
        (f'{_HEAD}auth method "cleartext password" requirement failed', Trouble.FAILED),
        (f"{_HEAD}SSL error: certificate verify failed", Trouble.CERTIFICATE),
        (f"{_HEAD}SSL error: unexpected eof while reading", Trouble.UNREACHABLE),
        (f"{_HEAD}SSL SYSCALL error: EOF detected", Trouble.UNREACHABLE),
        (f'{_HEAD}server certificate for "x" does not match host name "loja"', Trouble.CERTIFICATE),
        (f"{_HEAD}server does not support SSL, but SSL was required", Trouble.CERTIFICATE),
        (f"{_HEAD}session is read-only", Trouble.UNREACHABLE),
        (f"{_HEAD}Connection refused", Trouble.UNREACHABLE),
        ("connection timeout expired", Trouble.UNREACHABLE),
    ],
)
def test_failure_to_connect_is_classified_by_its_text(text: str, trouble: Trouble) -> None:
    failure = classify_connecting(text, role="caixa", database="loja")
    assert failure.trouble is trouble
    assert isinstance(failure, ShopDatabaseUnreachable) == (trouble is Trouble.UNREACHABLE)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("BQ001", Trouble.FORK),
        ("BQ002", Trouble.HOLE),
        ("BQ003", Trouble.REMOVED),
        ("BQ004", Trouble.FORK),
        ("BQ005", Trouble.FAILED),
        ("42501", Trouble.FAILED),
        ("3F000", Trouble.NOT_SET_UP_THERE),
        ("25006", Trouble.UNREACHABLE),
        ("40001", Trouble.UNREACHABLE),
        ("57P01", Trouble.UNREACHABLE),
        ("53300", Trouble.UNREACHABLE),
        (None, Trouble.UNREACHABLE),
    ],
)
def test_failed_statement_is_classified_by_its_state(state: str | None, trouble: Trouble) -> None:
    assert classify_statement(state, "").trouble is trouble


def test_arguments_that_psycopg_refuses_are_no_outage() -> None:
    assert statement_failure(psycopg.DataError("NUL in a text")).trouble is Trouble.FAILED
    assert statement_failure(psycopg.OperationalError("consuming input failed")).trouble is Trouble.UNREACHABLE


@on_a_loop
async def test_wrong_password_is_told_as_credentials(till: TillAccess) -> None:
    with client_of(till, password="another") as database:
        assert await trouble_of(database) is Trouble.CREDENTIALS


@on_a_loop
async def test_changed_password_opens_and_the_old_one_does_not(till: TillAccess) -> None:
    change = partial(protocol.change_password, role=till.role, password="nova senha ção")
    with client_of(till) as database:
        await database.call(change, PATIENCE)
    with client_of(till) as database:
        assert await trouble_of(database) is Trouble.CREDENTIALS
    with client_of(till, password="nova senha ção") as database:
        assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_role_without_login_is_told_as_removed(shop_base: ShopDatabaseServer, till: TillAccess) -> None:
    with shop_base.admin() as admin:
        admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(till.role)))
    with client_of(till) as database:
        assert await trouble_of(database) is Trouble.REMOVED


@on_a_loop
async def test_removed_member_is_told_as_removed(shop_base: ShopDatabaseServer, till: TillAccess) -> None:
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.members SET removed_at = now()")
    with client_of(till) as database:
        assert await trouble_of(database) is Trouble.REMOVED


@on_a_loop
async def test_database_without_the_shops_tables_is_told(shop_base: ShopDatabaseServer, till: TillAccess) -> None:
    with client_of(till, database="postgres") as database:
        assert await trouble_of(database) is Trouble.NOT_SET_UP_THERE
    with client_of(till, database="nowhere") as database:
        assert await trouble_of(database) is Trouble.NOT_SET_UP_THERE


@on_a_loop
async def test_newer_contract_is_told_with_and_without_the_old_functions(
    shop_base: ShopDatabaseServer, till: TillAccess
) -> None:
    with shop_base.admin() as admin, client_of(till) as database:
        admin.execute("UPDATE bonifiq.contract SET newest = 2, oldest_supported = 1")
        assert (await say_hello(database)).till == "CAIXA1"
        admin.execute("UPDATE bonifiq.contract SET newest = 3, oldest_supported = 2")
        assert await trouble_of(database) is Trouble.NEWER
        admin.execute("DROP FUNCTION bonifiq.hello_v1(int)")
        assert await trouble_of(database) is Trouble.NEWER
        admin.execute("UPDATE bonifiq.contract SET oldest_supported = 1")
        assert await trouble_of(database) is Trouble.NOT_SET_UP_THERE


@on_a_loop
async def test_fork_and_hole_are_told_and_the_log_stays(till: TillAccess) -> None:
    changes = customer_changes(6)
    with client_of(till) as database:
        await begin(database)
        await push(database, changes[:2])
        for wrong, trouble in (
            (changes[4:], Trouble.HOLE),
            (customer_changes(3, first=2, previous=bytes(31) + b"x"), Trouble.FORK),
        ):
            with pytest.raises(ShopDatabaseError) as refusal:
                await push(database, wrong)
            assert refusal.value.trouble is trouble
        assert await push(database, changes[1:]) == 6
        hello = await say_hello(database, 1)
        assert (hello.head_seq, hello.head_hash) == (6, changes[-1].hash)


@on_a_loop
async def test_order_claimed_by_another_till_names_its_holder(shop_base: ShopDatabaseServer) -> None:
    claim = partial(protocol.claim, incarnation=1, order=ClaimedOrder("mirakl", "0A0A0A0A", "é 1"), over=[])
    with client_of(shop_base.add_till("CAIXA1")) as ours, client_of(shop_base.add_till("CAIXA2")) as others:
        await begin(ours)
        await begin(others)
        assert (await ours.call(partial(claim, uid="u1"), PATIENCE)).holder == ""
        refused = await others.call(partial(claim, uid="u2"), PATIENCE)
        assert refused.holder == "CAIXA1"
        granted = await others.call(partial(claim, uid="u2", over=["u1"]), PATIENCE)
        assert (granted.holder, granted.was_ours) == ("", False)
        assert (await ours.call(partial(claim, uid="u1"), PATIENCE)).was_ours
        [first, second] = await ours.call(protocol.heads, PATIENCE)
    assert (first.till, first.incarnation, first.seq) == ("CAIXA1", 1, 0)
    assert second.till == "CAIXA2"


@on_a_loop
async def test_server_of_an_unknown_authority_is_refused(till: TillAccess, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    for name in ("Shop test authority", "Another authority"):  # the first one has the real one's name
        Authority.create(name).write(other)
        with client_of(till, ca_file=other) as database:
            assert await trouble_of(database) is Trouble.CERTIFICATE
    with client_of(till, ca_file=tmp_path / "missing.pem") as database:
        assert await trouble_of(database) is Trouble.CERTIFICATE


@on_a_loop
async def test_server_under_a_name_that_its_certificate_lacks_is_refused(
    till: TillAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, *rest: Any, **named: Any) -> list[Any]:
        assert host == "caixa1.example"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", till.port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with client_of(till, hosts=(Host("caixa1.example", till.port),)) as database:
        assert await trouble_of(database) is Trouble.CERTIFICATE


@on_a_loop
async def test_server_without_tls_gets_no_password(shop_base: ShopDatabaseServer, till: TillAccess) -> None:
    with pgbouncer_before(shop_base.server, tls=False) as port, client_of(till, port) as database:
        assert await trouble_of(database) is Trouble.CERTIFICATE


def _revoke_server(server: PostgresServer) -> bytes:
    """The authority's list of revoked certificates, with the server's on it."""
    certificate = x509.load_pem_x509_certificate((server.folder / "server.crt").read_bytes())
    now = datetime.now(UTC)
    entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(now).build()
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(server.authority.certificate.subject)
        .last_update(now - timedelta(days=1))
        .next_update(now + timedelta(days=1))
        .add_revoked_certificate(entry)
    )
    return revoked.sign(server.authority.key, SHA256()).public_bytes(Encoding.PEM)


@pytest.mark.posix_only("signs with the key of a server that it started")
@on_a_loop
async def test_revoked_certificate_is_refused_by_a_list_beside_the_authority(
    shop_base: ShopDatabaseServer, till: TillAccess, tmp_path: Path
) -> None:
    ca_file = tmp_path / "shop-database-ca.pem"
    ca_file.write_bytes(till.ca_file.read_bytes())
    with client_of(till, ca_file=ca_file) as database:
        assert (await say_hello(database)).till == "CAIXA1"
    ca_file.with_suffix(".crl").write_bytes(_revoke_server(shop_base.server))
    with client_of(till, ca_file=ca_file) as database:
        assert await trouble_of(database) is Trouble.CERTIFICATE


def test_answer_of_another_form_is_a_failure() -> None:
    class Answer:
        def execute(self, *_arguments: object) -> "Answer":
            return self

        def fetchone(self) -> tuple[object]:
            return ({"holder": 3},)

    answer: Any = Answer()
    with pytest.raises(ShopDatabaseError) as failure:
        protocol.claim(answer, 1, ClaimedOrder("bonifiq", "LOJA", "1"), "u", [])
    assert failure.value.trouble is Trouble.FAILED


@on_a_loop
async def test_text_with_a_nul_is_refused_and_not_taken_for_an_outage(till: TillAccess) -> None:
    [change] = customer_changes(1)
    broken = Change(1, 1, change.previous, "\0", None, change.sealed_sha256, change.hash)
    with client_of(till) as database:
        await begin(database)
        with pytest.raises(ShopDatabaseError) as refusal:
            await push(database, [broken])
        assert refusal.value.trouble is Trouble.FAILED
