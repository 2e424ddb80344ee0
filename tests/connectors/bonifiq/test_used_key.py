"""Refusals that report a used CancelKey in any words, and refusals that only resemble them."""

import json
from typing import Any

import pytest

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer
from bonifiq_desktop.connectors.http_client import HttpResponse
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import FailureReason, Refused, Unknown, Verdict

KEY = "BQ-AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"


def _judge(body: dict[str, Any], *, status: int = 200, kind: Kind = Kind.REFUND, key: str | None = KEY) -> Verdict:
    return classify_answer(kind, HttpResponse(status, json.dumps(body).encode()), order_id="A-1", cancel_key=key)


def _verdict(body: dict[str, Any], *, status: int = 200, kind: Kind = Kind.REFUND, key: str | None = KEY) -> Refused:
    verdict = _judge(body, status=status, kind=kind, key=key)
    assert isinstance(verdict, Refused)
    return verdict


def _says_used(message: str = "", code_name: str | None = None) -> bool:
    return _verdict({"HasError": True, "ErrorMessage": message, "CodeName": code_name}).used_key


USED_CODES = [
    *("CancelKeyAlreadyUsed", "CancelKeyUsed", "CANCEL_KEY_USED", "CANCEL_KEY_ALREADY_USED", "DuplicateCancelKey"),
    *("DUPLICATED_CANCEL_KEY", "CancelKeyAlreadyExists", "CancelKeyExists", "CancelKeyReused", "cancel-key-duplicated"),
    *("CancelKeyAlreadyProcessed", "CancelKeyNotUnique", "ChaveCancelamentoJaUtilizada", "CHAVE_DE_ESTORNO_DUPLICADA"),
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
    "CancelKey reutilizada",
    "Esta CancelKey já foi processada",
    "CancelKey already processed",
    "Cancelamento já realizado com esta CancelKey",
    "This CancelKey is not unique",
    "Erro 05 - CancelKey já utilizada. Utilize outra chave.",
    "Não foi possível cancelar o pedido: chave de cancelamento já utilizada",
    f"CancelKey: {KEY} was already used in a previous request",
    "O estorno com esta CancelKey já foi efetuado.",
]
OTHER_CODES = [
    "CancelKeyTooLong",
    "InvalidCancelKey",
    "CancelKeyRequired",
    "CancelKeyNotFound",
    "CancelKeyUnused",
    "KeyUsed",
    "CancelKeyNotUsed",
    "CancelKeyMustBeUnique",
    "CancelKeyFormatDeprecated",
    "CancelKeyUsedByAnotherOrder",
    "PointsAlreadyUsed",
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
    "Nenhum estorno foi registrado com esta CancelKey",
    "No cancellation was registered for this CancelKey",
    "CancelKey inválida: deve ser única e não pode ser reutilizada",
    "CancelKey can not be duplicated; minimum length is 40",
    "CancelKey is invalid: repeated characters are not allowed",
    "Order has been registered by another branch; CancelKey not accepted",
    f"Points already used by the customer, partial cancel refused (CancelKey: {KEY})",
    "Esta chave de cancelamento ainda não foi utilizada",
    "key was never used",
    "another key was used",
    "CancelKey format already deprecated",
    f"CancelKey utilizada: {KEY}",
    "Possible reasons: CancelKey already used; insufficient balance",
    "CancelKey already used or expired",
    "Was this CancelKey already used?",
    "CancelKey already used in another order",
    "O saldo já foi utilizado; CancelKey recusada",
]
IN_PROGRESS = [
    ("There is currently another in-progress request using this CancelKey", "CancelKeyInUse"),
    ("Another request with this key is still being processed. Retry later.", "CANCEL_KEY_IN_USE"),
    ("There is currently another in-progress request using this CancelKey", None),
    ("Another request with this key is still being processed. Retry later.", None),
    ("", "CancelKeyInUse"),
    ("", "CANCEL_KEY_IN_PROGRESS"),
    ("", "RequestInProgress"),
    ("CancelKey já está em uso", None),
    ("CancelKey already being processed", None),
    ("Esta CancelKey está sendo processada, aguarde.", None),
    ("Já existe uma requisição em andamento com esta chave", None),
    ("Um estorno deste pedido com esta CancelKey ainda está em processamento", "CancelKeyAlreadyUsed"),
    ("O pedido de cancelamento está em processamento", None),
    ("A request with this CancelKey has not yet finished", None),
    ("Já recebemos outra solicitação com a mesma CancelKey. Tente novamente mais tarde.", "Conflict"),
]
REFUSED_ALL_THE_SAME = [
    ("Order is being processed; it cannot be refunded", None),
    ("Pedido em processamento, CancelKey não aceita", None),
    ("Erro ao processar o cancelamento. Tente novamente mais tarde.", None),
    ("", "RefundProcessingError"),
    ("", "OrderInProgress"),
    ("The CancelKey in use is invalid", None),
]


