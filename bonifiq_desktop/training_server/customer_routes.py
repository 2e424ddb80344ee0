"""Customer endpoints: one customer, the balance, and the report that finds customers."""

from collections.abc import Mapping
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bonifiq_desktop.training_server import http_replies, responses
from bonifiq_desktop.training_server.errors import CUSTOMER_NOT_FOUND
from bonifiq_desktop.training_server.exchange import Exchange
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.validation import normalized

_PAGE_SIZE = 10
_LARGEST_PAGE = 500
_LARGEST_NUMBER = 1_000_000


def customer_routes(exchange: Exchange, service: LoyaltyService) -> list[Route]:
    """GET Customer/{id}, Customer/{id}/points, Reports/ListCustomersReport."""

    def named(request: Request) -> Customer | None:
        given = unquote(request.path_params["customer_id"], errors="replace")
        return service.find_customer(given, given, given)

    async def customer(request: Request) -> Response:
        found = named(request)
        if found is None:
            return http_replies.refusal_reply(
                exchange.faults.refusal_status, "Cliente não encontrado.", code="01", code_name=CUSTOMER_NOT_FOUND
            )
        return http_replies.JsonReply(200, responses.success_envelope(responses.customer_body(found)))

    async def balance(request: Request) -> Response:
        return await exchange.answer(
            "balance", lambda: http_replies.JsonReply(200, responses.balance_body(service, named(request)))
        )

    async def report(request: Request) -> Response:
        asked = request.query_params
        try:
            page, size = int(asked.get("pageNumber", 1)), int(asked.get("pageSize", _PAGE_SIZE))
        except ValueError:
            page = size = 0
        if not 1 <= page <= _LARGEST_NUMBER or not 1 <= size <= _LARGEST_PAGE:
            return http_replies.refusal_reply(400, "Confira pageNumber e pageSize.")
        return http_replies.JsonReply(200, responses.report_body(_filter_customers(service, asked), page, size))

    return [
        Route("/v1/pvt/Customer/{customer_id}", customer, methods=["GET"]),
        Route("/v1/pvt/Customer/{customer_id}/points", balance, methods=["GET"]),
        Route("/v1/pvt/Reports/ListCustomersReport", report, methods=["GET"]),
    ]


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
