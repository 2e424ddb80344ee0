"""Endpoints of rewards: the query, the one-time code, redemption, reversal and look-up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bonifiq_desktop.training_server import http_replies, responses, validation
from bonifiq_desktop.training_server.contract import ContractViolation
from bonifiq_desktop.training_server.errors import Refusal
from bonifiq_desktop.training_server.exchange import Act, Exchange
from bonifiq_desktop.training_server.json_codec import JsonError, read_json
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.rewards import bodies
from bonifiq_desktop.training_server.rewards.catalogue import REWARDS
from bonifiq_desktop.training_server.rewards.errors import KeyRedeemed
from bonifiq_desktop.training_server.rewards.models import Basket, Redemption

_NUMBER = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_INT32 = range(-(2**31), 2**31)
_BY_NUMBER = {reward.number: reward for reward in REWARDS}
_MOBILE = re.compile(r"\+?55\d\d9\d{8}", re.ASCII)


@dataclass(eq=False, repr=False)
class RewardRoutes:
    """Endpoints of rewards; each takes its kind of fault."""

    exchange: Exchange
    service: LoyaltyService

    def routes(self) -> list[Route]:
        path = "/v1/pvt/POS"
        return [
            Route(f"{path}/rewards/available", self._available, methods=["POST"]),
            Route(f"{path}/customers/{{customer_id}}/challenge", self._challenge, methods=["POST"]),
            Route(f"{path}/customers/{{customer_id}}/challengevalidate", self._validate, methods=["POST"]),
            Route(f"{path}/rewards/{{number}}/redeem", self._redeem, methods=["POST"]),
            Route(f"{path}/rewards/{{number}}", self._undo, methods=["DELETE"]),
            Route(f"{path}/rewards", self._undo_by_key, methods=["DELETE"]),
            Route("/v1/pvt/Rewards/{number}", self._look_up, methods=["GET"]),
        ]

    async def _available(self, request: Request) -> Response:
        form = self.exchange.faults.balance_form
        if form == "absent":
            return http_replies.message_reply(404, "Endereço desconhecido.")

        def answer(body: Mapping[str, Any]) -> Response:
            customer = self.service.find_customer("", body["CustomerId"], body["CustomerId"])
            basket = _basket(body)
            found = bodies.available_body(customer, basket, self.service.rewards.offers(customer, basket))
            return http_replies.JsonReply(200, responses.success_envelope(found) if form == "envelope" else found)

        return await self.exchange.post(request, "POS_AvailableRewards", "rewards", answer)

    async def _challenge(self, request: Request) -> Response:
        def answer(body: Mapping[str, Any]) -> Response:
            customer = self._named(request)
            if customer is None:
                return http_replies.JsonReply(200, bodies.unknown_customer_body(body.get("TransactionId")))
            return http_replies.JsonReply(200, self._send_code(customer, body))

        return await self.exchange.post(request, "POS_Challenge", "challenge", answer)

    def _send_code(self, customer: Customer, body: Mapping[str, Any]) -> responses.Body:
        programme, transaction = self.service.rewards, body.get("TransactionId")
        if not programme.is_named(customer, transaction or "", body):
            return bodies.unknown_customer_body(transaction, "Informe o documento e o nome do cliente.")
        phone, email = body.get("Phone") or customer.phone, body.get("Email") or customer.email
        if not phone and not email:
            return bodies.challenge_body(transaction, None, programme.code_delivery, asks=customer.missing_contact)
        by_sms = not email or _MOBILE.fullmatch(phone or "") is not None
        sent = programme.send_code(customer, transaction or "", by_sms=by_sms)
        return bodies.challenge_body(transaction, sent, programme.code_delivery)

    async def _validate(self, request: Request) -> Response:
        def answer(body: Mapping[str, Any]) -> Response:
            customer, transaction = self._named(request), body.get("TransactionId")
            is_right = customer is not None and self.service.rewards.check_code(
                customer, transaction or "", body["Code"]
            )
            return http_replies.JsonReply(200, bodies.checked_body(transaction, is_right=is_right))

        return await self.exchange.post(request, "POS_ChallengeValidate", "challengevalidate", answer)

    async def _redeem(self, request: Request) -> Response:
        def answer(body: Mapping[str, Any]) -> Response:
            number = _number(request)
            if number is None:
                return http_replies.refusal_reply(400, "Confira o número do benefício no endereço.")
            customer = self.service.find_customer("", body["CustomerId"], body["CustomerId"])
            return self._changed(lambda: self._redeemed(number, customer, body))

        return await self.exchange.post(request, "POS_Redeem", "redeem", answer)

    def _redeemed(self, number: int, customer: Customer | None, body: Mapping[str, Any]) -> Response:
        programme = self.service.rewards
        try:
            redemption = programme.redeem(number, customer, body)
        except KeyRedeemed as used:
            if not used.echoes:
                return http_replies.JsonReply(*bodies.key_redeemed_response(used, programme.repeated_key))
            redemption = used.earlier
        return self._result(bodies.redemption_body(redemption, _BY_NUMBER[redemption.reward]))

    async def _undo(self, request: Request) -> Response:
        def answer() -> Response:
            number = _number(request)
            if number is None:
                return http_replies.refusal_reply(400, "Confira o número do resgate no endereço.")
            return self._changed(lambda: self._undone(self.service.rewards.undo(number)))

        return await self.exchange.answer("reversal", answer)

    async def _undo_by_key(self, request: Request) -> Response:
        def answer() -> Response:
            try:
                key = self._key_of(request)
            except ContractViolation as misfit:
                return http_replies.refusal_reply(400, misfit.message)
            except JsonError:
                return http_replies.refusal_reply(400, "O corpo não é um JSON válido.")
            return self._changed(lambda: self._undone(self.service.rewards.undo_by_key(key)))

        return await self.exchange.answer("reversal", answer)

    def _key_of(self, request: Request) -> str:
        """The OriginalKey, from where the option says. Raises ContractViolation, JsonError."""
        if self.service.rewards.key_place == "query":
            name = "originalKey"
            query = [
                (name if given.casefold() == name.casefold() else given, value)
                for given, value in request.query_params.multi_items()
            ]
            self.exchange.contract.check_query("POS_CancelRewardByOriginalKey", query)
            return dict(query)[name]
        body = read_json(request.scope["body"])
        key = body.get("OriginalKey") if isinstance(body, Mapping) else None
        if not isinstance(key, str) or not key:
            raise ContractViolation("Falta a OriginalKey.", "required")
        return key

    async def _look_up(self, request: Request) -> Response:
        def answer() -> Response:
            number = _number(request)
            found = None if number is None else self.service.rewards.find(number)
            if found is None:
                return http_replies.refusal_reply(404, "Resgate não encontrado.", code="02", code_name="RewardNotFound")
            body = responses.reward_body(found, self.service.customer(found.customer_id))
            in_envelope = self.service.rewards.reward_form == "envelope"
            return http_replies.JsonReply(200, responses.success_envelope(body) if in_envelope else body)

        return await self.exchange.answer("reward", answer)

    def _changed(self, act: Act) -> Response:
        """Apply a change; a refusal comes in the envelope, which is the only form seen for rewards."""
        try:
            return self.exchange.applied(act)
        except Refusal as refusal:
            return http_replies.JsonReply(self.exchange.faults.refusal_status, bodies.refusal_body(refusal))

    def _undone(self, redemption: Redemption) -> Response:
        return self._result(responses.reward_body(redemption, self.service.customer(redemption.customer_id)))

    def _result(self, result: responses.Body) -> Response:
        return http_replies.JsonReply(200, responses.applied_body(result, self.exchange.faults.result_form))

    def _named(self, request: Request) -> Customer | None:
        given = unquote(request.path_params["customer_id"], errors="replace")
        return self.service.find_customer("", given, given)


def _number(request: Request) -> int | None:
    text = request.path_params["number"]
    number = int(text) if _NUMBER.fullmatch(text) else None
    return number if number is not None and number in _INT32 else None


def _basket(body: Mapping[str, Any]) -> Basket:
    """Read a query. Amounts are rounded down to cents: a query changes nothing, so it is never refused for them."""
    lines = tuple(
        (product["OriginalId"], validation.floor_cents(_price(product)) * int(product.get("Quantity", 1)))
        for product in body.get("Products") or ()
    )
    purchase = validation.floor_cents(body.get("PurchaseValue") or 0)
    return Basket(purchase, validation.floor_cents(body.get("DiscountValue") or 0), lines)


def _price(product: Mapping[str, Any]) -> Any:
    reduced = product.get("ProductDiscountPrice")
    return (product.get("ProductPrice") or 0) if reduced is None else reduced
