"""A till of a shop database in a real PostgreSQL invites other tills while it runs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg import sql

from bonifiq_desktop.domain.shop_database import InvitationError, InvitationTrouble, ShopDatabaseError, Trouble
from bonifiq_desktop.services import shop_inviting
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.shop_database.admin import read_admin_url, read_members
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import SettingsError, load_settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker import shop_commands as s
from tests.support.ports import free_port
from tests.support.postgres import ShopDatabaseServer
from tests.support.remote_till import RemoteTill
from tests.support.server_certificates import Authority
from tests.support.shop_window import invite
from tests.support.staff import audit_log_of

CODE = re.compile(r"[A-Z]{5}(?:-[A-Z]{5}){3}")


class Host:
    """A till that takes part as CAIXA1, and the administrator who invites from it."""

    def __init__(self, till: RemoteTill, database: ShopDatabaseServer, folder: Path) -> None:
        self.till, self.database, self.folder = till, database, folder
        self.user = read_admin_url(database.server.admin_url(database.name)).user
        self.password = database.server.superuser_password

    def command(self, name: str, *, user: str = "", password: str = "", file: Path | None = None,
                replaces: bool = False) -> s.InviteTill:  # fmt: skip
        path = str(file or self.file(name))
        return s.InviteTill(name, path, user or self.user, password or self.password, replaces)

    def invite(self, name: str, *, replaces: bool = False) -> str:
        code: str = self.till.ask(self.command(name, replaces=replaces))
        return code

    def refused(self, command: s.InviteTill) -> InvitationTrouble:
        """The trouble of an invitation, after which the database knows no new till."""
        before = self.members()
        with pytest.raises(InvitationError) as caught:
            self.till.ask(command)
        assert self.members() == before
        return caught.value.trouble

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.bonifiq"

    def members(self) -> list[tuple[str, str]]:
        with self.database.admin() as admin:
            return [(each.till, each.role) for each in read_members(admin)]


@pytest.fixture(name="host")
def joined_till(till: RemoteTill, shop_base: ShopDatabaseServer, tmp_path: Path) -> Host:
    """A till that has joined as CAIXA1."""
    file = tmp_path / "first.bonifiq"
    till.ask(s.JoinShopDatabase(str(file), invite(shop_base, file, "CAIXA1")))
    return Host(till, shop_base, tmp_path)


@pytest.fixture(name="other")
def other_till(till: RemoteTill, server: TrainingServer, tmp_path: Path) -> Iterator[RemoteTill]:
    """A till with a folder of its own, in no shop database yet."""
    del till  # the same surroundings
    other = RemoteTill(Paths(tmp_path / "other"), server.url)
    yield other
    other.close()


def test_invited_till_joins_and_sees_the_shop(host: Host, other: RemoteTill) -> None:
    code = host.invite("CAIXA2")
    assert CODE.fullmatch(code)
    found = host.till.ask(c.LookUp("1001"))
    host.till.ask(c.RegisterRefund(RefundRequest(found.order, 1500, "Troca")))
    host.till.ask(s.SyncShopDatabase())
    status = other.ask(s.JoinShopDatabase(str(host.file("CAIXA2")), code))
    assert (status.shop, status.till, status.trouble) == ("LOJA", "CAIXA2", None)
    assert [each.value for each in other.ask(c.LookUp("1001")).operations] == [1500]
    assert host.till.ask(s.ReadShopDatabase()).trouble is None


def test_invitation_is_in_the_audit_log_as_that_of_the_command_line(host: Host) -> None:
    host.invite("CAIXA2")
    line = next(each for each in audit_log_of(host.till.paths.folder) if each.get("change") == "added")
    assert (line["did"], line["outcome"], line["till"]) == ("settings", "allowed", "CAIXA2")


def test_administrators_password_is_kept_nowhere(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    command = host.command("CAIXA2")
    host.till.ask(command)
    host.till.reopen()
    kept = b"".join(each.read_bytes() for each in host.folder.rglob("*") if each.is_file())
    assert host.password.encode() not in kept
    assert host.password not in caplog.text + repr(command)
    assert host.file("CAIXA2").stat().st_mode & 0o077 == 0


def test_name_is_stored_as_the_till_that_joins_writes_it(host: Host, other: RemoteTill) -> None:
    code = host.till.ask(host.command(" caixa2 ", file=host.file("small")))
    assert other.ask(s.JoinShopDatabase(str(host.file("small")), code)).till == "CAIXA2"


@pytest.mark.parametrize("name", ["", "CAIXA 2", "CAIXA-DO-FUNDO", "CAIXAÇÃO"])
def test_name_with_which_no_till_could_join_is_refused(host: Host, name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        host.till.ask(host.command(name, file=host.file("any")))
    assert refused.value.field == "till"
    assert not host.file("any").exists()


def test_name_of_the_inviting_till_itself_is_refused(host: Host) -> None:
    command = host.command("caixa1", replaces=True)
    assert host.refused(command) is InvitationTrouble.OWN_NAME
    host.till.ask(s.SyncShopDatabase())


def test_till_in_use_loses_its_access_only_when_replaced(host: Host, other: RemoteTill) -> None:
    other.ask(s.JoinShopDatabase(str(host.file("CAIXA2")), host.invite("CAIXA2")))
    host.file("CAIXA2").unlink()
    assert host.refused(host.command("CAIXA2")) is InvitationTrouble.NAME_IN_USE
    assert not host.file("CAIXA2").exists()
    other.ask(s.SyncShopDatabase())
    assert CODE.fullmatch(host.invite("CAIXA2", replaces=True))
    with pytest.raises(ShopDatabaseError) as removed:
        other.ask(s.SyncShopDatabase())
    assert removed.value.trouble is Trouble.REMOVED


def test_invitation_that_no_till_used_can_be_repeated(host: Host, other: RemoteTill) -> None:
    host.invite("CAIXA2")
    host.file("CAIXA2").unlink()
    other.ask(s.JoinShopDatabase(str(host.file("CAIXA2")), host.invite("CAIXA2")))


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"user": "nobody"}])
def test_wrong_login_of_the_administrator_is_named(host: Host, change: dict[str, str]) -> None:
    assert host.refused(host.command("CAIXA2", **change)) is InvitationTrouble.CREDENTIALS  # type: ignore[arg-type]
    assert not host.file("CAIXA2").exists()


def test_empty_login_of_the_administrator_asks_no_server(host: Host) -> None:
    command = s.InviteTill("CAIXA2", str(host.file("CAIXA2")), host.user, "")
    assert host.refused(command) is InvitationTrouble.CREDENTIALS


def test_user_who_may_not_add_tills_leaves_no_file(host: Host) -> None:
    """The user reads the shop's tills, so that the file is written before the database refuses."""
    with host.database.admin() as admin:
        admin.execute("CREATE ROLE reader LOGIN BYPASSRLS PASSWORD 'of the reader'")
        admin.execute("GRANT USAGE ON SCHEMA bonifiq TO reader")
        admin.execute("GRANT SELECT ON ALL TABLES IN SCHEMA bonifiq TO reader")
    try:
        command = host.command("CAIXA2", user="reader", password="of the reader")
        assert host.refused(command) is InvitationTrouble.RIGHTS
    finally:
        with host.database.admin() as admin:
            admin.execute("DROP OWNED BY reader")
            admin.execute("DROP ROLE reader")
    assert not host.file("CAIXA2").exists()


