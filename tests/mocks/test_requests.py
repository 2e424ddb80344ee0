"""Each request that a connector can make is valid by its system's contract file."""

import json
import re
from dataclasses import replace

from tests.mocks import akinon_requests, bonifiq_requests, mirakl_requests
from tests.mocks.schema_mock import CONTRACTS, SchemaMock, SentRequest

UNUSED = {"getCancellationReason"} | {
    *("Order_Create", "Customer_Get", "Reports_ListCustomersReport"),
}
"""Operations of the contract files that no connector needs."""


def _operations(system: str) -> dict[tuple[str, str], str]:
    """The operations of a contract file by method and a pattern of the path."""
    paths = json.loads((CONTRACTS / f"{system}.openapi.json").read_text(encoding="utf-8"))["paths"]
    return {
        (method.upper(), re.sub(r"\{\w+\}", r"[^/]+", path)): operation["operationId"]
        for path, methods in paths.items()
        for method, operation in methods.items()
        if isinstance(operation, dict)
    }


def _operation_of(request: SentRequest, operations: dict[tuple[str, str], str]) -> str:
    path = request.target.partition("?")[0]
    found = [
        name for (method, like), name in operations.items() if method == request.method and re.fullmatch(like, path)
    ]
    assert found, f"{request.method} {path} is in no contract file"
    return found[0]


def _require_valid(mock: SchemaMock, requests: list[SentRequest]) -> None:
    seen = {(request.method, request.target, request.body): request for request in requests}
    assert [objection for request in seen.values() if (objection := mock.objections(request))] == []


def test_akinon_requests_are_all_valid_and_cover_the_contract(akinon_mock: SchemaMock) -> None:
    requests = akinon_requests.record_requests()
    _require_valid(akinon_mock, requests)
    operations = _operations("akinon")
    made = {_operation_of(request, operations) for request in requests}
    assert set(operations.values()) - made == UNUSED & set(operations.values())


def test_akinon_mock_refuses_changed_requests(akinon_mock: SchemaMock) -> None:
    cancel = next(each for each in akinon_requests.record_requests() if each.target.endswith("/12345/cancel/"))
    for changed in akinon_requests.changed_bodies(cancel):
        assert akinon_mock.objections(changed), changed.body
    assert akinon_mock.objections(replace(cancel, target=cancel.target.rstrip("/")))
    assert akinon_mock.objections(replace(cancel, headers={"Content-Type": "application/json"})), "without a key"


def test_bonifiq_requests_are_all_valid_and_cover_the_contract(bonifiq_mock: SchemaMock) -> None:
    requests = bonifiq_requests.record_requests()
    _require_valid(bonifiq_mock, requests)
    operations = _operations("bonifiq")
    made = {_operation_of(request, operations) for request in requests}
    assert set(operations.values()) - made == UNUSED & set(operations.values())


def test_bonifiq_mock_refuses_changed_requests_about_rewards(bonifiq_mock: SchemaMock) -> None:
    requests = bonifiq_requests.record_requests()
    changed = set(bonifiq_requests.changed_requests(requests))
    assert len(changed) > 2 * len({"available", "redeem", "challenge", "challengevalidate"})
    for request in changed:
        assert bonifiq_mock.objections(request), (request.target, request.body)
    undo = next(each for each in requests if each.method == "DELETE" and "?" in each.target)
    assert bonifiq_mock.objections(replace(undo, target=undo.target.partition("?")[0])), "without a key"


def test_mirakl_requests_are_all_valid_and_cover_the_contract(mirakl_mock: SchemaMock) -> None:
    requests = mirakl_requests.record_requests()
    _require_valid(mirakl_mock, requests)
    operations = _operations("mirakl")
    made = {_operation_of(request, operations) for request in requests}
    assert set(operations.values()) - made == UNUSED & set(operations.values())


def test_mirakl_mock_refuses_changed_requests(mirakl_mock: SchemaMock) -> None:
    changing = [each for each in mirakl_requests.record_requests() if each.method == "PUT" and each.body]
    assert changing
    for request in changing:
        assert mirakl_mock.objections(replace(request, body=b"{}")), request.target
        assert mirakl_mock.objections(replace(request, headers={"Content-Type": "application/json"})), "without a key"
