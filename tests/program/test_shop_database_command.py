"""The command `shop-database`, in processes of their own, with a real PostgreSQL: a shop of two tills."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bonifiq_desktop.domain.shop_database import EnrolmentError, EnrolmentTrouble
from bonifiq_desktop.security.credentials import CredentialStore
from bonifiq_desktop.security.shop_access import ShopAccessStore
from bonifiq_desktop.services.shop_joining import enrol
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.access import Access
from bonifiq_desktop.shop_database.connect import Hosts
from bonifiq_desktop.shop_database.enrolment_file import Enrolment, open_enrolment
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import load_settings, save_settings
from tests.support.postgres import Connection, ShopDatabaseServer, TillAccess, running_postgres, shared_server
from tests.support.server_certificates import Authority
from tests.support.shop_log import TillLog
from tests.support.staff import BIA, access_control_in, add_ana_and_bia, audit_log_of

REPOSITORY = Path(__file__).parents[2]
NO_SCREEN = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
SHOP = "Padaria São João"
CODE = re.compile(r"[A-Z]{5}(?:-[A-Z]{5}){3}")
Done = subprocess.CompletedProcess[str]


class Command:
    """Runs `shop-database` for an administrator on one data folder."""

    def __init__(self, database: ShopDatabaseServer, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.server = database.server
        self.url = self.server.admin_url(database.name)
        self.password = self.server.superuser_password
        self.paths = Paths(folder / "data")

    def __call__(
        self, action: str, *arguments: str, ca: bool = True, url: str = "", password: str | None = None
    ) -> Done:
        authority = ("--ca", str(self.server.ca_file)) if ca else ()
        return subprocess.run(
            [sys.executable, "-m", "bonifiq_desktop", "shop-database", action, "--admin-url", url or self.url,
             *authority, *arguments, "--data-dir", str(self.folder / "data")],
            input=f"{self.password if password is None else password}\n",
            capture_output=True, text=True, timeout=120, check=False, cwd=REPOSITORY,
            env={**os.environ, **NO_SCREEN, "PGHOST": "other.example", "PGPASSWORD": "wrong", "PGSSLMODE": "disable"},
        )  # fmt: skip

    def init(self, *arguments: str, till: str = "CAIXA1") -> Done:
        """Set the shop up; its first till's file is `CAIXA1.bonifiq`."""
        return self("init", "--shop", SHOP, "--till", till, "--out", str(self.file(till)), *arguments)

    def add_till(self, till: str, *arguments: str, ca: bool = False) -> Done:
        """Add a till, from the folder of one that takes part."""
        return self("add-till", "--till", till, "--out", str(self.file(till)), *arguments, ca=ca)

    def file(self, till: str) -> Path:
        return self.folder / f"{till}.bonifiq"

    def enrolment(self, till: str, done: Done) -> Enrolment:
        """Open the file of a till with the code that the command printed."""
        (code,) = CODE.findall(done.stdout + done.stderr)
        return open_enrolment(self.file(till).read_bytes(), code)

    def join(self, enrolment: Enrolment, paths: Paths) -> Connection:
        """Join with a data folder, as the window does; return a connection of the till that joined."""
        paths.folder.mkdir(mode=0o700, exist_ok=True)
        store = ShopAccessStore(CredentialStore(paths.credentials, None).connections)
        settings, access = asyncio.run(enrol(enrolment, store, paths.shop_certificate, allow_plain_file=True))
        save_settings(paths.settings, replace(load_settings(paths.settings), shop_database=settings))
        connection = Hosts(Access.of(settings, access.password, paths.shop_certificate)).connect()
        self.database._opened.append(connection)
        return connection


@pytest.fixture(name="command")
def command_on_an_empty_database(tmp_path: Path) -> Iterator[Command]:
    server = shared_server()
    database = ShopDatabaseServer(server, server.new_database())
    yield Command(database, tmp_path)
    database.drop()


def ok(done: Done) -> Done:
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done