@pytest.mark.parametrize("code_name", USED_CODES)
def test_code_name_about_used_key_means_used(code_name: str) -> None:
    assert _says_used(code_name=code_name)


@pytest.mark.parametrize("message", USED_MESSAGES)
def test_message_about_used_key_means_used(message: str) -> None:
    assert _says_used(message)


@pytest.mark.parametrize("code_name", OTHER_CODES)
def test_code_name_about_other_thing_is_not_used_key(code_name: str) -> None:
    assert not _says_used(code_name=code_name)


@pytest.mark.parametrize("status", [200, 400, 409, 422])
@pytest.mark.parametrize(("message", "code_name"), IN_PROGRESS)
def test_message_or_code_about_running_request_is_in_progress(message: str, code_name: str | None, status: int) -> None:
    body = {"HasError": True, "Severity": 2, "ErrorMessage": message, "CodeName": code_name, "Result": None}
    details = {"Result": {"isCanceled": False, "RefundErrorDetails": {"Code": code_name, "Message": message}}}
    for said in (body, details) if status == 200 else (body,):
        verdict = _judge(said, status=status)
        assert isinstance(verdict, Unknown)
        assert (verdict.reason, verdict.code, verdict.message) == (FailureReason.IN_PROGRESS, code_name or "", message)


@pytest.mark.parametrize("body", ["{0}", '{{"Message":"{0}"}}', '{{"title":"Conflict","detail":"{0}"}}'])
def test_in_progress_text_in_any_409_body_is_recognized(body: str) -> None:
    content = body.format("Another request with this CancelKey is in progress").encode()
    verdict = classify_answer(Kind.REFUND, HttpResponse(409, content), order_id="A-1", cancel_key=KEY)
    assert isinstance(verdict, Unknown)
    assert verdict.reason is FailureReason.IN_PROGRESS


@pytest.mark.parametrize(("message", "code_name"), REFUSED_ALL_THE_SAME)
def test_text_that_resembles_progress_is_no_used_key(message: str, code_name: str | None) -> None:
    assert not _says_used(message, code_name)


@pytest.mark.parametrize("code_name", ["PRODUCT_REFUND_TOTAL_MISMATCH", "CustomerNotFound", "InsufficientBalance"])
def test_specific_code_name_outweighs_used_key_text(code_name: str) -> None:
    assert not _says_used("CancelKey already used", code_name)
    assert _says_used("CancelKey already used", "InvalidOperation")


def test_text_that_denies_used_key_outweighs_code_name() -> None:
    assert not _says_used("This CancelKey was not used", "CancelKeyAlreadyUsed")


@pytest.mark.parametrize("message", OTHER_MESSAGES)
def test_message_about_other_thing_is_not_used_key(message: str) -> None:
    assert not _says_used(message)


def test_used_key_is_recognized_in_every_refusal_form() -> None:
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
def test_operation_without_key_has_no_used_key(kind: Kind) -> None:
    assert not _verdict({"HasError": True, "CodeName": "CancelKeyAlreadyUsed"}, kind=kind, key=None).used_key
