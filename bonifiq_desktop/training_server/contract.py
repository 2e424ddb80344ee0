"""Validation of request bodies against the OpenAPI contract. Error texts repeat no value that was sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, TypeChecker, validators
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bonifiq_desktop.training_server.json_codec import JsonError, parse_timestamp, read_json

_BASE = "urn:bonifiq-contract"
_MEDIA = "application/json"
_NAME_LENGTH = 40
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)

# The vendor's types promise this format; the contract's other formats are remarks.
_formats = FormatChecker(formats=())


@_formats.checks("date-time", raises=ValueError)
def _is_timestamp(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_timestamp(value))


def _is_integer(_checker: TypeChecker, value: object) -> bool:
    """Whether a number is whole; in JSON Schema 1.0 is, too."""
    whole = isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value())
    return whole and not isinstance(value, bool)


_ExactValidator: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
)


class ContractError(Exception):
    """The contract file is missing or unusable."""


@dataclass(eq=False)
class ContractViolation(Exception):
    """A request body breaks the contract; `rule` is the schema keyword that the body breaks."""

    message: str
    rule: str


class Contract:
    """Request schemas of one OpenAPI 3.1 document. Raises ContractError for an unusable document."""

    def __init__(self, path: Path) -> None:
        try:
            document = read_json(path.read_bytes())
            registry = Registry[Any]().with_resource(_BASE, DRAFT202012.create_resource(document))
            operations = [each for path_item in document["paths"].values() for each in path_item.values()]
            self._bodies = {
                operation["operationId"]: _validator(operation, registry)
                for operation in operations
                if "requestBody" in operation
            }
            self._queries = {
                operation["operationId"]: _query_parameters(operation, document) for operation in operations
            }
        except (OSError, JsonError, KeyError, TypeError, AttributeError) as error:
            raise ContractError(f"contract file {path.name} is not usable") from error

    def check(self, operation_id: str, body: Any) -> None:
        """Validate a body against the operation's request schema. Raises ContractViolation."""
        error = best_match(self._bodies[operation_id].iter_errors(body))
        if error is not None:
            raise _violation_of(error)

    def takes_body(self, operation_id: str) -> bool:
        return operation_id in self._bodies

    def check_query(self, operation_id: str, query: Sequence[tuple[str, str]]) -> None:
        """Validate query parameters: each known, of its type, and given once unless it is a list.

        Raises ContractViolation.
        """
        known = self._queries[operation_id]
        names = [name for name, _ in query]
        for name, parameter in known.items():
            if parameter.get("required") and name not in names:
                raise ContractViolation(f"Falta o parâmetro {name}.", "required")
        for name, text in query:
            if name not in known:
                raise ContractViolation(f"Parâmetro desconhecido: {name[:_NAME_LENGTH]}.", "additionalProperties")
            schema = known[name]["schema"]
            is_list = schema.get("type") == "array"  # its items come as repeated parameters
            if (names.count(name) > 1 and not is_list) or not _fits(text, schema["items"] if is_list else schema):
                raise ContractViolation(f"Confira o parâmetro {name}.", "type")


def _query_parameters(operation: dict[str, Any], document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Query parameters by name, with references to the document's common ones resolved."""
    found = [_resolve(each, document) for each in operation.get("parameters", [])]
    return {
        parameter["name"]: {**parameter, "schema": _resolve(parameter["schema"], document)}
        for parameter in found
        if parameter["in"] == "query"
    }


def _resolve(part: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What a part of the document refers to, or the part itself."""
    if "$ref" not in part:
        return part
    target: Any = document
    for name in part["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return dict(target)


def _fits(text: str, schema: dict[str, Any]) -> bool:
    value: object = text
    if schema.get("type") == "integer":
        value = int(text) if _INTEGER.fullmatch(text) else text
    elif schema.get("type") == "boolean":
        value = {"true": True, "false": False}.get(text.lower(), text)
    return Draft202012Validator(schema, format_checker=_formats).is_valid(value)


def _validator(operation: dict[str, Any], registry: Registry[Any]) -> Draft202012Validator:
    reference = operation["requestBody"]["content"][_MEDIA]["schema"]["$ref"]
    return _ExactValidator({"$ref": _BASE + reference}, registry=registry, format_checker=_formats)


def _violation_of(error: ValidationError) -> ContractViolation:
    """Name the field and the rule. Values are left out because they may be personal; unknown names are cut short."""
    rule: Any = error.validator_value
    schema: Any = error.schema
    body: Any = error.instance
    text, names = "Confira o campo", []
    if error.validator == "required":
        text, names = "Falta o campo", [name for name in rule if name not in body]
    elif error.validator == "additionalProperties":
        text, names = "Campo desconhecido:", [name[:_NAME_LENGTH] for name in body if name not in schema["properties"]]
    path = ".".join([*map(str, error.absolute_path), *names[:1]]) or "(corpo)"
    return ContractViolation(f"{text} {path}.", str(error.validator))
