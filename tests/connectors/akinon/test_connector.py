"""The connector against an Omnitron on loopback: look-up, cancel call, lost answers, reasons, connection test."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.connectors.akinon.connector import AkinonConnector
from bonifiq_desktop.connectors.connector import CallReport
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.returns import BankAccount, ChosenLine, CounterReason, RemoteReason, ReturnChoice
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, OrderNotFound, Refused, Unknown, Verdict
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from tests.support.async_tests import on_a_loop
from tests.support.loopback import answer
from tests.support.omnitron import (
    CANCEL,
    DETAIL,
    NUMBER,
    SETTINGS,
    USER,
    Omnitron,
    good,
    intent_of,
    item,
    operation_of,
    order_row,
    refusal,
)

ORDERS = "/api/i1/orders/"
REASONS = "/api/v1/cancellation_reasons/"
PAGE = answer(b"<!DOCTYPE html><html>Bad gateway</html>", "502 Bad Gateway")
BOTH = (ChosenLine("1001", 1), ChosenLine("1002", 1))


def _server(**changes: Any) -> Omnitron:
    return Omnitron(order_row(item(1001), item(1002), item(1003)), **changes)


@asynccontextmanager
async def connected(server: Omnitron, settings: RemoteSettings = SETTINGS) -> AsyncIterator[AkinonConnector]:
    """The connector of a server that listens; `server.seen` holds the statuses that were reported."""
    async with server.wire.listening():
        connector = AkinonConnector(server.wire.url, USER, settings=lambda: settings)
        async with aclosing(connector):
            yield connector


async def register(connector: AkinonConnector, order: Order, **choice: Any) -> tuple[Verdict, Any, bytes]:
    """Send the return of the first two items; return its verdict, the operation and the bytes."""
    chosen = replace(ReturnChoice(BOTH, CounterReason.REGRET, return_id="DV-1"), **choice)
    (leg,) = connector.plan(order, chosen)
    request = connector.serialize(intent_of(leg, order))
    operation = operation_of(leg, order)
    operation = replace(operation, baseline=connector.baseline(order, operation))
    return await connector.send(operation, request), operation, request.body


# --- look-up


@on_a_loop
async def test_look_up_finds_the_order_by_its_exact_number() -> None:
    server = _server()
    rows = [{"pk": 1, "number": f"{NUMBER}0"}, {"pk": 12345, "number": NUMBER}]
    server.replies = {ORDERS: [good(rows), good({"results": rows, "next": None})]}
    async with connected(server) as connector:
        for _ in range(2):
            order = await connector.look_up(f" {NUMBER} ")
            assert (order.order_id, order.total, order.remote and len(order.remote.lines)) == (NUMBER, 15770, 3)
    assert server.calls[1][1] == "/api/i1/orders/?number=W-2025%2F17&limit=50&page=1"


@on_a_loop
async def test_look_up_without_an_equal_number_is_not_found() -> None:
    server = _server(replies={ORDERS: [good([{"pk": 1, "number": "W-2025/170"}]), good([])]})
    async with connected(server) as connector:
        for _ in range(2):
            with pytest.raises(OrderNotFound):
                await connector.look_up(NUMBER)
    assert DETAIL not in server.paths()


@on_a_loop
async def test_look_up_reads_every_page_where_the_filter_does_nothing() -> None:
    others = [{"pk": 100 + n, "number": f"X-{n}"} for n in range(50)]
    pages = [good(others), good([{"pk": 12345, "number": NUMBER}])]
    server = _server(replies={ORDERS: pages})
    async with connected(server) as connector:
        assert (await connector.look_up(NUMBER)).order_id == NUMBER
    assert server.calls[2][1].endswith("&page=2")


@on_a_loop
async def test_look_up_in_endless_pages_fails_and_says_nothing_about_the_order() -> None:
    endless = [good({"results": [{"pk": n, "number": f"X-{n}"}], "next": "x"}) for n in range(1, 60)]
    async with connected(_server(replies={ORDERS: endless})) as connector:
        with pytest.raises(LookupFailed) as failed:
            await connector.look_up(NUMBER)
    assert failed.value.reason is FailureReason.TOO_LARGE


@on_a_loop
async def test_number_of_two_channels_needs_the_channel_setting() -> None:
    rows = [{"pk": 1, "number": NUMBER, "channel": 2}, {"pk": 12345, "number": NUMBER, "channel": {"pk": 3}}]
    server = _server(replies={ORDERS: [good(rows), good(rows)]})
    async with connected(server) as connector:
        with pytest.raises(LookupFailed) as failed:
            await connector.look_up(NUMBER)
        assert failed.value.reason is FailureReason.WRONG_ORDER
    async with connected(server, replace(SETTINGS, channel=3)) as connector:
        assert (await connector.look_up(NUMBER)).order_id == NUMBER


@pytest.mark.parametrize("channel", [None, 3])
@on_a_loop
async def test_items_come_from_their_own_list_where_the_detail_has_none(channel: int | None) -> None:
    server = _server()
    items = server.order.pop("orderitem_set")
    path = "/api/v1/order_item/detailed_integration/" if channel is None else "/api/v1/channel/3/order_items/"
    server.order["channel"] = 3
    server.replies = {path: [good({"results": items[:2], "next": "x"}), good({"results": items[2:], "next": None})]}
    async with connected(server, replace(SETTINGS, channel=channel)) as connector:
        order = await connector.look_up(NUMBER)
    assert order.remote is not None
    assert [line.line_id for line in order.remote.lines] == ["1001", "1002", "1003"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (PAGE, FailureReason.SERVER_ERROR),
        (good({"pk": 99}), FailureReason.WRONG_ORDER),
        (good([]), FailureReason.UNREADABLE),
        (refusal("403 Forbidden", detail="No."), FailureReason.FORBIDDEN),
    ],
)
@on_a_loop
async def test_look_up_with_an_odd_detail_fails(reply: bytes, reason: FailureReason) -> None:
    async with connected(_server(replies={DETAIL: [reply]})) as connector:
        with pytest.raises(LookupFailed) as failed:
            await connector.look_up(NUMBER)
    assert failed.value.reason is reason


# --- the cancel call


@on_a_loop
async def test_some_items_are_accepted_when_reading_them_again_shows_it() -> None:
    server = _server()
    async with connected(server) as connector:
        verdict, _, _ = await register(connector, await connector.look_up(NUMBER))
    assert verdict == Done()
    assert server.paths()[-2:] == [CANCEL, DETAIL]
    assert [row["status"] for row in server.order["orderitem_set"]] == [50, 50, "400"]


@on_a_loop
async def test_whole_order_with_freight_and_invoice_number_is_accepted() -> None:
    server = _server()
    everything = tuple(ChosenLine(str(key), 1) for key in (1001, 1002, 1003))
    async with connected(server) as connector:
        order = await connector.look_up(NUMBER)
        verdict, _, body = await register(connector, order, lines=everything, shipping=True, invoice_number="R-2025-17")
    sent = json.loads(body)
    assert verdict == Done()
    assert (sent["is_all"], sent["cancel_items"], sent["is_cargo_refund"]) == (True, [], True)
    assert (sent["refund_invoice_number"], sent["return_details"]) == ("R-2025-17", False)
    assert sent["reasons"] == {"1001": 7, "1002": 7, "1003": 7}


@on_a_loop
async def test_plan_that_the_items_name_is_the_evidence() -> None:
    server = _server()
    for row in server.order["orderitem_set"]:
        row["cancellation_plan"] = 77
    async with connected(server) as connector:
        verdict, _, _ = await register(connector, await connector.look_up(NUMBER))
    assert verdict == Done(evidence_id="77")


@pytest.mark.parametrize("reply", [answer(b""), good({}), good({"pk": 12345}), good({"status": "ok"})])
@on_a_loop
async def test_2xx_without_changed_items_is_unknown(reply: bytes) -> None:
    async with connected(_server(replies={CANCEL: [reply]})) as connector:
        verdict, _, _ = await register(connector, await connector.look_up(NUMBER))
    assert verdict == Unknown(FailureReason.IN_PROGRESS)


@on_a_loop
async def test_2xx_with_some_items_changed_is_unknown() -> None:
    server = _server(replies={CANCEL: [good({})]})
    async with connected(server) as connector:
        order = await connector.look_up(NUMBER)
        server.order["orderitem_set"][0]["status"] = 50
        verdict, operation, body = await register(connector, order)
        assert verdict == Unknown(FailureReason.IN_PROGRESS)
        assert (await connector.read_back(operation, body)).finding is Finding.CONFLICT


@on_a_loop
async def test_2xx_with_a_failing_second_reading_is_unknown() -> None:
    server = _server()
    async with connected(server) as connector:
        order = await connector.look_up(NUMBER)
        server.replies = {DETAIL: [PAGE]}
        verdict, operation, body = await register(connector, order)
        assert verdict == Unknown(FailureReason.SERVER_ERROR)
        assert (await connector.read_back(operation, body)).finding is Finding.APPLIED


@pytest.mark.parametrize("reply", [None, PAGE])
@pytest.mark.parametrize("applied", [True, False])
@on_a_loop
async def test_lost_answer_is_settled_by_reading_the_items(reply: bytes | None, *, applied: bool) -> None:
    server = _server(replies={CANCEL: [reply]})
    async with connected(server) as connector:
        order = await connector.look_up(NUMBER)
        verdict, operation, body = await register(connector, order)
        assert isinstance(verdict, Unknown)
        assert server.paths().count(CANCEL) == 1, "never sent again without a reading"
        if applied:
            server.apply(json.loads(body))
        shown = await connector.read_back(operation, body)
        assert shown.finding is (Finding.APPLIED if applied else Finding.ABSENT)
        assert shown.may_repeat
        assert connector.remote_state(shown.order, operation) == ("cancellation_waiting" if applied else "")  # type: ignore[arg-type]


@on_a_loop
async def test_repeat_setting_off_leaves_an_absent_request_to_a_person() -> None:
    server = _server(replies={CANCEL: [None]})
    async with connected(server, replace(SETTINGS, repeat_items=False)) as connector:
        _, operation, body = await register(connector, await connector.look_up(NUMBER))
        shown = await connector.read_back(operation, body)
    assert (shown.finding, shown.may_repeat) == (Finding.ABSENT, False)


@on_a_loop
async def test_business_refusal_is_refused_with_its_words() -> None:
    words = "Order can't be cancelled in this status."
    server = _server(replies={CANCEL: [refusal("406 Not Acceptable", non_field_errors=words, code="order_100_3")]})
    async with connected(server) as connector:
        verdict, _, _ = await register(connector, await connector.look_up(NUMBER))
    assert verdict == Refused("order_100_3", words)


@on_a_loop
async def test_throttled_call_obeys_retry_after_and_is_unknown() -> None:
    reply = answer(b"{}", "429 Too Many Requests", "Retry-After: 30")
    async with connected(_server(replies={CANCEL: [reply]})) as connector:
        verdict, _, _ = await register(connector, await connector.look_up(NUMBER))
    assert verdict == Unknown(FailureReason.THROTTLED, 30)


@on_a_loop
async def test_bank_account_goes_to_each_item_and_into_no_text() -> None:
    account = BankAccount("TR330006100519786457841326", "Maria Souza")
    words = {"ibans": {"1001": [f"{account.iban} of {account.holder} is not valid."]}}
    server = _server(replies={CANCEL: [refusal("400 Bad Request", **words)]})
    async with connected(server, replace(SETTINGS, ask_bank_account=True)) as connector:
        order = await connector.look_up(NUMBER)
        verdict, _, body = await register(connector, order, bank_account=account)
    sent = json.loads(body)
    assert sent["ibans"] == dict.fromkeys(("1001", "1002"), account.iban)
    assert sent["holder_names"] == dict.fromkeys(("1001", "1002"), account.holder)
    assert verdict == Refused("", "*** of *** is not valid.")


def test_intent_of_another_kind_is_no_request() -> None:
    connector = AkinonConnector("http://127.0.0.1:9", USER, settings=lambda: SETTINGS)
    with pytest.raises(ValueError, match="incomplete intent"):
        connector.serialize(Intent(Kind.CANCEL, "A-1", 100))


# --- reasons and connection test


@on_a_loop
async def test_reasons_are_read_from_the_channel_where_the_settings_name_one() -> None:
    reason = {"pk": 9, "cancellation_type": "refund", "subject": "Defeito", "is_active": True}
    server = _server(reasons=[reason])
    server.replies = {"/api/v1/channel/3/cancellation_reasons/": [good([reason, {**reason, "pk": 10}])]}
    async with connected(server) as connector:
        assert await connector.reasons() == (RemoteReason("9", "Defeito", "refund"),)
    async with connected(server, replace(SETTINGS, channel=3)) as connector:
        assert [reason.code for reason in await connector.reasons()] == ["9", "10"]


@on_a_loop
async def test_connection_test_names_what_is_missing_and_changes_nothing() -> None:
    server = _server(replies={REASONS: [refusal("403 Forbidden", detail="No permission.")]})
    async with connected(server, replace(SETTINGS, prefixes=())) as connector:
        account = await connector.describe()
        await connector.verify()
    assert (account.name, account.currency, account.missing) == ("127.0.0.1", "BRL", ("reasons",))
    assert server.paths(method="POST") == ["/api/i1/auth/login/"]


@on_a_loop
async def test_wrong_credentials_are_told_by_look_up_and_connection_test() -> None:
    server = _server()
    seen: list[CallReport] = []
    async with server.wire.listening():
        wrong = replace(USER, key="wrong password")
        connector = AkinonConnector(server.wire.url, wrong, observe=seen.append, settings=lambda: SETTINGS)
        async with aclosing(connector):
            for call in (connector.verify, connector.describe, lambda: connector.look_up(NUMBER)):
                with pytest.raises(LookupFailed) as failed:
                    await call()
                assert failed.value.reason is FailureReason.CREDENTIALS
    assert {report.status for report in seen} == {ConnectionStatus.CREDENTIALS}


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (None, ConnectionStatus.TROUBLE),
        (PAGE, ConnectionStatus.TROUBLE),
        (answer(b"<html>welcome</html>"), ConnectionStatus.TROUBLE),
        (refusal("403 Forbidden", detail="No."), ConnectionStatus.CREDENTIALS),
        (refusal("404 Not Found", detail="Not found."), ConnectionStatus.ONLINE),
        (good([]), ConnectionStatus.ONLINE),
    ],
)
@on_a_loop
async def test_each_answer_reports_the_status_of_the_connection(reply: bytes | None, status: ConnectionStatus) -> None:
    server = _server(replies={ORDERS: [reply, reply]})
    seen: list[CallReport] = []
    async with server.wire.listening():
        connector = AkinonConnector(server.wire.url, USER, observe=seen.append, settings=lambda: SETTINGS)
        async with aclosing(connector):
            with suppress(LookupFailed):
                await connector.verify()
    assert [report.status for report in seen] == [status]