def test_existing_file_is_never_replaced(host: Host) -> None:
    host.file("CAIXA2").write_text("mine")
    assert host.refused(host.command("CAIXA2")) is InvitationTrouble.FILE_EXISTS
    assert host.file("CAIXA2").read_text() == "mine"


def test_file_in_no_usable_place_is_refused(host: Host) -> None:
    inside, missing = host.till.paths.folder / "x.bonifiq", host.folder / "nowhere" / "x.bonifiq"
    for file in (inside, missing, Path("x.bonifiq")):
        assert host.refused(host.command("CAIXA2", file=file)) is InvitationTrouble.FILE_FAILED
        assert not file.exists()


def test_till_outside_the_shop_cannot_invite(other: RemoteTill, tmp_path: Path) -> None:
    with pytest.raises(InvitationError) as refused:
        other.ask(s.InviteTill("CAIXA2", str(tmp_path / "file"), "dono", "secret"))
    assert refused.value.trouble is InvitationTrouble.NO_KEY


def test_database_without_the_shop_is_named(host: Host) -> None:
    with host.database.admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE bonifiq.members SET shop = 'OUTRA'")
    assert host.refused(host.command("CAIXA2")) is InvitationTrouble.OTHER_DATABASE


def test_database_that_is_gone_is_named(host: Host) -> None:
    with host.database.server.admin() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(host.database.name)))
    with pytest.raises(InvitationError) as refused:
        host.till.ask(host.command("CAIXA2"))
    assert refused.value.trouble is InvitationTrouble.OTHER_DATABASE


def test_database_that_stops_answering_midway_leaves_no_file(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop_inviting, "_CALL_SECONDS", 1.5)
    with host.database.admin() as admin, admin.transaction():
        admin.execute("LOCK TABLE bonifiq.members IN SHARE MODE")  # reading goes on, adding waits
        assert host.refused(host.command("CAIXA2")) is InvitationTrouble.UNCERTAIN
        host.till.wait_until(lambda: not host.file("CAIXA2").exists())
    monkeypatch.undo()
    assert CODE.fullmatch(host.invite("CAIXA2"))


def test_server_that_does_not_answer_is_named(host: Host) -> None:
    stored = load_settings(host.till.paths.settings)
    unused = replace(stored.shop_database, hosts=(f"127.0.0.1:{free_port()}",))
    save_settings(host.till.paths.settings, replace(stored, shop_database=unused))
    host.till.reopen()
    assert host.refused(host.command("CAIXA2")) is InvitationTrouble.UNREACHABLE
    assert not host.file("CAIXA2").exists()


def test_server_with_another_certificate_gets_no_password(host: Host) -> None:
    Authority.create().write(host.till.paths.shop_certificate)
    assert host.refused(host.command("CAIXA2")) is InvitationTrouble.CERTIFICATE
    assert not host.file("CAIXA2").exists()
