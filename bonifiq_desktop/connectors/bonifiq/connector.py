"""BonifiQ behind the connector port."""

from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import replace

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq import requests, reward_requests
from bonifiq_desktop.connectors.bonifiq.classify import classify_answer, failure_of_status, parse_order
from bonifiq_desktop.connectors.bonifiq.read_back import read_back_from
from bonifiq_desktop.connectors.bonifiq.rewards import (
    parse_code_checked,
    parse_code_sent,
    parse_rewards,
    read_reward,
)
from bonifiq_desktop.connectors.connector import CallReport, Observer
from bonifiq_desktop.connectors.http_client import HttpClient, HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.keys import cancel_key
from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import ReadBack
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    Basket,
    CodeChecked,
    CodeRequest,
    CodeSent,
)
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, NotSent, OrderNotFound, Verdict, is_denied
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.settings import Settings

_OK = 200
_RETURNS_REWARD = {"yes": True, "no": False}


class BonifiqConnector:
    """Connector of one BonifiQ shop. `settings`: for the forms of requests that shops differ in."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        observe: Observer = lambda _report: None,
        settings: Callable[[], Settings] = Settings,
    ) -> None:
        """Raises UnsafeUrl."""
        self._client = HttpClient(url, credentials)
        self._is_local = url.startswith("http:")  # plain HTTP is permitted only to this machine, see `is_safe_url`
        self._observe = observe
        self._settings = settings

    def serialize(self, intent: Intent, key_index: int = 0) -> SerializedRequest:
        key: str | None = None
        match intent.kind:
            case Kind.REFUND:
                settings = self._settings()
                path = requests.refund_path(intent.order_id, family=settings.order_paths)
                key = cancel_key(intent.account, intent.order_id, intent.value, key_index)
                body = requests.refund_body(
                    intent.value,
                    key,
                    intent.lines if settings.send_refund_products else (),
                    returns_reward=_RETURNS_REWARD.get(settings.return_used_reward),
                )
            case Kind.CANCEL if intent.stated_at is not None:
                path = requests.cancel_path(intent.order_id, family=self._settings().order_paths)
                body = requests.cancel_body(intent.stated_at, intent.reason)
            case Kind.SALE | Kind.COMPLETION if intent.sale is not None:
                path = requests.SALES_PATH
                body = requests.sale_body(intent.sale, intent.order_id, intent.reference or "")
            case Kind.REDEMPTION if intent.redemption is not None and intent.reference:
                return reward_requests.redemption(intent.redemption, intent.reference)
            case Kind.REVERSAL if intent.redeemed is not None:
                return reward_requests.reversal(intent.redeemed)
            case _:
                raise ValueError(f"incomplete intent: {intent.kind}")
        return SerializedRequest(path, body, key)

    async def send(self, operation: Operation, request: SerializedRequest) -> Verdict:
        """See Connector. A reversal by OriginalKey that is denied goes out in its other form, too."""
        verdict = await self._send(operation, request)
        other = reward_requests.other_form(request)
        if other is None or not is_denied(verdict):
            return verdict
        second = await self._send(operation, other)
        return verdict if isinstance(second, NotSent) or is_denied(second) else second

    async def _send(self, operation: Operation, request: SerializedRequest) -> Verdict:
        result = self._reported(await self._client.write(request.method, request.path, request.body))
        return classify_answer(
            operation.kind,
            result,
            order_id=operation.order_id,
            cancel_key=request.client_key,
            reward_id=reward_requests.reward_id_in(request.path),
        )

    async def look_up(self, order_id: str) -> Order:
        return parse_order(self._reported(await self._client.get(requests.order_path(order_id))), order_id)

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        """See Connector. No call shows a redemption, or a reversal without RewardId: LookupFailed."""
        match operation.kind:
            case Kind.REVERSAL if operation.remote_line:
                path = reward_requests.reward_path(operation.remote_line)
                return read_reward(self._reported(await self._client.get(path)), operation.remote_line)
            case Kind.REDEMPTION | Kind.REVERSAL:
                raise LookupFailed(None)
        order = None
        with suppress(OrderNotFound):
            order = await self.look_up(operation.order_id)
        return read_back_from(operation, order, body)

    async def rewards(self, basket: Basket) -> AvailableRewards:
        if not basket.customer.programme_id:
            return AvailableRewards(None)
        return parse_rewards(await self._post(reward_requests.REWARDS_PATH, reward_requests.rewards_body(basket)))

    async def send_code(self, request: CodeRequest) -> CodeSent:
        """See RewardConnector. Only a server on this machine may name a test code."""
        path = reward_requests.code_path(request.customer)
        sent = parse_code_sent(await self._post(path, reward_requests.code_body(request)))
        return sent if self._is_local else replace(sent, test_code="")

    async def check_code(self, request: CodeRequest, code: str) -> CodeChecked:
        path = reward_requests.code_check_path(request.customer)
        answer = await self._post(path, reward_requests.code_check_body(request, code))
        return parse_code_checked(answer, transaction_id=request.transaction_id, code=code)

    def with_reward(self, body: bytes, redemption: Operation) -> bytes:
        return reward_requests.with_coupon(body, redemption.external_code)

    def reversal(self, redemption: Operation) -> SerializedRequest:
        return reward_requests.reversal(redemption)

    async def _post(self, path: str, body: bytes) -> HttpResult:
        return self._reported(await self._client.post(path, body))

    async def verify(self) -> None:
        """See Connector.

        Asks the balance of a customer who cannot exist: only BonifiQ, with right credentials, answers that with
        CustomerExists.
        """
        result = self._reported(await self._client.get(requests.PROBE_PATH))
        if isinstance(result, TransportFailure):
            raise LookupFailed(result.reason)
        failure = failure_of_status(result.status)
        if failure is not None:
            raise LookupFailed(failure)
        if not _is_balance(result):
            raise LookupFailed(FailureReason.UNREADABLE)

    async def aclose(self) -> None:
        self._observe = lambda _report: None
        await self._client.aclose()

    def _reported(self, result: HttpResult) -> HttpResult:
        status = _status_after(result)
        self._observe(CallReport(status, result.date if isinstance(result, HttpResponse) else None))
        return result


def _status_after(result: HttpResult) -> ConnectionStatus:
    if isinstance(result, TransportFailure):
        return ConnectionStatus.TROUBLE if result.possibly_sent else ConnectionStatus.OFFLINE
    failure = failure_of_status(result.status)
    if failure is FailureReason.CREDENTIALS:
        return ConnectionStatus.CREDENTIALS
    is_json = result.body.lstrip()[:1] in {b"{", b"["} or not result.body  # a captive portal answers 200 with a page
    return ConnectionStatus.ONLINE if failure is None and is_json else ConnectionStatus.TROUBLE


def _is_balance(answer: HttpResponse) -> bool:
    try:
        data = exact_json.load(answer.body)
    except exact_json.Unreadable:
        return False
    inner = data.get("Result") if isinstance(data, dict) and "Result" in data else data
    return isinstance(inner, dict) and isinstance(inner.get("CustomerExists"), bool)


async def is_training_server(url: str, credentials: Credentials) -> bool:
    """Whether a training server listens there: no other one shows its books. Raises UnsafeUrl."""
    async with aclosing(HttpClient(url, credentials)) as client:
        result = await client.get("/training/state")
    return isinstance(result, HttpResponse) and result.status == _OK and b'"applied"' in result.body
