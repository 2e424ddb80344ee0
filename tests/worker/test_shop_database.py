"""Tills that join a shop database in a real PostgreSQL, exchange their changes, take orders over and leave again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Decision, Operation, ReviewReason, State
from bonifiq_desktop.domain.returns import ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.domain.shop_database import (
    EnrolmentError,
    EnrolmentTrouble,
    ShopDatabaseError,
    ShopDatabaseStatus,
    TillHead,
    Trouble,
)
from bonifiq_desktop.ledger.errors import OrderBusy
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.return_requests import RemoteRequest, ReturnRequest
from bonifiq_desktop.shop_database.admin import NewTill, add_till, run_together
from bonifiq_desktop.shop_database.enrolment_file import Enrolment, new_code, seal_enrolment
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import SettingsError, load_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker import shop_commands as s
from tests.support.fake_keyring import FakeKeyring
from tests.support.headless_till import SALE
from tests.support.postgres import ShopDatabaseServer
from tests.support.remote_till import SECRET, RemoteTill
from tests.support.tally_returns import tally_settings
from tests.support.tally_system import TallyServer

SHOP_KEY = b"k" * 32
OpenTill = Callable[[str], RemoteTill]


class Enrolments:
    """Makes enrolment files, each with its code."""

    def __init__(self, folder: Path, database: ShopDatabaseServer) -> None:
        self._folder = folder
        self.database = database

    def make(
        self, till: str, *, shop: str = "LOJA", until: datetime | None = None, **changed: object
    ) -> tuple[str, str]:
        """Add a till to the database; return the path of its file and the code."""
        new = NewTill.named(shop, till)
        with self.database.admin() as admin:
            run_together(admin, add_till(new))
        server = self.database.server
        content = {
            "hosts": (f"127.0.0.1:{server.port}",),
            "database": self.database.name,
            "role": new.role,
            "ca": server.ca_file.read_text("ascii"),
            "until": until or datetime.now(UTC) + timedelta(hours=1),
            "password": new.password,
            "secret": SHOP_KEY,
            **changed,
        }
        code, file = new_code(), self._folder / f"{till}.enrolment"
        file.write_bytes(seal_enrolment(Enrolment(shop=shop, till=till, **content), code))  # type: ignore[arg-type]
        return str(file), code


@pytest.fixture(name="enrolments")
def enrolment_maker(tmp_path: Path, shop_base: ShopDatabaseServer) -> Enrolments:
    """Makes enrolment files for a fresh shop database."""
    return Enrolments(tmp_path, shop_base)


@pytest.fixture(name="open_till")
def till_opener(
    tmp_path: Path, server: TrainingServer, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenTill]:
    """Opens backends with folders of their own, and closes them all."""
    monkeypatch.setenv(TOKEN_VARIABLE, server.token)
    monkeypatch.setenv(KEY_VARIABLE, server.key)
    tills: list[RemoteTill] = []

    def open_till(folder: str) -> RemoteTill:
        tills.append(RemoteTill(Paths(tmp_path / folder), server.url))
        return tills[-1]

    yield open_till
    for till in tills:
        till.close()


@pytest.fixture(name="tills")
def joined_tills(open_till: OpenTill, enrolments: Enrolments) -> tuple[RemoteTill, RemoteTill]:
    """Two tills that have joined."""
    tills = open_till("one"), open_till("two")
    for number, till in enumerate(tills, start=1):
        till.ask(s.JoinShopDatabase(*enrolments.make(f"CAIXA{number}")))
    return tills


def _refund(till: RemoteTill, value: int, order_id: str = "1001") -> Operation:
    found = till.ask(c.LookUp(order_id))
    operation: Operation = till.ask(c.RegisterRefund(RefundRequest(found.order, value, "Troca")))
    return operation


@contextmanager
def _long_ago(*tills: RemoteTill) -> Iterator[None]:
    """What the tills' ledgers store meanwhile is of sixty days ago."""
    for till in tills:
        till.backend.ledger.connection.clock = lambda: datetime.now(UTC) - timedelta(days=60)
    yield
    for till in tills:
        till.backend.ledger.connection.clock = lambda: datetime.now(UTC)


def _sell(till: RemoteTill) -> str:
    sold: Operation = till.ask(c.RegisterSale(replace(SALE, order_id="")))
    till.wait_until(lambda: till.backend.ledger.queries.operation(sold.operation_id).state is State.CONFIRMED)
    return sold.order_id


