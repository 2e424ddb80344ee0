"""Checks request bodies against the contract file, and says what is wrong without repeating what was sent."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bonifiq_desktop.training_server.json_codec import JsonError, parse_timestamp, read_json

_BASE = "urn:bonifiq-contract"
_MEDIA = "application/json"
_NAME_LENGTH = 40

# Only what the vendor's types promise; other formats in the contract are remarks.
_formats = FormatChecker(formats=())


@_formats.checks("date-time", raises=ValueError)
def _is_timestamp(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_timestamp(value))


class ContractError(Exception):
    """The contract file is missing or is not one."""


class ContractViolation(Exception):
    """A body that the contract does not allow; `field` is a path such as `Products.0.ValueToRefund`, `rule` the keyword
    of the schema that it breaks.
    """

    def __init__(self, field: str, message: str, rule: str) -> None:
        super().__init__(field)
        self.field = field
        self.message = message
        self.rule = rule


class Contract:
    """One OpenAPI 3.1 document, read once. Raises ContractError if it cannot be used."""

    def __init__(self, path: Path) -> None:
        try:
            document = read_json(path.read_bytes())
            registry = Registry[Any]().with_resource(_BASE, DRAFT202012.create_resource(document))
            self._bodies = {
                operation["operationId"]: _validator(operation, registry)
                for path_item in document["paths"].values()
                for operation in path_item.values()
                if "requestBody" in operation
            }
        except (OSError, JsonError, KeyError, TypeError, AttributeError) as error:
            raise ContractError(f"no usable contract at {path.name}") from error

    def check(self, operation_id: str, body: Any) -> None:
        """Raise Misfit unless the body fits the operation's request schema."""
        worst = best_match(self._bodies[operation_id].iter_errors(body))
        if worst is not None:
            raise _violation_of(worst)


def _validator(operation: dict[str, Any], registry: Registry[Any]) -> Draft202012Validator:
    reference = operation["requestBody"]["content"][_MEDIA]["schema"]["$ref"]
    return Draft202012Validator({"$ref": _BASE + reference}, registry=registry, format_checker=_formats)


def _violation_of(error: ValidationError) -> ContractViolation:
    """Name the field. Values stay out (they may be personal); a stray property's name is cut short."""
    place = [str(part) for part in error.absolute_path]
    rule: Any = error.validator_value
    schema: Any = error.schema
    body: Any = error.instance
    if error.validator == "required":
        missing = [name for name in rule if name not in body]
        return ContractViolation(
            ".".join(place + missing[:1]), f"Falta o campo {_dotted_path([*place, *missing[:1]])}.", "required"
        )
    if error.validator == "additionalProperties":
        strays = [name[:_NAME_LENGTH] for name in body if name not in schema["properties"]]
        stray = _dotted_path([*place, *strays[:1]])
        return ContractViolation(".".join(place + strays[:1]), f"Campo desconhecido: {stray}.", "additionalProperties")
    return ContractViolation(".".join(place), f"Confira o campo {_dotted_path(place)}.", str(error.validator))


def _dotted_path(place: Iterable[str]) -> str:
    return ".".join(place) or "(corpo)"
