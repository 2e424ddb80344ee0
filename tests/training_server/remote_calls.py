"""Plain HTTP clients of the marketplace and the web shop, and their contracts' answers, without code of the program."""

import json
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bonifiq_desktop.training_server.akinon.server import AkinonTraining
from bonifiq_desktop.training_server.mirakl.server import MiraklTraining

CONTRACTS = Path(__file__).parents[2] / "resources" / "contract"


def marketplace(server: MiraklTraining) -> httpx.Client:
    """A client with the shop's key."""
    return httpx.Client(base_url=server.url, headers={"Authorization": server.key}, trust_env=False, timeout=10)


def web_shop(server: AkinonTraining) -> httpx.Client:
    """A client with the key of a login."""
    sent = {"username": server.user, "password": server.password}
    key = httpx.post(f"{server.url}/api/i1/auth/login/", json=sent, trust_env=False).json()["key"]
    return httpx.Client(base_url=server.url, headers={"Authorization": f"Token {key}"}, trust_env=False, timeout=10)


def refund(line_id: str, amount: str = "49.90", **changes: Any) -> dict[str, Any]:
    """A body of OR28 for one line."""
    entry = {"order_line_id": line_id, "amount": float(amount), "shipping_amount": 0, "quantity": 1}
    return {"refunds": [{**entry, "reason_code": "34", "currency_iso_code": "BRL", **changes}]}


def cancel(line_id: str, amount: str = "49.90", **changes: Any) -> dict[str, Any]:
    """A body of OR30 for one line."""
    return {"cancelations": refund(line_id, amount, **{"reason_code": "15", **changes})["refunds"]}


def cancel_items(pk: int, /, *items: int, reason: int = 7, **changes: Any) -> dict[str, Any]:
    """A body of the web shop's cancel call."""
    reasons = {str(item): reason for item in items}
    body = {"order": pk, "is_all": False, "cancel_items": list(items), "forced_refund_amount": None}
    return {**body, "reasons": reasons, "is_cargo_refund": False, "return_details": False, **changes}


def check_answer(system: str, operation_id: str, status: int, body: Any) -> None:
    """Fail where a body is not what the contract says of that answer."""
    document = json.loads((CONTRACTS / f"{system}.openapi.json").read_text(encoding="utf-8"))
    operations = [each for path in document["paths"].values() for each in path.values()]
    [operation] = [each for each in operations if each["operationId"] == operation_id]
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry[Any]().with_resource("urn:contract", DRAFT202012.create_resource(document))
    text = json.dumps(schema).replace('"#/', '"urn:contract#/')
    Draft202012Validator(json.loads(text), registry=registry).validate(body)