def _sync(*tills: RemoteTill) -> None:
    for till in tills:
        till.ask(s.SyncShopDatabase())


def _orders_of_customer(till: RemoteTill) -> set[str]:
    return set(till.backend.search.orders_of_customers(SALE.customer.document))


def _die_after(monkeypatch: pytest.MonkeyPatch, owner: object, method: str) -> None:
    """Let a method do its work, and the power be cut then."""
    work = getattr(owner, method)

    def die(*values: object) -> None:
        work(*values)
        raise OSError("power cut")

    monkeypatch.setattr(owner, method, die)


def _history(till: RemoteTill) -> list[tuple[str, int, State]]:
    shown: list[Operation] = till.ask(c.ReadHistoryPage(""))
    return sorted((each.till, each.value, each.state) for each in shown)


def test_joined_till_shows_what_the_others_register(tills: tuple[RemoteTill, RemoteTill]) -> None:
    first, second = tills
    refund = _refund(first, 1500)
    first.wait_until(lambda: first.backend.ledger.queries.operation(refund.operation_id).state is State.CONFIRMED)
    first.ask(s.SyncShopDatabase())
    second.ask(s.SyncShopDatabase())
    found = second.ask(c.LookUp("1001"))
    assert [(each.till, each.value, each.state) for each in found.operations] == [("CAIXA1", 1500, State.CONFIRMED)]
    assert found.refundable == first.ask(c.LookUp("1001")).refundable
    status: ShopDatabaseStatus = second.ask(s.ReadShopDatabase())
    assert (status.shop, status.till, status.trouble, status.unpushed) == ("LOJA", "CAIXA2", None, 0)
    assert [(each.till, each.pending) for each in status.tills] == [("CAIXA1", 0)]
    assert status.synced_at is not None


def test_change_reaches_the_other_till_by_itself(tills: tuple[RemoteTill, RemoteTill]) -> None:
    first, second = tills
    refund = _refund(first, 1500)
    first.wait_until(lambda: first.backend.ledger.queries.operation(refund.operation_id).state is State.CONFIRMED)
    first.wait_until(lambda: first.backend.shop.status.unpushed == 0)  # type: ignore[union-attr]
    second.wait_until(lambda: bool(second.backend.ledger.queries.history_of("1001").operations))


def _return_elsewhere(till: RemoteTill, connection: str) -> Operation:
    order = till.ask(c.LookUpElsewhere(connection, "1001")).order
    choice = ReturnChoice((ChosenLine("L1", 2),), CounterReason.DEFECT)
    legs: tuple[Operation, ...] = till.ask(
        c.RegisterReturn(ReturnRequest(None, (RemoteRequest(connection, order, choice),)))
    )
    return legs[0]


def test_return_is_known_under_each_tills_name_of_the_connection(
    tally: tuple[TallyServer, str], tills: tuple[RemoteTill, RemoteTill]
) -> None:
    first, second = tills
    first.ask(c.SaveConnection(tally_settings("Carrefour da Ana", tally[1]), SECRET))
    second.ask(c.SaveConnection(tally_settings("Marketplace", tally[1]), SECRET))
    made = _return_elsewhere(first, "Carrefour da Ana")
    first.ask(s.SyncShopDatabase())
    second.ask(s.SyncShopDatabase())
    with pytest.raises(OrderBusy) as refused:
        _return_elsewhere(second, "Marketplace")
    assert (refused.value.other.uid, refused.value.other.till) == (made.uid, "CAIXA1")
    second.ask(c.RemoveConnection("Marketplace"))
    second.ask(c.SaveConnection(tally_settings("Carrefour", tally[1]), SECRET))
    second.reopen()
    with pytest.raises(OrderBusy):
        _return_elsewhere(second, "Carrefour")


def test_till_that_joined_goes_on_after_a_restart(tills: tuple[RemoteTill, RemoteTill]) -> None:
    first, second = tills
    first.reopen()
    assert load_settings(first.paths.settings).till == "CAIXA1"
    first.wait_until(lambda: bool(first.backend.shop.status and first.backend.shop.status.synced_at))
    _refund(first, 1500)
    first.ask(s.SyncShopDatabase())
    second.ask(s.SyncShopDatabase())
    assert len(second.ask(c.LookUp("1001")).operations) == 1


