"""A Mirakl marketplace behind the connector port."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import BaseModel

from bonifiq_desktop.connectors.connector import CallReport, Observer
from bonifiq_desktop.connectors.http_client import HeaderAuth, HttpClient, HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.connectors.mirakl import orders, plan, requests, schemas
from bonifiq_desktop.connectors.mirakl.baseline import Baseline
from bonifiq_desktop.connectors.mirakl.classify import (
    FORBIDDEN,
    classify_answer,
    failure_of_status,
    is_offered,
    read_answer,
)
from bonifiq_desktop.connectors.mirakl.read_back import read_back_from, state_of
from bonifiq_desktop.connectors.mirakl.search import best_match
from bonifiq_desktop.connectors.mirakl.sent import SentCall, SentRequest
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import Leg, RemoteAccount, RemoteReason, ReturnChoice, SettlingTimes
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.remote_settings import RemoteSettings

_SUCCESS = range(200, 300)
_MAX_PAGES = 20
_DAY = 24 * 60 * 60.0
_PURPOSES = {"CANCELATION": "cancel", "REFUND": "refund"}
_NOT_FOUND_FINGERPRINT = "missing"


class MiraklConnector:
    """Connector of one shop of a marketplace. The key goes bare in the Authorization header.

    Reasons, tax rules and the platform's configuration are asked for once a day, as Mirakl recommends.
    """

    settling = SettlingTimes()

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        observe: Observer = lambda _report: None,
        settings: Callable[[], RemoteSettings],
    ) -> None:
        """Raises UnsafeUrl."""
        self._url = url.rstrip("/")
        self._client = HttpClient(self._url, credentials, auth=HeaderAuth(credentials.key))
        self._observe = observe
        self._settings = settings
        self._daily: dict[str, tuple[float, HttpResult]] = {}

    # --- requests that change something

    def serialize(self, intent: Intent, key_index: int = 0) -> SerializedRequest:  # noqa: ARG002 - of the port
        if intent.leg is None:
            raise ValueError(f"incomplete intent: {intent.kind}")
        return requests.serialize(intent.leg, intent.return_id or intent.leg.return_id, self._shop_id)

    async def send(self, operation: Operation, request: SerializedRequest) -> Verdict:  # noqa: ARG002 - of the port
        return classify_answer(
            request, self._reported(await self._client.write(request.method, request.path, request.body))
        )

    # --- orders

    async def look_up(self, order_id: str) -> Order:
        """See ReturnConnector. Raises SeveralOrders, too.

        Finds an order by its own number, its basket's number, or a reference of the customer or the shop.
        """
        text = order_id.strip()
        if not text or "," in text:  # a comma would ask for two orders
            raise OrderNotFound
        filters_work = True
        for position, path in enumerate(requests.search_paths(self._shop_id, text)):
            result = self._reported(await self._client.get(path))
            answered = read_answer(schemas.OrderList, result).orders
            found = best_match(answered, text, by_reference=position > 0 and filters_work)
            if found is not None:
                return await self._completed(found, result)
            filters_work = filters_work and not answered
        raise OrderNotFound

    async def _completed(self, found: schemas.OrderSchema, result: HttpResult) -> Order:
        """The order with what other calls know of it: rules of its taxes, its returns, whether refunds are allowed."""
        if orders.lacks_tax_rules(found):
            found = orders.with_tax_rules(found, await self._tax_rules())
        order = orders.to_order(found, read_at=_time_of(result))
        shipped = orders.shipped_lines(order)
        if shipped:
            returns = await self._returns(requests.returns_path(self._shop_id, line_ids=shipped))
            order = orders.to_order(found, read_at=_time_of(result), returns=returns)
        if found.pays_seller and not await self._may_cancel_and_refund():
            order = orders.forbid_cancel_and_refund(order)
        return order

    async def _order(self, order_id: str, tax_mode: str) -> Order:
        """The order with exactly this number. Raises OrderNotFound, LookupFailed."""
        result = self._reported(await self._client.get(requests.orders_path(self._shop_id, order_id, tax_mode)))
        answer = read_answer(schemas.OrderList, result)
        found = next((each for each in answer.orders if each.order_id == order_id), None)
        if found is None:
            raise OrderNotFound
        return orders.to_order(found, read_at=_time_of(result))

    async def _tax_rules(self) -> dict[str, str]:
        result = await self._once_a_day(requests.taxes_path(self._shop_id))
        if not is_offered(result):
            return {}
        return {tax.code: tax.rule for tax in read_answer(schemas.TaxRuleList, result).taxes}

    async def _returns(self, path: str) -> tuple[schemas.ReturnSchema, ...]:
        """Returns of RT11; none where the platform has no returns or this user may not read them."""
        result = self._reported(await self._client.get(path))
        return await self._all_returns(path, result) if is_offered(result) else ()

    async def _all_returns(self, path: str, result: HttpResult) -> tuple[schemas.ReturnSchema, ...]:
        """The returns of all pages, the oldest first: the open one, which counts, may stand on the last page."""
        found: list[schemas.ReturnSchema] = []
        for _page in range(_MAX_PAGES):
            answer = read_answer(schemas.ReturnList, result)
            found += answer.returns
            if not answer.next_page:
                return tuple(found)
            result = self._reported(await self._client.get(requests.returns_page(path, answer.next_page)))
        raise LookupFailed(FailureReason.TOO_LARGE)

    async def _may_cancel_and_refund(self) -> bool:
        """What PC01 says about orders that customers pay the shop directly; most users may not read it."""
        result = await self._once_a_day(requests.configuration_path(self._shop_id))
        if not is_offered(result):
            return True
        return read_answer(schemas.Configuration, result).refund_cancel_authorized is not False

    # --- returns

    def plan(self, order: Order, choice: ReturnChoice) -> tuple[Leg, ...]:
        return plan.plan(order, choice, self._settings())

    def baseline(self, order: Order, operation: Operation) -> str:  # noqa: ARG002 - of the port
        return Baseline.of(order.remote).dump() if order.remote is not None else ""

    def remote_state(self, order: Order, operation: Operation) -> str:
        return state_of(order.remote, operation.evidence_id, _line_ids(operation)) if order.remote is not None else ""

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        sent = SentRequest.read(body)
        try:
            order = await self._order(operation.order_id, sent.tax_mode if sent else "")
        except OrderNotFound:
            # It was there before our request, so that nothing may be concluded from its absence.
            return ReadBack(Finding.ABSENT, may_repeat=False, fingerprint=_NOT_FOUND_FINGERPRINT)
        returns: tuple[schemas.ReturnSchema, ...] = ()
        if sent is not None and sent.call is SentCall.OPEN_RETURN:
            path = requests.returns_path(self._shop_id, rma=sent.rma)
            returns = await self._all_returns(path, self._reported(await self._client.get(path)))
        return read_back_from(
            order,
            Baseline.load(operation.baseline),
            sent,
            line_ids=_line_ids(operation),
            returns=returns,
            repeat_limited=self._settings().repeat_limited,
        )

    # --- the shop

    async def reasons(self) -> tuple[RemoteReason, ...]:
        answer = read_answer(schemas.ReasonList, await self._once_a_day(requests.reasons_path(self._shop_id)))
        return tuple(
            RemoteReason(reason.code, reason.label, _PURPOSES[reason.purpose])
            for reason in answer.reasons
            if reason.is_shop_right and reason.purpose in _PURPOSES
        )

    async def verify(self) -> None:
        await self._check_platform()
        if await self._shop() is None:
            await self._check_orders()

    async def describe(self) -> RemoteAccount:
        """See ReturnConnector. Asks for the shop, then for what a till reads; rights to change show when used."""
        await self._check_platform()
        shop = await self._shop()
        await self._check_orders()
        missing = [] if shop else ["account"]
        probes: dict[str, tuple[str, type[BaseModel]]] = {
            "reasons": (requests.reasons_path(self._shop_id), schemas.ReasonList)
        }
        if self._settings().by_return_flow:
            probes["returns"] = (requests.returns_path(self._shop_id, rma="0"), schemas.ReturnList)
        for name, (path, model) in probes.items():
            result = self._reported(await self._client.get(path))
            if is_offered(result):
                read_answer(model, result)
            else:
                missing.append(name)
        host = urlsplit(self._url).hostname or self._url
        if shop is None:
            return RemoteAccount(host, missing=tuple(missing))
        return RemoteAccount(shop.shop_name or host, shop.shop_id, shop.currency.upper(), tuple(missing))

    async def _check_platform(self) -> None:
        """V01: without a good status, no Mirakl platform is at the address. Raises LookupFailed."""
        result = await self._client.get(requests.VERSION_PATH)
        if isinstance(result, TransportFailure) or result.status not in _SUCCESS:
            self._reported(result)
        if isinstance(result, TransportFailure):
            raise LookupFailed(result.reason)
        if result.status not in _SUCCESS:
            failure = failure_of_status(result.status) or FailureReason.UNEXPECTED_STATUS
            raise LookupFailed(failure, retry_after=result.retry_after)

    async def _shop(self) -> schemas.ShopSchema | None:
        """A01; None for a key that may not read the shop, as one with the roles of the till alone."""
        result = self._reported(await self._client.get(requests.account_path(self._shop_id)))
        if isinstance(result, HttpResponse) and result.status == FORBIDDEN:
            return None
        return read_answer(schemas.ShopSchema, result)

    async def _check_orders(self) -> None:
        """OR11 of any order: the right without which nothing works. Raises LookupFailed."""
        result = self._reported(await self._client.get(requests.any_order_path(self._shop_id)))
        read_answer(schemas.AnyOrders, result)

    # --- calls

    @property
    def _shop_id(self) -> int | None:
        return self._settings().shop_id

    async def _once_a_day(self, path: str) -> HttpResult:
        """A read whose complete answer is kept for a day."""
        now = asyncio.get_running_loop().time()
        kept = self._daily.get(path)
        if kept is not None and now - kept[0] < _DAY:
            return kept[1]
        result = self._reported(await self._client.get(path))
        if isinstance(result, HttpResponse) and result.status in _SUCCESS:
            self._daily[path] = now, result
        return result

    async def aclose(self) -> None:
        self._observe = lambda _report: None
        await self._client.aclose()

    def _reported(self, result: HttpResult) -> HttpResult:
        self._observe(CallReport(_status_after(result), result.date if isinstance(result, HttpResponse) else None))
        return result


def _status_after(result: HttpResult) -> ConnectionStatus:
    if isinstance(result, TransportFailure):
        return ConnectionStatus.TROUBLE if result.possibly_sent else ConnectionStatus.OFFLINE
    failure = failure_of_status(result.status)
    if failure is FailureReason.CREDENTIALS:
        return ConnectionStatus.CREDENTIALS
    is_json = result.body.lstrip()[:1] in {b"{", b"["} or not result.body  # a captive portal answers 200 with a page
    works = failure in {None, FailureReason.FORBIDDEN} and is_json
    return ConnectionStatus.ONLINE if works else ConnectionStatus.TROUBLE


def _time_of(result: HttpResult) -> datetime:
    """When an answer was written: by the server's clock where it says so."""
    date = result.date if isinstance(result, HttpResponse) else None
    return date or datetime.now(UTC)


def _line_ids(operation: Operation) -> tuple[str, ...]:
    return tuple(filter(None, operation.remote_line.split(",")))