def test_shop_is_set_up_and_its_first_two_tills_join(command: Command, tmp_path: Path) -> None:
    first = command.enrolment("CAIXA1", ok(command.init()))
    assert (first.shop, first.till, first.database) == (SHOP, "CAIXA1", command.database.name)
    assert first.hosts == (f"127.0.0.1:{command.server.port}",)
    assert timedelta(hours=23) < first.until - datetime.now(UTC) <= timedelta(hours=24)
    one = command.join(first, command.paths)
    assert protocol.begin_incarnation(one, "0" * 32) == 1

    second = command.enrolment("CAIXA2", ok(command.add_till("CAIXA2", "--hosts", f"localhost:{command.server.port}")))
    assert (second.shop, second.till, second.secret) == (SHOP, "CAIXA2", first.secret)
    assert second.hosts == (f"localhost:{command.server.port}",)
    assert second.ca == command.server.ca_file.read_text()
    two = command.join(second, Paths(tmp_path / "second"))
    protocol.begin_incarnation(two, "1" * 32)
    assert [each.till for each in protocol.heads(one)] == ["CAIXA1", "CAIXA2"]


def test_enrolment_file_works_once(command: Command, tmp_path: Path) -> None:
    first = command.enrolment("CAIXA1", ok(command.init()))
    command.join(first, command.paths)
    with pytest.raises(EnrolmentError) as caught:
        command.join(first, Paths(tmp_path / "thief"))
    assert caught.value.trouble is EnrolmentTrouble.USED


def test_enrolment_file_is_private_and_shows_no_secret(command: Command) -> None:
    done = ok(command.init())
    first = command.enrolment("CAIXA1", done)
    file = command.file("CAIXA1")
    assert file.stat().st_mode & 0o077 == 0
    for secret in (first.password, command.password, first.secret.hex()):
        assert secret not in done.stdout + file.read_text()
    with command.database.admin() as admin:
        stored = admin.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (first.role,)).fetchone()
    assert stored is not None
    assert str(stored[0]).startswith("SCRAM-SHA-256$4096:")


def test_init_of_a_shop_with_tills_only_renews_the_tables(command: Command) -> None:
    command.join(command.enrolment("CAIXA1", ok(command.init())), command.paths)
    again = ok(command.init(till="CAIXA9"))
    assert "já tem caixas" in again.stdout
    assert not command.file("CAIXA9").exists()
    assert json.loads(ok(command("status", "--format", "json")).stdout)[0]["state"] == "participa"


def test_shop_whose_last_till_was_removed_begins_again_with_a_new_key(command: Command, tmp_path: Path) -> None:
    lost = command.enrolment("CAIXA1", ok(command.init()))
    command.join(lost, command.paths)
    ok(command("remove-till", "--till", "CAIXA1"))
    again = command.enrolment("CAIXA2", ok(command.init(till="CAIXA2")))
    assert (again.shop, again.secret == lost.secret) == (SHOP, False)
    assert protocol.hello(command.join(again, Paths(tmp_path / "new PC")), 0).till == "CAIXA2"


def test_init_repeated_before_a_till_joined_leaves_one_invitation(command: Command, tmp_path: Path) -> None:
    first = command.enrolment("CAIXA1", ok(command.init()))
    second = command.enrolment("PRIMEIRO", ok(command.init(till="PRIMEIRO")))
    assert first.secret != second.secret
    with pytest.raises(EnrolmentError):
        command.join(first, Paths(tmp_path / "late"))
    command.join(second, command.paths)


def test_till_in_use_is_replaced_only_with_the_option(command: Command, tmp_path: Path) -> None:
    old = command.join(command.enrolment("CAIXA1", ok(command.init())), command.paths)
    protocol.begin_incarnation(old, "0" * 32)
    refused = command.add_till("CAIXA1")
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    protocol.hello(old, 1)
    command.file("CAIXA1").unlink()

    renewed = command.enrolment("CAIXA1", ok(command.add_till("CAIXA1", "--replace")))
    with pytest.raises(psycopg.Error):
        protocol.hello(old, 1)
    new = command.join(renewed, Paths(tmp_path / "new PC"))
    assert protocol.hello(new, 0).newest_incarnation == 1
    assert protocol.begin_incarnation(new, "1" * 32) == 2