def test_password_that_the_keyring_does_not_open_is_not_called_wrong(
    tills: tuple[RemoteTill, RemoteTill], keyring: FakeKeyring
) -> None:
    first, _second = tills
    keyring.locked = True
    first.reopen()
    status: ShopDatabaseStatus = first.ask(s.ReadShopDatabase())
    assert status.trouble is Trouble.SEALED
    with pytest.raises(ShopDatabaseError) as caught:
        first.ask(s.SyncShopDatabase())
    assert caught.value.trouble is Trouble.SEALED


def test_enrolment_file_works_once(open_till: OpenTill, enrolments: Enrolments) -> None:
    first, second = open_till("one"), open_till("two")
    file, code = enrolments.make("CAIXA1")
    first.ask(s.JoinShopDatabase(file, code))
    with pytest.raises(EnrolmentError) as refused:
        second.ask(s.JoinShopDatabase(file, code))
    assert refused.value.trouble is EnrolmentTrouble.USED
    assert second.ask(s.ReadShopDatabase()) is None
    assert not load_settings(second.paths.settings).shop_database.is_set_up
    assert not second.paths.shop_certificate.exists()
    assert not second.paths.credentials.exists()  # nor is the shop's key there


@pytest.mark.parametrize("fault", ["wrong code", "no file", "other file"])
def test_enrolment_that_cannot_be_opened_changes_nothing(
    open_till: OpenTill, enrolments: Enrolments, fault: str
) -> None:
    till = open_till("one")
    file, code = enrolments.make("CAIXA1")
    if fault == "wrong code":
        code = new_code()
    elif fault == "no file":
        Path(file).unlink()
    else:
        Path(file).write_text("{}")
    with pytest.raises(EnrolmentError) as refused:
        till.ask(s.JoinShopDatabase(file, code))
    expected = EnrolmentTrouble.WRONG_CODE if fault == "wrong code" else EnrolmentTrouble.UNREADABLE
    assert refused.value.trouble is expected
    assert not till.paths.shop_certificate.exists()
    assert not till.paths.credentials.exists()


def test_join_without_a_keyring_needs_consent_to_a_file(
    open_till: OpenTill, enrolments: Enrolments, keyring: FakeKeyring
) -> None:
    keyring.locked = True
    till = open_till("one")
    file, code = enrolments.make("CAIXA1")
    with pytest.raises(SettingsError) as refused:
        till.ask(s.JoinShopDatabase(file, code))
    assert refused.value.field == "shop_database.keyring"
    status: ShopDatabaseStatus = till.ask(s.JoinShopDatabase(file, code, keep_in_file=True))
    assert status.trouble is None
    till.reopen()
    till.wait_until(lambda: bool(till.backend.shop.status and till.backend.shop.status.synced_at))


