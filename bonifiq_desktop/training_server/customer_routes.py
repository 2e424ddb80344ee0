"""Customer endpoints: one customer, two forms of the balance, and the report that finds customers."""

from collections.abc import Mapping
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bonifiq_desktop.training_server import http_replies, responses
from bonifiq_desktop.training_server.contract import Contract, ContractViolation
from bonifiq_desktop.training_server.errors import CUSTOMER_NOT_FOUND
from bonifiq_desktop.training_server.fault_injection.answer_forms import AnswerForms
from bonifiq_desktop.training_server.json_codec import JsonError, read_json
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.validation import normalized

_PAGE_SIZE = 10
_LARGEST_PAGE = 500
_LARGEST_NUMBER = 1_000_000


def customer_routes(service: LoyaltyService, forms: AnswerForms, contract: Contract) -> list[Route]:
    """GET Customer/{id}, Customer/{id}/points, Reports/ListCustomersReport, POST POS/rewards/available."""

    def named(request: Request) -> Customer | None:
        given = unquote(request.path_params["customer_id"], errors="replace")
        return service.find_customer(given, given, given)

    async def customer(request: Request) -> Response:
        found = named(request)
        if found is None:
            return http_replies.refusal_reply(
                forms.refusal_status, "Cliente não encontrado.", code="01", code_name=CUSTOMER_NOT_FOUND
            )
        return http_replies.JsonReply(200, responses.success_envelope(responses.customer_body(found)))

    async def balance(request: Request) -> Response:
        return http_replies.JsonReply(200, responses.balance_body(service, named(request)))

    async def report(request: Request) -> Response:
        asked = request.query_params
        try:
            page, size = int(asked.get("pageNumber", 1)), int(asked.get("pageSize", _PAGE_SIZE))
        except ValueError:
            page = size = 0
        if not 1 <= page <= _LARGEST_NUMBER or not 1 <= size <= _LARGEST_PAGE:
            return http_replies.refusal_reply(400, "Confira pageNumber e pageSize.")
        return http_replies.JsonReply(200, responses.report_body(_filter_customers(service, asked), page, size))

    async def rewards(request: Request) -> Response:
        return _rewards_reply(request, service, forms, contract)

    return [
        Route("/v1/pvt/POS/rewards/available", rewards, methods=["POST"]),
        Route("/v1/pvt/Customer/{customer_id}", customer, methods=["GET"]),
        Route("/v1/pvt/Customer/{customer_id}/points", balance, methods=["GET"]),
        Route("/v1/pvt/Reports/ListCustomersReport", report, methods=["GET"]),
    ]


def _rewards_reply(request: Request, service: LoyaltyService, forms: AnswerForms, contract: Contract) -> Response:
    if forms.balance_form == "absent":
        return http_replies.message_reply(404, "Endereço desconhecido.")
    try:
        body = read_json(request.scope["body"])
        contract.check("POS_AvailableRewards", body)
    except JsonError:
        return http_replies.refusal_reply(400, "O corpo não é um JSON válido.")
    except ContractViolation as misfit:
        return http_replies.refusal_reply(400, misfit.message, code_name="InvalidRequest")
    answer = responses.rewards_body(service.find_customer("", body["CustomerId"], body["CustomerId"]))
    in_envelope = forms.balance_form == "envelope"
    return http_replies.JsonReply(200, responses.success_envelope(answer) if in_envelope else answer)


def _filter_customers(service: LoyaltyService, asked: Mapping[str, str]) -> list[Customer]:
    enrolled = asked.get("isEnrolled", "true").lower() != "false"
    return [
        customer
        for customer in service.customers()
        if customer.is_enrolled == enrolled
        and asked.get("originalId", customer.original_id) == customer.original_id
        and asked.get("email", customer.email or "").casefold() == (customer.email or "").casefold()
        and normalized(asked.get("document", customer.document)) == normalized(customer.document)
    ]
