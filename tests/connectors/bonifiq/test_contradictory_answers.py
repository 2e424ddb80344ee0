"""Answers that contradict themselves, or spell a deciding field otherwise."""

import json
from typing import Any

import pytest

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer, parse_order
from bonifiq_desktop.connectors.http_client import HttpResponse, _parse_retry_after
from bonifiq_desktop.domain.operations import Kind, Resolution, ReviewReason, State, resolve_attempt
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound, Refused, Unknown, Verdict

ORDER = {"OriginalId": "PED-7", "OrderTotal": 73.4, "State": 2, "IsCancelledOrReturned": False}
NOT_FOUND = {"HasError": True, "ErrorMessage": "Pedido não encontrado"}


def refund(body: dict[str, Any], kind: Kind = Kind.REFUND) -> Verdict:
    answer = HttpResponse(200, json.dumps(body).encode())
    return classify_answer(kind, answer, order_id="PED-7", cancel_key="BQ-1" if kind is Kind.REFUND else None)


def look_up(body: dict[str, Any], status: int = 200) -> Order:
    return parse_order(HttpResponse(status, json.dumps(body).encode()), "PED-7")


@pytest.mark.parametrize(
    "body",
    [
        {"hasError": True, "errorMessage": "Saldo insuficiente", "Result": {"isCanceled": False, "Status": 0}},
        {"severity": 2, "Result": {"isCanceled": False, "Status": 0}},
        {"Result": {"isCanceled": False, "refundErrorDetails": {"Code": "VALUE_MISMATCH"}}},
        {"Result": {"isCanceled": False, "UpdatedAt": "2026-11-28T10:00:00Z", "status": 2}},
        {"HASERROR": True, "isCanceled": False, "Status": 0},
    ],
)
def test_refusal_in_other_letter_case_is_not_done(body: dict[str, Any]) -> None:
    assert refund(body) == Unknown(FailureReason.UNREADABLE)


@pytest.mark.parametrize(
    "body",
    [
        {**ORDER, **NOT_FOUND},
        {**NOT_FOUND, "Result": ORDER},
        {"hasError": True, "errorMessage": "Cliente não encontrado", "Result": None},
        {"haserror": True, "Result": None},
        {**ORDER, "isCancelledOrReturned": True},
        {**ORDER, "state": 3},
    ],
)
def test_contradictory_lookup_is_neither_order_nor_not_found(body: dict[str, Any]) -> None:
    with pytest.raises(LookupFailed) as failed:
        look_up(body)
    assert not isinstance(failed.value, OrderNotFound)