def test_till_that_died_while_joining_joins_with_the_same_file(
    open_till: OpenTill, enrolments: Enrolments, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = open_till("one")
    file, code = enrolments.make("CAIXA1")

    def die(_settings: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(till.backend.settings_store, "save_shop_database", die)
    with pytest.raises(OSError, match="power cut"):
        till.ask(s.JoinShopDatabase(file, code))
    till.reopen()
    assert till.ask(s.ReadShopDatabase()) is None
    assert till.ask(s.JoinShopDatabase(file, code)).trouble is None


def test_join_while_the_database_is_down_can_be_repeated(open_till: OpenTill, enrolments: Enrolments) -> None:
    till = open_till("one")
    closed = enrolments.make("CAIXA1", hosts=("127.0.0.1:1",))
    with pytest.raises(ShopDatabaseError) as failed:
        till.ask(s.JoinShopDatabase(*closed))
    assert failed.value.trouble is Trouble.UNREACHABLE
    assert till.ask(s.ReadShopDatabase()) is None
    assert till.ask(s.JoinShopDatabase(*enrolments.make("CAIXA2"))).trouble is None


def test_order_of_another_tills_open_refund_is_busy_until_taken_over(
    tills: tuple[RemoteTill, RemoteTill], server: TrainingServer
) -> None:
    first, second = tills
    server.faults.add("error_500_after", only="refund", times=100)
    refund = _refund(first, 4990)
    first.wait_until(lambda: first.backend.ledger.queries.operation(refund.operation_id).state is State.UNKNOWN)
    first.ask(s.SyncShopDatabase())
    second.ask(s.SyncShopDatabase())
    with pytest.raises(OrderBusy) as busy:
        _refund(second, 4990)
    assert busy.value.other.till == "CAIXA1"
    taken: Operation = second.ask(s.TakeOver(busy.value.other.operation_id, "caixa 1 quebrou"))
    assert taken.uid == first.backend.ledger.queries.operation(refund.operation_id).uid
    server.faults.clear()
    other = _refund(second, 4990)
    assert other.cancel_key == refund.cancel_key
    queries = second.backend.ledger.queries
    second.wait_until(lambda: queries.operation(other.operation_id).state is State.REVIEW)
    assert queries.operation(other.operation_id).review_reason is ReviewReason.KEY_USED_BEFORE
    second.ask(c.DecideReview(other.operation_id, Decision.WAS_DONE, "Ana", "conferido"))
    first.backend.outbox.resume_after_suspend()
    first.wait_until(lambda: first.backend.ledger.queries.operation(refund.operation_id).state is State.REVIEW)
    lost = first.backend.ledger.queries.operation(refund.operation_id)
    assert lost.review_reason is ReviewReason.TAKEN_OVER
    assert [entry.cents for entry in server.service.applied] == [4990]


def test_left_shop_database_is_forgotten_but_not_this_tills_history(
    tills: tuple[RemoteTill, RemoteTill], keyring: FakeKeyring
) -> None:
    first, second = tills
    _refund(first, 1500)
    first.ask(s.SyncShopDatabase())
    _refund(second, 1000, "1002")
    second.ask(s.SyncShopDatabase())
    assert len(_history(second)) == 2
    second.ask(s.LeaveShopDatabase())
    assert [(till, value) for till, value, _state in _history(second)] == [("", 1000)]
    assert second.published[-1] == ShopDatabaseStatus("", "") or ShopDatabaseStatus("", "") in second.published
    assert second.ask(s.ReadShopDatabase()) is None
    assert not second.paths.shop_certificate.exists()
    assert second.backend.ledger.changes.names() == ["CAIXA2"]
    second.reopen()
    assert second.ask(s.ReadShopDatabase()) is None
    assert [(till, value) for till, value, _state in _history(second)] == [("", 1000)]


def test_till_that_leaves_tells_its_last_operations_before(tills: tuple[RemoteTill, RemoteTill]) -> None:
    first, second = tills
    one = _refund(first, 1500)
    first.wait_until(lambda: first.backend.ledger.queries.operation(one.operation_id).state is State.CONFIRMED)
    first.ask(s.LeaveShopDatabase())
    second.ask(s.SyncShopDatabase())
    assert _history(second) == [("CAIXA1", 1500, State.CONFIRMED)]


def test_customers_are_found_at_every_till_and_stay_with_their_own(open_till: OpenTill, enrolments: Enrolments) -> None:
    first, second = open_till("one"), open_till("two")
    sale = replace(SALE, order_id="")
    sold: Operation = first.ask(c.RegisterSale(sale))
    first.wait_until(lambda: first.backend.ledger.queries.operation(sold.operation_id).state is State.CONFIRMED)
    for number, till in enumerate((first, second), start=1):
        till.ask(s.JoinShopDatabase(*enrolments.make(f"CAIXA{number}")))
    for till in (first, second):
        assert till.backend.search.orders_of_customers(sale.customer.document) == [sold.order_id]
    first.ask(s.LeaveShopDatabase())
    second.ask(s.LeaveShopDatabase())
    first.reopen()
    assert first.backend.search.orders_of_customers(sale.customer.document) == [sold.order_id]
    assert second.backend.search.orders_of_customers(sale.customer.document) == []


@pytest.mark.parametrize("how", ["begins anew", "joins again", "other joins again", "third joins"])
def test_customer_who_came_back_after_an_erasure_stays_where_a_till_reads_it_again(
    open_till: OpenTill, enrolments: Enrolments, tills: tuple[RemoteTill, RemoteTill], how: str
) -> None:
    first, second = tills
    with _long_ago(*tills):
        _sell(first)
        _sell(second)
        _sync(first, second, first)
        first.ask(c.ErasePersonalData(SALE.customer.document))
        _sync(first, second, first)
        assert [_orders_of_customer(till) for till in tills] == [set(), set()]
    bought = {_sell(first), _sell(second)}
    _sync(first, second, first)
    readers = [first, second]
    match how:
        case "begins anew":
            first.ask(s.BeginIncarnation())
        case "joins again":
            first.ask(s.LeaveShopDatabase())
            first.ask(s.JoinShopDatabase(*enrolments.make("CAIXA1")))
        case "other joins again":
            second.ask(s.LeaveShopDatabase())
            second.ask(s.JoinShopDatabase(*enrolments.make("CAIXA2")))
        case _:
            readers.append(open_till("three"))
            readers[-1].ask(s.JoinShopDatabase(*enrolments.make("CAIXA3")))
    _sync(*readers, *readers)
    assert [_orders_of_customer(till) for till in readers] == [bought] * len(readers)


def test_till_that_died_while_leaving_has_left_after_the_restart(
    tills: tuple[RemoteTill, RemoteTill], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tills
    _refund(first, 1500)
    first.ask(s.SyncShopDatabase())
    second.ask(s.SyncShopDatabase())

    def die() -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(second.backend.ledger.shop, "forget", die)
        with pytest.raises(OSError, match="power cut"):
            second.ask(s.LeaveShopDatabase())
    second.reopen()
    assert second.ask(s.ReadShopDatabase()) is None
    assert _history(second) == []
    assert second.backend.ledger.changes.incarnation is None


@pytest.mark.parametrize("dies", [False, True])
def test_till_that_joins_another_shop_keeps_no_cursor_of_the_one_before(
    open_till: OpenTill, enrolments: Enrolments, monkeypatch: pytest.MonkeyPatch, *, dies: bool
) -> None:
    first, other = open_till("one"), open_till("two")
    heads = [TillHead("CAIXA2", 1, 50, b"h" * 32, 0)]
    first.backend.ledger.shop.note_heads(heads, datetime.now(UTC))  # an answer that came after this till had left
    with first.backend.ledger.connection.transaction():
        first.backend.ledger.connection.db.execute("UPDATE shop_tills SET cursor = 50")
    other.ask(s.JoinShopDatabase(*enrolments.make("CAIXA2", shop="OUTRA")))
    refund = _refund(other, 1000)
    other.wait_until(lambda: other.backend.ledger.queries.operation(refund.operation_id).state is State.CONFIRMED)
    other.ask(s.SyncShopDatabase())
    file = enrolments.make("CAIXA1", shop="OUTRA")
    if dies:
        _die_after(monkeypatch, first.backend.settings_store, "save_shop_database")
        with pytest.raises(OSError, match="power cut"):
            first.ask(s.JoinShopDatabase(*file))
        first.reopen()
    else:
        first.ask(s.JoinShopDatabase(*file))
    first.ask(s.SyncShopDatabase())
    assert _history(first) == [("CAIXA2", 1000, State.CONFIRMED)]


def test_restored_till_says_fork_and_begins_anew(tills: tuple[RemoteTill, RemoteTill], tmp_path: Path) -> None:
    from bonifiq_desktop.ledger.backups import make_backup

    first, second = tills
    one = _refund(first, 1000)
    first.wait_until(lambda: first.backend.ledger.queries.operation(one.operation_id).state is State.CONFIRMED)
    first.ask(s.SyncShopDatabase())
    make_backup(first.paths.ledger, datetime.now(UTC))
    copy = max((first.paths.folder / "backups").glob("*.db"), key=lambda file: file.stat().st_mtime)
    other = _refund(first, 2000, "1002")
    first.wait_until(lambda: first.backend.ledger.queries.operation(other.operation_id).state is State.CONFIRMED)
    first.ask(s.SyncShopDatabase())
    first.put_back(copy)
    with pytest.raises(ShopDatabaseError) as refused:
        first.ask(s.SyncShopDatabase())
    assert refused.value.trouble is Trouble.FORK
    status: ShopDatabaseStatus = first.ask(s.BeginIncarnation())
    assert status.trouble is None
    second.ask(s.SyncShopDatabase())
    shown = {(each.value, each.state) for each in second.ask(c.ReadHistoryPage(""))}
    assert shown == {(1000, State.CONFIRMED), (2000, State.CONFIRMED)}, "what the copy lacks stays known"
    assert first.ask(c.LookUp("1002")).operations[0].value == 2000
