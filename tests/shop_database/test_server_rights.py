"""Roles and row-level security in a real PostgreSQL: the functions are the first wall, the policies the second."""

from dataclasses import replace

import psycopg
import pytest

from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.admin import MAX_CONNECTIONS, NewTill, add_till, run_together
from tests.support.postgres import Connection, ShopDatabaseServer
from tests.support.shop_log import TillLog, sqlstate

TABLES = ("members", "incarnations", "changes", "open_operations", "outcomes", "claims", "lost_claims")
NOT_A_MEMBER = "BQ003"


def rows(connection: Connection, statement: str) -> list[tuple[object, ...]]:
    return connection.execute(statement).fetchall()


@pytest.fixture(name="till")
def till_with_a_change(shop_base: ShopDatabaseServer) -> TillLog:
    log = TillLog(shop_base.add_till("CAIXA1"))
    log.operation("u1", "queued")
    log.claim("u1")
    log.push()
    return log


@pytest.mark.parametrize("table", [*TABLES, "contract", "migrations"])
def test_till_writes_no_table(till: TillLog, table: str) -> None:
    for statement in (
        f"INSERT INTO bonifiq.{table} SELECT * FROM bonifiq.{table}",
        f"INSERT INTO bonifiq.{table} DEFAULT VALUES",
        f"DELETE FROM bonifiq.{table}",
        f"TRUNCATE bonifiq.{table}",
        f"DROP TABLE bonifiq.{table}",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            till.connection.execute(statement)
    column = {"contract": "newest", "migrations": "name"}.get(table, "shop")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        till.connection.execute(f"UPDATE bonifiq.{table} SET {column} = {column}")


def test_till_calls_the_versioned_functions_only(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    with shop_base.admin() as admin:
        found = rows(
            admin,
            "SELECT p.proname, has_function_privilege('bonifiq_tills', p.oid, 'EXECUTE'),"
            " has_function_privilege('public', p.oid, 'EXECUTE'), p.prosecdef, p.proconfig, r.rolname"
            " FROM pg_proc AS p JOIN pg_roles AS r ON r.oid = p.proowner"
            " WHERE p.pronamespace = 'bonifiq'::regnamespace",
        )
    versioned = {name for name, *_ in found if str(name).endswith("_v1")}
    assert versioned == {"enrol_v1", "hello_v1", "begin_incarnation_v1", "push_v1", "heads_v1", "claim_v1"}
    for name, for_tills, for_public, is_definer, settings, owner in found:
        assert owner == "bonifiq_owner", name
        assert settings == ["search_path=pg_catalog, pg_temp"], name
        assert not for_public, name
        assert for_tills == (name in versioned | {"my_shop", "my_till"}), name
        assert is_definer or name not in versioned, name


def test_roles_are_no_superusers_and_bypass_no_policy(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    with shop_base.admin() as admin:
        found = admin.execute(
            "SELECT rolname, rolcanlogin FROM pg_roles WHERE (rolname LIKE 'bonifiq%%' OR rolname = %s) AND NOT"
            " (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication) ORDER BY rolname",
            (till.access.role,),
        ).fetchall()
        forced = rows(
            admin,
            "SELECT relname FROM pg_class WHERE relnamespace = 'bonifiq'::regnamespace AND relkind = 'r'"
            " AND relrowsecurity AND relforcerowsecurity",
        )
    assert found == [
        ("bonifiq_admin", False),
        ("bonifiq_owner", False),
        ("bonifiq_tills", False),
        (till.access.role, True),
    ]
    assert {name for (name,) in forced} == set(TABLES)
    for role in ("bonifiq_owner", "bonifiq_admin", "administrator"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            till.connection.execute(f"SET ROLE {role}")


def test_till_reads_its_own_shop_only(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    other = TillLog(shop_base.add_till("CAIXA1", shop="OUTRA"))
    other.operation("u9", "queued")
    other.claim("u9")
    other.push()
    for table in ("changes", "incarnations", "claims", "members"):
        assert rows(till.connection, f"SELECT DISTINCT shop FROM bonifiq.{table}") == [("LOJA",)], table
        assert rows(other.connection, f"SELECT DISTINCT shop FROM bonifiq.{table}") == [("OUTRA",)], table
    assert till.stored() == till.changes
    assert rows(other.connection, "SELECT role FROM bonifiq.members") == [(other.access.role,)]


def test_policies_stop_a_function_that_writes_another_tills_rows(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    other = TillLog(shop_base.add_till("CAIXA2"))
    other.operation("u2", "queued", order="5")
    other.claim("u2", order="5")
    other.push()
    elsewhere = TillLog(shop_base.add_till("CAIXA1", shop="OUTRA"))
    elsewhere.customer(7, b"sealed")
    elsewhere.push()
    statements = {
        "INSERT INTO bonifiq.changes SELECT 'LOJA', 'CAIXA2', 1, 2, 1, hash, body, NULL, hash, hash, NULL"
        " FROM bonifiq.changes LIMIT 1": "error",
        "INSERT INTO bonifiq.incarnations (shop, till, incarnation, id) VALUES ('LOJA', 'CAIXA2', 2, 'x')": "error",
        "INSERT INTO bonifiq.claims (shop, order_hash, till, incarnation, uids)"
        " VALUES ('LOJA', 'x', 'CAIXA2', 1, '{}')": "error",
        "INSERT INTO bonifiq.outcomes (shop, order_hash, till, incarnation, seq, uids)"
        " VALUES ('LOJA', 'x', 'CAIXA2', 1, 1, '{}')": "error",
        "UPDATE bonifiq.claims SET till = 'CAIXA2'": "error",
        "UPDATE bonifiq.incarnations SET head_seq = 0 WHERE till = 'CAIXA2'": "nothing",
        "UPDATE bonifiq.changes SET sealed = NULL WHERE shop = 'OUTRA'": "nothing",
        "DELETE FROM bonifiq.claims WHERE till = 'CAIXA2'": "nothing",
        "DELETE FROM bonifiq.open_operations WHERE till = 'CAIXA2'": "nothing",
        "DELETE FROM bonifiq.changes": "nothing",
        "UPDATE bonifiq.members SET till = 'CAIXA2' WHERE till = 'CAIXA2'": "nothing",
    }  # fmt: skip
    for statement, result in statements.items():
        with shop_base.admin() as admin:
            admin.execute(
                "CREATE OR REPLACE FUNCTION bonifiq.faulty() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER"
                f" SET search_path = pg_catalog, pg_temp AS $$ DECLARE n bigint; BEGIN {statement};"
                " GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$"
            )
            admin.execute("ALTER FUNCTION bonifiq.faulty() OWNER TO bonifiq_owner")
        if result == "error":
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                till.connection.execute("SELECT bonifiq.faulty()")
        else:
            assert rows(till.connection, "SELECT bonifiq.faulty()") == [(0,)], statement
    assert other.stored() == other.changes
    assert elsewhere.stored() == elsewhere.changes
    assert till.claim("u9", order="5").holder == "CAIXA2"


def test_objects_that_a_till_plants_change_no_function(till: TillLog) -> None:
    till.connection.execute("CREATE TEMP TABLE members (role text, shop text, till text)")
    till.connection.execute("INSERT INTO members VALUES (session_user, 'OUTRA', 'CAIXA9')")
    till.connection.execute("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''''::bytea'")
    till.connection.execute("SET search_path = pg_temp, pg_catalog, bonifiq")
    assert protocol.hello(till.connection, 1).shop == "LOJA"
    till.state("u1", "sending")
    assert till.push() == 2
    assert till.stored() == till.changes


@pytest.mark.parametrize("name", ["json", "bytea", "text", "timestamptz"])
def test_type_that_a_till_plants_runs_no_code_of_the_till_as_owner(shop_base: ShopDatabaseServer, name: str) -> None:
    access = shop_base.add_till("CAIXA1")
    planted = access.connect()
    planted.execute(
        f"CREATE FUNCTION pg_temp.run(value pg_catalog.{name}) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_user <> session_user THEN RAISE EXCEPTION 'planted code runs as %', current_user; END IF;"
        " RETURN true; END $$"
    )
    planted.execute(f"CREATE DOMAIN pg_temp.{name} AS pg_catalog.{name} CHECK (pg_temp.run(VALUE))")
    log = TillLog(access, connection=planted)
    log.operation("u1", "queued")
    log.operation("u2", "confirmed")
    assert log.push() == 2
    assert log.claim("u9").holder == ""
    assert protocol.hello(planted, 1).head_seq == 2
    assert len(protocol.heads(planted)) == 1
    assert protocol.begin_incarnation(planted, "fedcba9876543210") == 2


def test_till_not_enrolled_yet_may_enrol_once_and_nothing_else(shop_base: ShopDatabaseServer) -> None:
    access = shop_base.add_till("CAIXA3")
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.members SET enrolled_at = NULL, enrol_until = now() + interval '1 hour'")
    connection = access.connect()
    with pytest.raises(psycopg.Error) as caught:
        protocol.hello(connection, 0)
    assert sqlstate(caught.value) == NOT_A_MEMBER
    assert rows(connection, "SELECT bonifiq.enrol_v1()") == [({"shop": "LOJA", "till": "CAIXA3"},)]
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("SELECT bonifiq.enrol_v1()")
    assert sqlstate(caught.value) == NOT_A_MEMBER
    assert protocol.hello(connection, 0).till == "CAIXA3"


def test_enrolment_after_its_time_is_refused(shop_base: ShopDatabaseServer) -> None:
    access = shop_base.add_till("CAIXA3")
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.members SET enrolled_at = NULL, enrol_until = now() - interval '1 second'")
    with access.connect() as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute("SELECT bonifiq.enrol_v1()")
    assert sqlstate(caught.value) == NOT_A_MEMBER


def test_removed_till_reads_and_tells_nothing_in_an_open_session(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.members SET removed_at = now()")
    assert till.stored() == []
    for call in (till.push, lambda: till.claim("u1"), lambda: protocol.heads(till.connection)):
        with pytest.raises(psycopg.Error) as caught:
            call()
        assert sqlstate(caught.value) == NOT_A_MEMBER


def test_role_outside_the_shop_reads_nothing(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    with shop_base.admin() as admin:
        admin.execute("DELETE FROM bonifiq.members")
    assert rows(till.connection, "SELECT * FROM bonifiq.changes") == []
    with pytest.raises(psycopg.Error) as caught:
        protocol.hello(till.connection, 1)
    assert sqlstate(caught.value) == NOT_A_MEMBER


def test_connection_without_tls_or_with_another_authority_is_refused(till: TillLog) -> None:
    for changed in (
        {"sslmode": "disable"},
        {"sslrootcert": __file__},
        {"host": "other.example", "hostaddr": "127.0.0.1"},
    ):
        with pytest.raises(psycopg.OperationalError):
            till.access.connect(**changed)
    with till.access.connect(host="localhost") as connection:
        assert rows(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == [(True,)]


def test_calls_of_a_till_have_time_limits(till: TillLog) -> None:
    limits = [rows(till.connection, f"SHOW {name}")[0][0] for name in ("statement_timeout", "lock_timeout")]
    assert limits == ["15s", "10s"]


def test_added_till_cannot_take_every_connection_of_the_server(shop_base: ShopDatabaseServer) -> None:
    new = NewTill.named("LOJA", "CAIXA1")
    with shop_base.admin() as admin:
        run_together(admin, add_till(new))
    enrolled = replace(shop_base.add_till("CAIXA2"), role=new.role, password=new.password)
    for _ in range(MAX_CONNECTIONS):
        enrolled.connect()
    with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
        enrolled.connect()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        enrolled.opened[0].execute("ALTER ROLE CURRENT_USER CONNECTION LIMIT -1")
    shop_base.add_till("CAIXA3").connect()
