"""Control paths for tests and for a person with curl: see the truth, queue faults, change settings.

They want the same credentials as everything else and are not part of the service.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bonifiq_desktop.training_server.fault_injection.answer_forms import FORMS, is_one_of
from bonifiq_desktop.training_server.fault_injection.faults import Faults, add_from_json, describe
from bonifiq_desktop.training_server.http_replies import JsonReply, plain
from bonifiq_desktop.training_server.json_codec import WireError, read_json, reais
from bonifiq_desktop.training_server.loyalty_service import SWITCHES, Shop
from bonifiq_desktop.training_server.responses import Body


def control_routes(shop: Shop, faults: Faults) -> list[Route]:
    """GET /training/state; POST /training/faults, /training/settings, /training/release."""

    async def state(_request: Request) -> Response:
        return JsonReply(200, truth(shop, faults), indent=2)

    async def add_faults(request: Request) -> Response:
        try:
            count = add_from_json(faults, read_json(await request.body()))
        except (WireError, ValueError) as error:
            return plain(400, str(error))
        return JsonReply(200, {"queued": count, "pending": [describe(fault) for fault in faults.pending()]})

    async def change_settings(request: Request) -> Response:
        try:
            _change(shop, faults, read_json(await request.body()))
        except (WireError, ValueError) as error:
            return plain(400, str(error))
        return JsonReply(200, settings(shop, faults))

    async def release(_request: Request) -> Response:
        return JsonReply(200, {"released": faults.release()})

    return [
        Route("/training/state", state, methods=["GET"]),
        Route("/training/faults", add_faults, methods=["POST"]),
        Route("/training/settings", change_settings, methods=["POST"]),
        Route("/training/release", release, methods=["POST"]),
    ]


def settings(shop: Shop, faults: Faults) -> Body:
    """Every setting with its value."""
    return {name: getattr(faults, name) for name in FORMS} | {name: getattr(shop, name) for name in SWITCHES}


def truth(shop: Shop, faults: Faults) -> Body:
    """What was really applied and where every order stands; amounts in reais, nobody's name or document."""
    with shop.lock:
        return {
            "applied": [
                {
                    "kind": entry.kind,
                    "order_id": entry.order_id,
                    "key": entry.key,
                    "value": reais(entry.cents),
                    "at": entry.at,
                }
                for entry in shop.applied
            ],
            "counts": dict(Counter(entry.kind for entry in shop.applied)),
            "orders": [
                {
                    "order_id": order.original_id,
                    "state": order.state,
                    "total": reais(order.total_cents),
                    "refunded": reais(order.refunded_cents),
                    "remaining": reais(order.remaining_cents),
                    "points_given": order.points_given,
                    "cashback_given": reais(order.cashback_given),
                    "refunds": [
                        {"key": refund.key, "value": reais(refund.cents), "at": refund.at} for refund in order.refunds
                    ],
                }
                for order in shop.orders()
            ],
            "requests": len(shop.requests),
            "pending_faults": [describe(fault) for fault in faults.pending()],
            "settings": settings(shop, faults),
        }


def _change(shop: Shop, faults: Faults, wanted: Any) -> None:
    if not isinstance(wanted, dict):
        raise ValueError("settings are an object")
    for name, value in wanted.items():
        if name not in SWITCHES and not is_one_of(value, FORMS.get(name, ())):
            raise ValueError(f"no such setting or value: {name}")
    shop.switch(**{name: value for name, value in wanted.items() if name in SWITCHES})
    for name in FORMS.keys() & wanted.keys():
        setattr(faults, name, wanted[name])
