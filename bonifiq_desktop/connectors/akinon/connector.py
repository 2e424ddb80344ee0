"""Akinon Omnitron behind the connector port."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bonifiq_desktop.connectors.akinon import requests
from bonifiq_desktop.connectors.akinon.classify import (
    classify_answer,
    read_answer,
    rows_of,
    status_after,
    without_bank_data,
)
from bonifiq_desktop.connectors.akinon.fields import code_of, key_of, object_of, text_of
from bonifiq_desktop.connectors.akinon.orders import items_in, read_order
from bonifiq_desktop.connectors.akinon.plan import plan_return
from bonifiq_desktop.connectors.akinon.read_back import (
    bank_data_in,
    baseline_of,
    order_key,
    read_back_from,
    state_of_items,
)
from bonifiq_desktop.connectors.akinon.reasons import reasons_in
from bonifiq_desktop.connectors.akinon.session import Session
from bonifiq_desktop.connectors.connector import CallReport, Observer
from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult
from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import Call, Leg, RemoteAccount, RemoteReason, ReturnChoice, SettlingTimes
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, OrderNotFound, Unknown, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.remote_settings import RemoteSettings

_MAX_PAGES = 20
_DEFAULT_CURRENCY = "BRL"


class AkinonConnector:
    """Connector of one Omnitron. `credentials`: user and password, or no user and the key of an integration.

    The second reading of `settling` guards against an outdated one only: a repeat cannot take an item back twice.
    """

    settling = SettlingTimes(first=120.0, between=60.0)

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        observe: Observer = lambda _report: None,
        settings: Callable[[], RemoteSettings],
    ) -> None:
        """Raises UnsafeUrl."""
        self._session = Session(url, credentials)
        self._host = urlsplit(url).hostname or ""
        self._observe = observe
        self._settings = settings

    # --- pure

    def serialize(self, intent: Intent, key_index: int = 0) -> SerializedRequest:  # noqa: ARG002 - takes no client key
        leg = intent.leg
        if intent.kind is not Kind.RETURN or leg is None or leg.call is not Call.CANCEL_ITEMS:
            raise ValueError(f"incomplete intent: {intent.kind}")
        return SerializedRequest(requests.cancel_path(self._settings(), int(leg.order_key)), requests.cancel_body(leg))

    def plan(self, order: Order, choice: ReturnChoice) -> tuple[Leg, ...]:
        return plan_return(order, choice, self._settings())

    def baseline(self, order: Order, operation: Operation) -> str:
        return baseline_of(order, operation)

    def remote_state(self, order: Order, operation: Operation) -> str:
        return state_of_items(order, operation)

    # --- calls

    async def send(self, operation: Operation, request: SerializedRequest) -> Verdict:
        """See Connector. After an accepting answer the items are read again: only they prove it."""
        result = self._reported(await self._session.write(request.method, request.path, request.body))
        verdict = without_bank_data(classify_answer(result), bank_data_in(request.body))
        if not isinstance(verdict, Done):
            return verdict
        try:
            shown = await self.read_back(operation, request.body)
        except LookupFailed as failed:
            return Unknown(failed.reason or FailureReason.EMPTY_RESULT, failed.retry_after)
        if shown.finding is Finding.APPLIED:
            return Done(evidence_id=shown.evidence_id)
        return Unknown(FailureReason.IN_PROGRESS)

    async def look_up(self, order_id: str) -> Order:
        return await self._order(await self._key_of_number(order_id))

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        key = order_key(operation, body)
        order = await (self.look_up(operation.order_id) if key is None else self._order(key))
        return read_back_from(operation, order, may_repeat=self._settings().repeat_items)

    async def verify(self) -> None:
        await self._any_order()

    async def reasons(self) -> tuple[RemoteReason, ...]:
        settings = self._settings()
        return reasons_in(await self._all_rows(lambda page: requests.reasons_path(settings, page)))

    async def describe(self) -> RemoteAccount:
        order = await self._any_order()
        missing: tuple[str, ...] = ()
        try:
            await self.reasons()
        except LookupFailed as failed:
            if failed.reason is not FailureReason.FORBIDDEN:
                raise
            missing = ("reasons",)
        channel = self._settings().channel
        currency = text_of(order.get("currency")).upper()
        return RemoteAccount(self._host, "" if channel is None else str(channel), currency, missing)

    async def aclose(self) -> None:
        self._observe = lambda _report: None
        await self._session.aclose()

    # --- readings

    async def _any_order(self) -> dict[str, Any]:
        rows, _ = rows_of(await self._read(requests.any_order_path(self._settings())))
        return rows[0] if rows else {}

    async def _key_of_number(self, number: str) -> int:
        """The key of the order with exactly this number. Raises OrderNotFound, LookupFailed, OrderIdError.

        Every row is compared, because the system's filter is assumed and may find parts of numbers, or do nothing.
        """
        settings = self._settings()
        rows = await self._all_rows(lambda page: requests.orders_path(settings, number, page))
        if settings.channel is not None:
            rows = [row for row in rows if key_of(row.get("channel")) in {None, settings.channel}]
        found = [row for row in rows if code_of(row.get("number")) == number.strip()]
        found = found or [row for row in rows if same_order(code_of(row.get("number")), number)]
        keys = {key_of(row.get("pk")) for row in found}
        if not keys:
            raise OrderNotFound
        key = keys.pop()
        if keys or key is None:  # a number is unique within one channel only
            raise LookupFailed(FailureReason.WRONG_ORDER if keys else FailureReason.UNREADABLE)
        return key

    async def _order(self, key: int) -> Order:
        settings = self._settings()
        answer = object_of(await self._read(requests.order_path(settings, key)))
        if key_of(answer.get("pk")) != key:
            raise LookupFailed(FailureReason.WRONG_ORDER if answer else FailureReason.UNREADABLE)
        items = items_in(answer) or await self._all_rows(lambda page: requests.items_path(settings, key, page))
        return read_order(answer, items, settings.currency or _DEFAULT_CURRENCY)

    async def _all_rows(self, path_of_page: Callable[[int], str]) -> list[dict[str, Any]]:
        """The rows of all pages, each once. Raises LookupFailed, also where there is no end to them."""
        found: dict[int | None, dict[str, Any]] = {}
        for page in range(1, _MAX_PAGES + 1):
            try:
                rows, has_next = rows_of(await self._read(path_of_page(page)))
            except OrderNotFound:
                if page == 1:
                    raise LookupFailed(FailureReason.UNREADABLE) from None  # a list is never missing
                return list(found.values())
            before = len(found)
            found |= {key_of(row.get("pk")): row for row in rows}
            is_full = len(rows) >= requests.PAGE_SIZE
            if not (is_full if has_next is None else has_next) or len(found) == before:
                return list(found.values())
        raise LookupFailed(FailureReason.TOO_LARGE)

    async def _read(self, path: str) -> Any:
        return read_answer(self._reported(await self._session.get(path)))

    def _reported(self, result: HttpResult) -> HttpResult:
        self._observe(CallReport(status_after(result), result.date if isinstance(result, HttpResponse) else None))
        return result
