"""Backup, move and loss of the shop database, with PostgreSQL's own tools."""

from dataclasses import replace

from bonifiq_desktop.shop_database import protocol
from tests.support.postgres import ShopDatabaseServer, running_postgres, shared_server
from tests.support.shop_log import TillLog


def test_database_moved_by_a_dump_serves_its_tills(shop_base: ShopDatabaseServer) -> None:
    """The roles are dumped apart: they belong to the server and not to the database."""
    one, two = TillLog(shop_base.add_till("CAIXA1")), TillLog(shop_base.add_till("CAIXA2"))
    one.operation("u1", "unknown")
    one.customer(7, b"sealed")
    one.push()
    one.claim("u1")
    old = shop_base.server
    roles = old.run("pg_dumpall", "--roles-only", "-d", shop_base.url)
    dump = old.run("pg_dump", "-d", shop_base.url)

    with running_postgres() as new:
        own = ("CREATE ROLE administrator", "ALTER ROLE administrator")  # the new server has its own
        text = "\n".join(line for line in roles.splitlines() if not line.startswith(own))
        new.run("psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", new.url, text=text)
        with new.admin() as admin:
            admin.execute(f"CREATE DATABASE {shop_base.name}")
        moved = ShopDatabaseServer(new, shop_base.name)
        new.run("psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", moved.url, text=dump)
        for log in (one, two):
            log.access = replace(log.access, port=new.port, ca_file=new.ca_file)
            log.connection = log.access.connect()
        assert one.stored() == one.changes
        assert two.claim("u2").holder == "CAIXA1"
        one.state("u1", "confirmed")
        assert one.push() == 3
        assert two.claim("u2").outcomes
        assert protocol.pull(two.connection, "CAIXA1", 1, 0, 10) == one.changes
        moved.drop()


def test_till_ahead_of_an_older_backup_tells_the_rest_again(shop_base: ShopDatabaseServer) -> None:
    till = TillLog(shop_base.add_till("CAIXA1"))
    till.operation("u1", "queued")
    till.push()
    server = shared_server()
    dump = server.run("pg_dump", "-d", shop_base.url)
    till.state("u1", "confirmed")
    till.operation("u2", "confirmed", order="5")
    till.push()

    restored = ShopDatabaseServer(server, server.new_database())
    try:
        server.run("psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", restored.url, text=dump)
        till.connection = replace(till.access, database=restored.name).connect()
        head = protocol.hello(till.connection, 1).head_seq
        assert head == 1
        assert till.push(*till.changes[head:]) == 3
        assert till.stored() == till.changes
    finally:
        restored.drop()