@pytest.mark.parametrize(
    "text",
    [
        "Filial não encontrada", "Usuário não encontrado", "Token não encontrado", "Coupon not found", "Timeout",
        "Vendedor não encontrado", "Salesman not found", "Tempo esgotado ao consultar o pedido", "Campanha inexistente",
        "Pedido em processamento", "Serviço indisponível", "Temporarily unavailable", "Pedido bloqueado",
        "Erro ao consultar o pedido", "Failed to load order", "Tente novamente mais tarde", "Order was cancelled",
        "O pedido foi encontrado", "Order found, payment not found",
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [200, 404])
def test_not_found_code_with_text_about_other_thing_is_not_trusted(text: str, status: int) -> None:
    with pytest.raises(LookupFailed) as failed:
        look_up({"HasError": True, "CodeName": "ORDER_NOT_FOUND", "ErrorMessage": text, "Result": None}, status)
    assert not isinstance(failed.value, OrderNotFound)


@pytest.mark.parametrize(
    "text", ["", "Nenhum registro localizado", "Pedido não encontrado.", "Order PED-7 not found", "Not found", "-"]
)
def test_not_found_code_without_contradicting_text_is_trusted(text: str) -> None:
    with pytest.raises(OrderNotFound):
        look_up({"HasError": True, "CodeName": "OrderNotFound", "ErrorMessage": text, "Result": None})


@pytest.mark.parametrize(
    "state", ["Canceled", "CANCELLED", "3", "Returned", "Cancelado", "devolvida", "Cancelled_Or_Returned", "Estornado"]
)
@pytest.mark.parametrize("flag", [None, False])
def test_state_name_in_any_language_says_cancelled(state: str, *, flag: bool | None) -> None:
    assert look_up({**ORDER, "State": state, "IsCancelledOrReturned": flag}).cancelled


@pytest.mark.parametrize("state", ["PartiallyReturned", "NotCancelled", "CancelRequested", "Completed", "2"])
def test_state_name_containing_cancelled_word_is_not_cancelled(state: str) -> None:
    assert not look_up({**ORDER, "State": state}).cancelled


@pytest.mark.parametrize(
    ("date", "cancelled"),
    [
        ("20/11/2026", True), ("2026-11-20T10:00:00Z", True), ("2026-11-20 10:00", True), ("Nov 20, 2026", True),
        (1763600000, True), (1763600000000, True), ("/Date(1763600000000)/", True),
        ("/Date(1763600000000-0300)/", True),
        ("0001-01-01T00:00:00", False), ("1900-01-01", False), ("01/01/1970", False),
        ("/Date(-62135596800000)/", False),
        (0, False), ("", False), (None, False), ("0000-00-00", False), (False, False), ([], False),
    ],
)  # fmt: skip
def test_cancelled_date_in_any_form_says_cancelled(date: Any, *, cancelled: bool) -> None:
    for flag in (None, False):
        body = {**ORDER, "State": None, "IsCancelledOrReturned": flag, "OrderCancelledDate": date}
        assert look_up(body).cancelled is cancelled


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30), ("5, 90", 90), ("90,5", 90), ("1.5", None), ("99999999999999", 999_999_999), ("0", 0),
        ("-5", None), ("10s", None), ("1e3", None), ("٣", None), (",", None), ("5, x", None), ("", None),
    ],
)  # fmt: skip
def test_retry_after_in_any_form_of_seconds_is_parsed(header: str, seconds: int | None) -> None:
    assert _parse_retry_after(header, None) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "CancelKey inválida: formato",
        "This CancelKey was used by another order",
        "Previous refund with this CancelKey failed",
        "O estorno desta CancelKey foi recusado",
        "The CancelKey could not be used",
        "CancelKey expired",
        "A CancelKey é de outra loja",
        "The refund with this CancelKey was reverted",
        "Estorno desfeito",
    ],
)
@pytest.mark.parametrize("code", ["CANCEL_KEY_ALREADY_USED", "cancelkeyused", "Cancel-Key-Exists"])
def test_used_key_code_with_contradicting_text_needs_review(code: str, text: str) -> None:
    """Such an answer is neither proof nor refusal: another till may have sent the request with this key."""
    verdict = refund({"HasError": True, "CodeName": code, "ErrorMessage": text, "Result": None})
    assert isinstance(verdict, Refused)
    assert (verdict.used_key, verdict.key_use_contradicted) == (True, True)
    first, repeat = (
        resolve_attempt(verdict, has_client_key=True, earlier_possibly_sent=earlier, trust_used_key=True)
        for earlier in (False, True)
    )
    assert first == repeat == Resolution(State.REVIEW, review_reason=ReviewReason.KEY_NOT_TRUSTED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A CancelKey já foi utilizada. Utilize outra chave.",
        "Cancelamento recusado: CancelKey já utilizada",
        "Chave já consta",
        "Operação duplicada",
        "The CancelKey has already been used. Please use another one.",
    ],
)
def test_used_key_code_without_contradicting_text_is_trusted(text: str) -> None:
    verdict = refund({"HasError": True, "CodeName": "CANCEL_KEY_ALREADY_USED", "ErrorMessage": text, "Result": None})
    assert isinstance(verdict, Refused)
    assert (verdict.used_key, verdict.key_use_contradicted) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Esta CancelKey se está procesando",
        "CancelKey en uso",
        "La CancelKey está siendo procesada",
        "Otra solicitud con esta CancelKey está en proceso. Intente más tarde.",
        "CancelKey en proceso",
        "Ya existe una cancelación en curso con esta CancelKey",
        "There is already a refund for this CancelKey, pending",
        "Já existe um estorno com esta CancelKey aguardando aprovação",
        "This CancelKey is already registered for the order; waiting for processing",
        "O estorno com esta CancelKey já foi registrado e será processado",
        "This refund will be processed shortly",
        "A refund with this CancelKey is awaiting approval",
        "Refund with this CancelKey received, still processing",
    ],
)
def test_text_about_pending_request_is_in_progress(text: str) -> None:
    verdict = refund({"HasError": True, "ErrorMessage": text, "Result": None})
    assert isinstance(verdict, Unknown)
    assert verdict.reason is FailureReason.IN_PROGRESS


@pytest.mark.parametrize(
    "text",
    [
        "El pedido está en proceso",
        "La CancelKey no está en proceso",
        "O pedido aguarda pagamento",
        "Order pending; refund not allowed",
        "CancelKey inválida, pedido pendente",
        "El cliente está siendo procesado",
        "The order is awaiting approval",
        "Refund rejected, order still processing",
    ],
)
def test_text_about_other_pending_thing_is_refused(text: str) -> None:
    assert isinstance(refund({"HasError": True, "ErrorMessage": text, "Result": None}), Refused)


@pytest.mark.parametrize("code", [None, "CANCEL_KEY_ALREADY_USED"])
@pytest.mark.parametrize(
    "text",
    [
        "CancelKey already processed. Refund rejected", "CancelKey already executed: refund failed",
        "CancelKey já processada. Estorno negado", "Estorno já registrado com esta CancelKey. Erro.",
        "A refund with this CancelKey was already processed. Refund failed",
        "Cancelamento já processado com esta CancelKey. Cancelamento recusado",
        "CancelKey já processada. Não foi possível realizar o estorno",
    ],
)  # fmt: skip
def test_used_key_with_text_about_refused_refund_is_contradicted(text: str, code: str | None) -> None:
    """A server that stores the outcome of each key may answer a repeat with the refusal of the first request."""
    verdict = refund({"HasError": True, "CodeName": code, "ErrorMessage": text, "Result": None})
    assert isinstance(verdict, Refused)
    assert (verdict.used_key, verdict.key_use_contradicted) == (True, True)


@pytest.mark.parametrize(
    "text", ["Estorno negado: CancelKey já processada", "Could not process the refund: this CancelKey was already used"]
)
def test_refusal_because_of_used_key_is_not_contradicted(text: str) -> None:
    verdict = refund({"HasError": True, "ErrorMessage": text, "Result": None})
    assert isinstance(verdict, Refused)
    assert (verdict.used_key, verdict.key_use_contradicted) == (True, False)
