"""Migrations and the contract of versioned functions: old and new tills share one database."""

from collections.abc import Iterator

import psycopg
import pytest

from bonifiq_desktop.domain.shop_database import ShopDatabaseError, Trouble
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.schema import Migration, SchemaNewer, migrate, migrations, script
from tests.support.postgres import Connection, ShopDatabaseServer, running_postgres, shared_server
from tests.support.shop_log import TillLog

NUMBERS = [step.number for step in migrations()]
NEXT = NUMBERS[-1] + 1

# What a later version could bring: a function beside push_v1, and no change to what older tills call.
EXPAND = Migration(
    NEXT,
    "push_v2",
    """
    CREATE FUNCTION bonifiq.push_v2(p_incarnation int, p_first_seq bigint, p_versions int[], p_bodies text[],
        p_sealed bytea[], p_sealed_sha256 bytea[], p_hashes bytea[], p_source text)
    RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT bonifiq.push_v1(p_incarnation, p_first_seq, p_versions, p_bodies, p_sealed, p_sealed_sha256, p_hashes)
    $$;
    REVOKE ALL ON FUNCTION bonifiq.push_v2(int, bigint, int[], text[], bytea[], bytea[], bytea[], text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION bonifiq.push_v2(int, bigint, int[], text[], bytea[], bytea[], bytea[], text)
        TO bonifiq_tills;
    UPDATE bonifiq.contract SET newest = 2;
    """,
)
CONTRACT = Migration(NEXT + 1, "end_of_contract_1", "UPDATE bonifiq.contract SET oldest_supported = 2;")
DROP = Migration(NEXT + 2, "drop_hello_v1", "DROP FUNCTION bonifiq.hello_v1(int);")


@pytest.fixture(name="empty")
def empty_database() -> Iterator[ShopDatabaseServer]:
    server = shared_server()
    database = ShopDatabaseServer(server, server.new_database())
    yield database
    database.drop()


def definition(connection: Connection) -> list[tuple[object, ...]]:
    """Columns, functions, policies, rights, triggers and indexes of the schema."""
    return connection.execute(
        """
        SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
            FROM information_schema.columns WHERE table_schema = 'bonifiq'
        UNION ALL SELECT 'function', proname, pg_get_functiondef(oid), proacl::text, proowner::regrole::text, ''
            FROM pg_proc WHERE pronamespace = 'bonifiq'::regnamespace
        UNION ALL SELECT 'policy', tablename, policyname, roles::text || cmd, qual, with_check
            FROM pg_policies WHERE schemaname = 'bonifiq'
        UNION ALL SELECT 'table', relname, relowner::regrole::text, relacl::text, relforcerowsecurity::text, ''
            FROM pg_class WHERE relnamespace = 'bonifiq'::regnamespace
        UNION ALL SELECT 'index', tablename, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'bonifiq'
        UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid), '', '', '' FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'migration', number::text, name, '', '', '' FROM bonifiq.migrations
        ORDER BY 1, 2, 3, 4
        """
    ).fetchall()


def test_migrations_are_numbered_from_one_without_a_gap() -> None:
    assert list(range(1, len(NUMBERS) + 1)) == NUMBERS


def test_migrations_are_applied_once(empty: ShopDatabaseServer) -> None:
    with empty.admin() as admin:
        assert migrate(admin) == NUMBERS
        before = definition(admin)
        assert migrate(admin) == []
        assert definition(admin) == before


def test_printed_script_makes_the_schema_of_the_migrations(empty: ShopDatabaseServer) -> None:
    other = ShopDatabaseServer(empty.server, empty.server.new_database())
    try:
        empty.server.run("psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", empty.url, text=script())
        with empty.admin() as by_hand, other.admin() as by_program:
            migrate(by_program)
            assert definition(by_hand) == definition(by_program)
            assert migrate(by_hand) == []
    finally:
        other.drop()


def test_set_up_takes_temporary_objects_from_the_tills(empty: ShopDatabaseServer) -> None:
    with empty.admin() as admin:
        migrate(admin)
    connection = empty.add_till("CAIXA1").connect()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TEMP TABLE filling AS SELECT 1")


def test_migration_does_not_wait_for_a_lock_that_a_till_holds(empty: ShopDatabaseServer) -> None:
    with empty.admin() as admin:
        migrate(admin)
    locks = empty.add_till("CAIXA1").connect()
    for key in range(7_264_000, 7_264_010):
        locks.execute("SELECT pg_advisory_lock(%s)", (key,))
    with empty.admin() as admin:
        admin.execute("SET lock_timeout = '5s'")
        assert migrate(admin) == []


def test_failed_migration_leaves_neither_its_changes_nor_its_number(shop_base: ShopDatabaseServer) -> None:
    broken = Migration(NEXT, "broken", "CREATE TABLE bonifiq.half (a int); SELECT 1 / 0;")
    with shop_base.admin() as admin:
        before = definition(admin)
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(admin, (*migrations(), broken))
        assert definition(admin) == before
        assert migrate(admin, (*migrations(), EXPAND)) == [NEXT]


def test_schema_of_a_newer_program_is_not_touched(shop_base: ShopDatabaseServer) -> None:
    with shop_base.admin() as admin:
        migrate(admin, (*migrations(), EXPAND))
        before = definition(admin)
        with pytest.raises(SchemaNewer):
            migrate(admin)
        assert definition(admin) == before


def test_old_and_new_tills_work_together_after_an_expansion(shop_base: ShopDatabaseServer) -> None:
    old = TillLog(shop_base.add_till("CAIXA1"))
    old.operation("u1", "queued")
    old.push()
    with shop_base.admin() as admin:
        migrate(admin, (*migrations(), EXPAND))
    new = TillLog(shop_base.add_till("CAIXA2"))
    change = new.operation("u2", "queued", order="5")
    new.connection.execute(
        "SELECT bonifiq.push_v2(1, 1, %s::int[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[], 'new')",
        ([1], [change.body], [None], [change.sealed_sha256], [change.hash]),
    )
    old.state("u1", "confirmed")
    assert old.push() == 2
    assert protocol.hello(old.connection, 1).head_seq == 2
    assert protocol.pull(old.connection, "CAIXA2", 1, 0, 10) == new.changes
    assert new.claim("u2", order="5").holder == ""


@pytest.mark.parametrize("steps", [(CONTRACT,), (CONTRACT, DROP)])
def test_till_older_than_the_contract_is_told_so(shop_base: ShopDatabaseServer, steps: tuple[Migration, ...]) -> None:
    till = TillLog(shop_base.add_till("CAIXA1"))
    with shop_base.admin() as admin:
        migrate(admin, (*migrations(), EXPAND, *steps))
    with pytest.raises(ShopDatabaseError) as caught:
        protocol.hello(till.connection, till.incarnation)
    assert caught.value.trouble is Trouble.NEWER


def test_shop_database_survives_a_kill_without_a_loss() -> None:
    """Every push that was answered is there after the server's death; the till goes on from its head."""
    with running_postgres(durable=True) as server:
        database = server.new_shop_database()
        till = TillLog(database.add_till("CAIXA1"))
        for number in range(20):
            till.operation(f"u{number}", "confirmed", order=str(number))
            assert till.push(till.changes[-1]) == number + 1
        till.claim("open")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            till.push()
        till.connection.close()
        server.start()
        till.connection = till.access.connect()
        assert protocol.hello(till.connection, 1).head_seq == 20
        assert till.stored() == till.changes
        assert TillLog(database.add_till("CAIXA2")).claim("u").holder == "CAIXA1"
        database.drop()
