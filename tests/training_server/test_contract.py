"""The contract file is valid, and the server keeps to it for every request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bonifiq_desktop.training_server.server import TrainingServer

OPERATIONS = {
    ("get", "/v1/pvt/Order/{orderId}"),
    ("get", "/v1/pvt/Customer/{id}"),
    ("get", "/v1/pvt/Customer/{id}/points"),
    ("get", "/v1/pvt/Reports/ListCustomersReport"),
    ("post", "/v1/pvt/POS/rewards/available"),
    ("post", "/v1/pvt/POS/customers/{id}/challenge"),
    ("post", "/v1/pvt/POS/customers/{id}/challengevalidate"),
    ("post", "/v1/pvt/POS/rewards/{id}/redeem"),
    ("delete", "/v1/pvt/POS/rewards/{id}"),
    ("delete", "/v1/pvt/POS/rewards"),
    ("get", "/v1/pvt/Rewards/{id}"),
    ("post", "/v1/pvt/POS/orders"),
    ("post", "/v1/pvt/Order"),
    ("post", "/v1/pvt/POS/{orderId}/partialcancel"),
    ("post", "/v1/pvt/Order/{orderId}/partialcancel"),
    ("post", "/v1/pvt/POS/orders/{orderId}/cancel"),
    ("post", "/v1/pvt/Order/{orderId}/cancel"),
}
REQUESTS = ("NewOrder", "Refund", "Cancel", "RewardsQuery", "Challenge", "ChallengeCheck", "Redeem")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(name="document", scope="module")
def contract_document(contract: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(contract.read_text("utf-8"))
    return document


def validator(document: dict[str, Any], reference: str) -> Draft202012Validator:
    registry = Registry[Any]().with_resource("urn:c", DRAFT202012.create_resource(document))
    return Draft202012Validator({"$ref": f"urn:c{reference}"}, registry=registry)


def media_types(value: Any) -> Iterator[dict[str, Any]]:
    """Every {schema, example} in the document."""
    if isinstance(value, dict):
        if "schema" in value and "example" in value and "in" not in value:
            yield value
        for inner in value.values():
            yield from media_types(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from media_types(inner)


def closed_objects(document: dict[str, Any], name: str, seen: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The request schema and all schemas that it refers to."""
    if name in seen:
        return
    seen.add(name)
    schema = document["components"]["schemas"][name]
    yield name, schema
    text = json.dumps(schema)
    for other in document["components"]["schemas"]:
        if f'"#/components/schemas/{other}"' in text:
            yield from closed_objects(document, other, seen)


def test_contract_holds_exactly_the_known_calls(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    found = {(method, path) for path, item in document["paths"].items() for method in item}
    assert found == OPERATIONS
    assert document["components"]["securitySchemes"]["basic"]["scheme"] == "basic"


def test_contract_schemas_are_valid_and_examples_match_them(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    found = list(media_types(document))
    assert len(found) > len(OPERATIONS)
    for media in found:
        validator(document, media["schema"]["$ref"]).validate(media["example"])


def test_contract_requests_allow_no_unknown_field_at_any_depth(document: dict[str, Any]) -> None:
    seen: set[str] = set()
    for request in REQUESTS:
        for name, schema in closed_objects(document, request, seen):
            assert schema["additionalProperties"] is False, name
    assert {"NewCategory", "RefundProduct", "PaidMethod"} <= seen


def test_contract_answers_allow_unknown_fields(document: dict[str, Any]) -> None:
    answer = {"OriginalId": "1", "OrderTotal": 1, "Novidade": {"x": 1}}
    validator(document, "#/components/schemas/Order").validate(answer)
    envelope = {"HasError": False, "Result": {"isCanceled": True, "Novidade": 1}, "TraceId": "x"}
    validator(document, "#/components/schemas/CancelAnswer").validate(envelope)


POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


def _is_outside_the_calendar(body: object) -> bool:
    """Whether an order's date is in the year 0 or 10000 by UTC, which a schema cannot exclude."""
    text = body.get("OrderPlacementDate") if isinstance(body, dict) else None
    try:
        datetime.fromisoformat(str(text).upper()).astimezone(UTC)
    except OverflowError:
        return True
    except ValueError:
        return False
    return False


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    # A look-up has no body and takes any id, so it cannot be invalid.
    [
        (*call, mode)
        for call in sorted(OPERATIONS)
        for mode in (POSITIVE, NEGATIVE)
        if mode != NEGATIVE or call[0] == "post"
    ],
)
def test_server_answers_any_request_as_the_contract_says(
    server: TrainingServer, document: dict[str, Any], method: str, path: str, mode: GenerationMode
) -> None:
    # Another test checks credentials; here every request has them.
    generation = GenerationConfig(with_security_parameters=False)
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
    operation = schemathesis.openapi.from_dict(document, config=config)[path][method.upper()]
    expected = {400} if mode == NEGATIVE else {200, 404} if method == "get" else {200}

    # No shrinking: a failure is reported at once.
    @settings(
        database=None,
        derandomize=True,
        deadline=None,
        max_examples=60,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), order_id=st.sampled_from([None, "1001", "1006%2FB"]))
    def exchange(case: Case[Any], order_id: str | None) -> None:
        assume(not _is_outside_the_calendar(case.body))
        if order_id is not None and "orderId" in case.path_parameters:
            case.path_parameters["orderId"] = order_id
        answer = case.call_and_validate(base_url=server.url, session=session, checks=CHECKS)
        assert answer.status_code in expected

    with requests.Session() as session:
        session.auth = (server.token, server.key)
        session.trust_env = False
        exchange()
    assert len(server.service.requests) >= 40
    if mode == NEGATIVE:
        assert server.service.applied == []