def test_status_names_each_till_its_state_and_its_silence(command: Command) -> None:
    one = command.join(command.enrolment("CAIXA1", ok(command.init())), command.paths)
    protocol.begin_incarnation(one, "0" * 32)
    with command.database.admin() as admin:
        admin.execute("UPDATE bonifiq.incarnations SET head_seq = 1")
        admin.execute("INSERT INTO bonifiq.claims VALUES (%s, '', 'CAIXA1', 1, '{u1}')", (SHOP,))
    ok(command.add_till("CAIXA2"))
    ok(command.add_till("CAIXA3"))
    ok(command("remove-till", "--till", "CAIXA3"))
    with command.database.admin() as admin:
        admin.execute("UPDATE bonifiq.incarnations SET last_seen = now() - interval '125 min'")
        admin.execute("UPDATE bonifiq.members SET enrol_until = now() - interval '1 min' WHERE till = 'CAIXA2'")
    shown = [line.split("\t") for line in ok(command("status", ca=False)).stdout.splitlines()]
    assert [(line[1], line[2], line[-1]) for line in shown] == [
        ("CAIXA1", "participa", "há 2 h"),
        ("CAIXA2", "convite vencido", "-"),
        ("CAIXA3", "removido", "-"),
    ]
    assert shown[0][3:5] == ["1 mudança", "1 pedido"]
    listed = json.loads(ok(command("status", "--format", "json", "--shop", SHOP)).stdout)
    assert [each["till"] for each in listed] == ["CAIXA1", "CAIXA2", "CAIXA3"]
    assert json.loads(ok(command("status", "--format", "json", "--shop", "OUTRA")).stdout) == []


def test_removed_till_loses_its_access_and_its_operations_stay(command: Command, tmp_path: Path) -> None:
    one = command.join(command.enrolment("CAIXA1", ok(command.init())), command.paths)
    second = command.enrolment("CAIXA2", ok(command.add_till("CAIXA2")))
    command.join(second, Paths(tmp_path / "second"))
    with command.database.admin() as admin:
        admin.execute(sql.SQL("ALTER ROLE {} PASSWORD 'known'").format(sql.Identifier(second.role)))
    access = TillAccess("127.0.0.1", command.server.port, second.database, second.role, "known",
                        command.server.ca_file, SHOP, "CAIXA2", command.database._opened)  # fmt: skip
    log = TillLog(access)
    log.operation("u1", "unknown")
    log.customer(7, b"sealed")
    log.push()
    log.claim("u1")
    log.claim("never told", order="5")
    assert "CAIXA2" in ok(command("remove-till", "--till", "CAIXA2")).stdout

    with pytest.raises(psycopg.OperationalError):
        log.push()  # its session was ended
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        access.connect()
    stored = protocol.pull(one, "CAIXA2", 1, 0, 10)
    assert [(each.body, each.sealed) for each in stored] == [(each.body, None) for each in log.changes]
    protocol.begin_incarnation(one, "0" * 32)
    claims = [row[0] for row in one.execute("SELECT uids FROM bonifiq.claims").fetchall()]
    assert claims == [["u1"]]  # another till takes over what may be under way
    again = command("remove-till", "--till", "CAIXA7")
    assert (again.returncode, f"não há CAIXA7 na loja {SHOP}" in again.stderr) == (1, True)
    assert command("remove-till", "--till", "caixa2").returncode == 0, "in small letters"


def test_printed_sql_does_what_the_commands_do(command: Command, tmp_path: Path) -> None:
    def by_hand(text: str) -> None:
        command.server.run("psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", command.database.url, text=text)

    printed = command.init("--print-sql")
    assert printed.returncode == 0
    assert not CODE.search(printed.stdout)
    first = command.enrolment("CAIXA1", printed)
    assert first.password not in printed.stdout
    by_hand(printed.stdout)
    one = command.join(first, command.paths)
    protocol.begin_incarnation(one, "0" * 32)

    added = command.add_till("CAIXA2", "--print-sql")
    by_hand(added.stdout)
    two = command.join(command.enrolment("CAIXA2", added), Paths(tmp_path / "second"))
    protocol.begin_incarnation(two, "1" * 32)
    removal = command("remove-till", "--till", "CAIXA2", "--print-sql")
    by_hand(removal.stdout)
    with pytest.raises(psycopg.Error):
        protocol.heads(two)
    assert [each["state"] for each in json.loads(command("status", "--format", "json").stdout)] == [
        "participa",
        "removido",
    ]


