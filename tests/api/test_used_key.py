"""A refusal that says the CancelKey was used before, in whatever words; and those that only sound like it."""

import json
from typing import Any

import pytest

from bonifiq_desktop.api.client import HttpAnswer
from bonifiq_desktop.api.verdict import judge
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import Refused

KEY = "BQ-AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"


def _verdict(body: dict[str, Any], *, status: int = 200, kind: Kind = Kind.REFUND, key: str | None = KEY) -> Refused:
    seen = HttpAnswer(status, json.dumps(body).encode())
    verdict = judge(kind, seen, order_id="A-1", cancel_key=key)
    assert isinstance(verdict, Refused)
    return verdict


def _says_used(message: str = "", code_name: str | None = None) -> bool:
    return _verdict({"HasError": True, "ErrorMessage": message, "CodeName": code_name}).used_key


USED_CODES = [
    *("CancelKeyAlreadyUsed", "CancelKeyUsed", "CANCEL_KEY_USED", "CANCEL_KEY_ALREADY_USED", "DuplicateCancelKey"),
    *("DUPLICATED_CANCEL_KEY", "CancelKeyAlreadyExists", "CancelKeyExists", "CancelKeyInUse", "CANCEL_KEY_IN_USE"),
    *("CancelKeyReused", "cancel-key-duplicated"),
]
USED_MESSAGES = [
    "The CancelKey has already been used for this order.",
    "CancelKey already used",
    "Cancel key was used before",
    "This cancel key has been used",
    f"{KEY} already exists",
    f"A cancellation with key {KEY} is already registered",
    "There is already a refund with this CancelKey",
    "Duplicate CancelKey",
    "A chave de cancelamento (CancelKey) já foi utilizada neste pedido.",
    "Chave de cancelamento já utilizada",
    "CHAVE DE CANCELAMENTO JÁ UTILIZADA",
    "Chave de cancelamento ja usada",
    "Chave de cancelamento ja\u0301 usada",
    "Chave de estorno duplicada",
    "Já existe um cancelamento com esta CancelKey",
    f"A chave {KEY} já existe",
    "CancelKey repetida",
    "A CancelKey foi utilizada anteriormente",
    "Chave de cancelamento utilizada.",
    "CancelKey já está em uso",
    "CancelKey reutilizada",
]
OTHER_CODES = [
    "CancelKeyTooLong",
    "InvalidCancelKey",
    "CancelKeyRequired",
    "CancelKeyNotFound",
    "CancelKeyUnused",
    "KeyUsed",
]
OTHER_MESSAGES = [
    "",
    "CancelKey is too long",
    "CancelKey is required",
    "CancelKey must not be empty",
    "The CancelKey used is invalid",
    "The CancelKey does not exist",
    "CancelKey has not been used",
    "CancelKey is used to identify the refund",
    "Order already cancelled; CancelKey ignored",
    "Invalid CancelKey in user request",
    "A CancelKey utilizada é inválida",
    "A chave de cancelamento usada não é válida",
    "Chave de cancelamento não existe",
    "Chave de cancelamento inexistente",
    "A chave de cancelamento não foi utilizada",
    "É necessário que a CancelKey seja informada",
    "CancelKey inválida para esta loja ou pedido",
    "CancelKey inválida para a loja registrada",
    "Pedido já cancelado",
    "The order was already refunded",
    "Este cupom já foi utilizado",
]


@pytest.mark.parametrize("code_name", USED_CODES)
def test_a_code_name_can_say_it(code_name: str) -> None:
    assert _says_used(code_name=code_name)


@pytest.mark.parametrize("message", USED_MESSAGES)
def test_a_message_can_say_it(message: str) -> None:
    assert _says_used(message)


@pytest.mark.parametrize("code_name", OTHER_CODES)
def test_a_code_name_about_something_else_does_not(code_name: str) -> None:
    assert not _says_used(code_name=code_name)


@pytest.mark.parametrize("message", OTHER_MESSAGES)
def test_a_message_about_something_else_does_not(message: str) -> None:
    assert not _says_used(message)


def test_it_is_heard_in_every_form_of_a_refusal() -> None:
    details = {"Code": "INVALID", "Message": "Valor já utilizado", "Field": "CancelKey"}
    assert _verdict({"HasError": False, "Result": {"RefundErrorDetails": details}}).used_key
    other = {**details, "Field": "ValueToRefund"}
    assert not _verdict({"HasError": False, "Result": {"RefundErrorDetails": other}}).used_key
    by_status = {"ErrorMessage": "CancelKey já utilizada", "Result": {"isCanceled": False, "Status": 1}}
    assert _verdict(by_status).used_key
    for status in (400, 404, 409, 422):
        body = {"HasError": True, "Severity": 2, "CodeName": "CancelKeyAlreadyUsed", "Result": None}
        assert _verdict(body, status=status).used_key


@pytest.mark.parametrize("kind", [Kind.SALE, Kind.CANCEL])
def test_what_has_no_key_has_no_used_one(kind: Kind) -> None:
    assert not _verdict({"HasError": True, "CodeName": "CancelKeyAlreadyUsed"}, kind=kind, key=None).used_key
