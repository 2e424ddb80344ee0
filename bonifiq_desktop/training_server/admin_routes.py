"""Admin paths for tests and curl: read the service's state, queue faults, change settings.

They need the same credentials as the API, of which they are no part.
"""

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bonifiq_desktop.training_server.fault_injection.answer_forms import ANSWER_FORMS, is_one_of
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultInjector, describe
from bonifiq_desktop.training_server.http_replies import JsonReply, message_reply
from bonifiq_desktop.training_server.json_codec import read_json, to_reais
from bonifiq_desktop.training_server.loyalty_service import SERVICE_OPTIONS, LoyaltyService
from bonifiq_desktop.training_server.responses import Body
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS

_SETTINGS = ANSWER_FORMS | SERVICE_OPTIONS | REWARD_OPTIONS


def admin_routes(service: LoyaltyService, faults: FaultInjector) -> list[Route]:
    """GET /training/state; POST /training/faults, /training/settings, /training/release."""

    async def state(_request: Request) -> Response:
        return JsonReply(200, state_body(service, faults))

    async def add_faults(request: Request) -> Response:
        try:
            count = faults.add_from_json(request.scope["body"])
        except ValueError as error:
            return message_reply(400, str(error))
        return JsonReply(200, {"queued": count, "pending": [describe(fault) for fault in faults.pending()]})

    async def change_settings(request: Request) -> Response:
        try:
            _change_settings(service, faults, read_json(request.scope["body"]))
        except ValueError as error:
            return message_reply(400, str(error))
        return JsonReply(200, settings_body(service, faults))

    async def release(_request: Request) -> Response:
        return JsonReply(200, {"released": faults.release()})

    return [
        Route("/training/state", state, methods=["GET"]),
        Route("/training/faults", add_faults, methods=["POST"]),
        Route("/training/settings", change_settings, methods=["POST"]),
        Route("/training/release", release, methods=["POST"]),
    ]


def settings_body(service: LoyaltyService, faults: FaultInjector) -> Body:
    return (
        {name: getattr(faults, name) for name in ANSWER_FORMS}
        | {name: getattr(service, name) for name in SERVICE_OPTIONS}
        | {name: getattr(service.rewards, name) for name in REWARD_OPTIONS}
    )


def state_body(service: LoyaltyService, faults: FaultInjector) -> Body:
    """The applied changes and the orders' states. Amounts are reais; names and documents are left out."""
    with service.lock:
        return {
            "applied": [
                {
                    "kind": entry.kind,
                    "order_id": entry.order_id,
                    "key": entry.key,
                    "value": to_reais(entry.cents),
                    "at": entry.at,
                }
                for entry in service.applied
            ],
            "counts": dict(Counter(entry.kind for entry in service.applied)),
            "orders": [
                {
                    "order_id": order.original_id,
                    "state": order.state,
                    "total": to_reais(order.total_cents),
                    "refunded": to_reais(order.refunded_cents),
                    "remaining": to_reais(order.remaining_cents),
                    "points_given": order.points_given,
                    "cashback_given": to_reais(order.cashback_given),
                    "refunds": [
                        {"key": refund.key, "value": to_reais(refund.cents), "at": refund.at}
                        for refund in order.refunds
                    ],
                }
                for order in service.orders()
            ],
            "redemptions": [
                {
                    "reward_id": each.number,
                    "key": each.key,
                    "reward": each.reward,
                    "code": each.external_code,
                    "value": to_reais(each.cents),
                    "points": each.points,
                    "order_id": each.order_id,
                    "is_canceled": each.cancelled is not None,
                }
                for each in service.rewards.redemptions
            ],
            "requests": len(service.requests),
            "pending_faults": [describe(fault) for fault in faults.pending()],
            "settings": settings_body(service, faults),
        }


def _change_settings(service: LoyaltyService, faults: FaultInjector, wanted: Any) -> None:
    if not isinstance(wanted, dict):
        raise ValueError("settings are not an object")
    for name, value in wanted.items():
        if not is_one_of(value, _SETTINGS.get(name, ())):
            raise ValueError(f"unknown setting or value: {name}")
    service.rewards.set_options(**{name: value for name, value in wanted.items() if name in REWARD_OPTIONS})
    service.set_options(**{name: value for name, value in wanted.items() if name in SERVICE_OPTIONS})
    for name in ANSWER_FORMS.keys() & wanted.keys():
        setattr(faults, name, wanted[name])