def test_administrator_without_superuser_rights_does_it_all(tmp_path: Path) -> None:
    """As in a managed service: a role that owns the database and may create roles."""
    with running_postgres() as server:
        database = ShopDatabaseServer(server, server.new_database())
        with server.admin() as admin:
            admin.execute("CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'of the owner'")
            admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO owner").format(sql.Identifier(database.name)))
        command = Command(database, tmp_path)
        command.url = command.url.replace("administrator@", "owner@")
        command.password = "of the owner"
        one = command.join(command.enrolment("CAIXA1", ok(command.init())), command.paths)
        protocol.begin_incarnation(one, "0" * 32)
        two = command.join(command.enrolment("CAIXA2", ok(command.add_till("CAIXA2"))), Paths(tmp_path / "second"))
        protocol.begin_incarnation(two, "1" * 32)
        ok(command("remove-till", "--till", "CAIXA2"))
        states = [each["state"] for each in json.loads(ok(command("status", "--format", "json")).stdout)]
        assert states == ["participa", "removido"]
        with pytest.raises(psycopg.Error):
            protocol.heads(two)
        assert protocol.hello(one, 1).shop == SHOP
        database.drop()


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"password": "wrong"}, 1, "não aceita este usuário ou esta senha"),
        ({"password": ""}, 2, "falta a senha"),
        ({"url": "postgresql://administrator@127.0.0.1:9/shop"}, 1, "não responde"),
        ({"url": "postgresql://administrator:secret@127.0.0.1/shop"}, 2, "a senha não vai no endereço"),
        ({"url": "https://administrator@127.0.0.1/shop"}, 2, "postgresql://"),
        ({"url": "postgresql://administrator@127.0.0.1/"}, 2, "postgresql://"),
        ({"url": "postgresql://administrator@[::1/shop"}, 2, "postgresql://"),
        ({"url": "postgresql://administrator@127.0.0.1:port/shop"}, 2, "postgresql://"),
        ({"url": "postgresql://administrator@127.0.0.1:65536/shop"}, 2, "postgresql://"),
        ({"url": "postgresql://administrator@127.0.0.1,/shop"}, 2, "postgresql://"),
        ({"url": "postgresql://administrator@127.0.0.1/shop?sslmode=disable"}, 2, "postgresql://"),
        ({"ca": False}, 2, "--ca"),
    ],
)
def test_unusable_access_of_the_administrator_is_named(
    command: Command, change: dict[str, object], status: int, sentence: str
) -> None:
    call: Callable[..., Done] = command
    done = call("status", **change)
    assert (done.returncode, done.stdout) == (status, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("action", [("status",), ("remove-till", "--till", "CAIXA1")])
def test_command_on_a_database_without_the_tables_says_so(command: Command, action: tuple[str, ...]) -> None:
    done = command(*action)
    assert (done.returncode, "shop-database init" in done.stderr) == (1, True)
    assert done.stderr.endswith("Nada mudou.\n")


def test_status_of_a_shop_without_tills_says_so(command: Command) -> None:
    command.join(command.enrolment("CAIXA1", ok(command.init())), command.paths)
    assert "não há caixas na loja OUTRA" in ok(command("status", "--shop", "OUTRA")).stdout


@pytest.mark.parametrize("action", ["init", "status", "remove-till"])
def test_user_without_rights_is_told_that_nothing_changed(command: Command, action: str) -> None:
    ok(command.init())
    user = f"weak_{command.database.name}"
    with command.server.admin() as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'weak'").format(sql.Identifier(user)))
    options = {
        "init": ("--shop", "OUTRA", "--till", "CAIXA1", "--out", str(command.folder / "other")),
        "status": (),
        "remove-till": ("--till", "CAIXA1", "--shop", SHOP),
    }[action]
    done = command(action, *options, url=command.url.replace("administrator@", f"{user}@"), password="weak")
    assert (done.returncode, "não tem direito a isto" in done.stderr) == (1, True)
    assert done.stderr.endswith("Nada mudou.\n")
    with command.server.admin() as admin:
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(user)))


def test_init_refuses_a_database_in_another_encoding(command: Command) -> None:
    name = f"{command.database.name}_latin"
    with command.server.admin() as admin:
        statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
        admin.execute(sql.SQL(statement).format(sql.Identifier(name)))
    command.url = command.server.admin_url(name)
    done = command.init()
    ShopDatabaseServer(command.server, name).drop()
    assert (done.returncode, "UTF8" in done.stderr, command.file("CAIXA1").exists()) == (1, True, False)


def test_certificates_alone_of_the_authoritys_file_are_told_to_the_till(command: Command, tmp_path: Path) -> None:
    certificate = command.server.ca_file.read_text()
    key = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(f"Padaria São João\n{key}{certificate}", "utf-8")
    done = command.init("--print-sql", "--ca", str(bundle))
    assert command.enrolment("CAIXA1", done).ca == certificate


def test_authoritys_file_without_a_certificate_is_refused(command: Command, tmp_path: Path) -> None:
    other = tmp_path / "key.pem"
    other.write_text("-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n")
    done = command.init("--print-sql", "--ca", str(other))
    assert (done.returncode, "certificado" in done.stderr, done.stdout) == (2, True, "")
    assert not command.file("CAIXA1").exists()


@pytest.mark.parametrize("hosts", ["a b", "servidor.loja:port", "servidor.loja:0", "/run", "servidor.loja, ::1:x"])
def test_unusable_place_of_the_tills_is_refused(command: Command, hosts: str) -> None:
    done = command.init("--hosts", hosts)
    assert (done.returncode, "--hosts" in done.stderr, command.file("CAIXA1").exists()) == (2, True, False)


def test_server_with_another_authority_is_refused(command: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    Authority.create().write(other)
    done = command("status", "--ca", str(other), ca=False)
    assert (done.returncode, "certificado" in done.stderr) == (1, True)


def test_existing_file_is_never_replaced_and_no_till_is_invited(command: Command) -> None:
    command.file("CAIXA1").write_text("mine")
    done = command.init()
    assert (done.returncode, "já existe" in done.stderr) == (2, True)
    assert command.file("CAIXA1").read_text() == "mine"
    assert "Nada mudou" not in done.stderr, "the tables were made"
    assert "não há caixas" in ok(command("status")).stdout


def test_add_till_on_a_till_outside_the_shop_is_refused(command: Command) -> None:
    ok(command.init())
    done = command.add_till("CAIXA2", ca=True)
    assert (done.returncode, "não participa" in done.stderr) == (1, True)
    assert not command.file("CAIXA2").exists()


def test_add_till_on_a_till_with_managers_needs_one(command: Command) -> None:
    command.join(command.enrolment("CAIXA1", ok(command.init())), command.paths)
    ok(command.add_till("CAIXA2"))
    assert [line["till"] for line in audit_log_of(command.paths.folder) if line.get("change") == "added"] == ["CAIXA2"]
    add_ana_and_bia(access_control_in(command.paths.folder))
    done = command.add_till("CAIXA3", "--manager", BIA.name)
    assert done.returncode == 1
    assert "Nada mudou" in done.stderr
    unnamed = command.add_till("CAIXA3")
    assert (unnamed.returncode, "--manager" in unnamed.stderr, "PIN" in unnamed.stderr) == (2, True, False)
    assert not command.file("CAIXA3").exists()
    assert "CAIXA3" not in ok(command("status")).stdout


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\tb"])
def test_unusable_name_of_a_till_is_refused(command: Command, name: str) -> None:
    done = command("init", "--shop", SHOP, "--till", name, "--out", str(command.folder / "file"))
    assert (done.returncode, "nome" in done.stderr) == (2, True)


def test_hostile_names_stay_data(command: Command) -> None:
    name = "'; DROP SCHEMA bonifiq CASCADE; --$$"
    file = str(command.file("hostile"))
    done = ok(command("init", "--shop", name, "--till", "CAIXA1", "--out", file))
    command.join(command.enrolment("hostile", done), command.paths)
    ok(command("remove-till", "--shop", name, "--till", "CAIXA1"))
    refused = command("init", "--shop", SHOP, "--till", name, "--out", str(command.file("other")))
    assert (refused.returncode, refused.stdout) == (2, "")
    (member,) = json.loads(ok(command("status", "--format", "json")).stdout)
    assert (member["shop"], member["state"]) == (name, "removido")


@pytest.mark.parametrize("name", ["CAIXA 2", "CAIXA-DO-FUNDO", ""])
def test_name_with_which_no_till_could_join_is_refused(command: Command, name: str) -> None:
    done = command("init", "--shop", SHOP, "--till", name, "--out", str(command.file("any")))
    assert (done.returncode, "só letras e números" in done.stderr) == (2, True)
    assert not command.file("any").exists()
