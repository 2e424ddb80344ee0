"""What answers to a redemption and to its reversal mean."""

import json
from typing import Any

import pytest

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer
from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import Done, FailureReason, NotSent, Refused, Unknown, Verdict
from tests.support.reward_examples import ORIGINAL_KEY
from tests.support.scripted_server import refusal, success

REDEEMED = {"RewardId": 5001, "Point": None, "ExternalCode": "PDV-5001", "OriginalKey": ORIGINAL_KEY, "Coupon": None}
UNDONE = {"Id": 5001, "IsCanceled": True, "ExternalCode": "PDV-5001", "CashValue": 10.0}
EMPTY, UNREADABLE = Unknown(FailureReason.EMPTY_RESULT), Unknown(FailureReason.UNREADABLE)
OTHER = Unknown(FailureReason.WRONG_ORDER)
DONE = Done(evidence_id="5001", external_code="PDV-5001")
NOTHING = {**refusal(None, None), "Severity": 1, "HasWarning": True, "HasError": False}


def _redeem(body: Any, status: int = 200) -> Verdict:
    answer = HttpResponse(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return classify_answer(Kind.REDEMPTION, answer, order_id="A-1", cancel_key=ORIGINAL_KEY)


def _undo(body: Any, status: int = 200, reward_id: str = "5001") -> Verdict:
    answer = HttpResponse(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return classify_answer(Kind.REVERSAL, answer, order_id="A-1", cancel_key=None, reward_id=reward_id)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (REDEEMED, DONE),
        ({**REDEEMED, "OriginalKey": None}, DONE),
        ({**REDEEMED, "RewardId": "5001"}, DONE),
        ({**REDEEMED, "RewardId": 5001.0}, DONE),
        (
            {**REDEEMED, "ExternalProductId": "SKU-9"},
            Done(evidence_id="5001", external_code="PDV-5001", external_product_id="SKU-9"),
        ),
        ({**REDEEMED, "ExternalCode": 5001}, Done(evidence_id="5001", external_code="5001")),
        ({**REDEEMED, "ExternalCode": None}, Done(evidence_id="5001")),
        ({**REDEEMED, "ExternalCode": "PDV\u202e1"}, Done(evidence_id="5001")),
        ({**REDEEMED, "ExternalCode": "X" * 1001}, Done(evidence_id="5001")),
        ({**REDEEMED, "RewardId": None}, Done(external_code="PDV-5001")),
        ({**REDEEMED, "RewardId": 0}, Done(external_code="PDV-5001")),
        ({**REDEEMED, "RewardId": -4}, UNREADABLE),
        ({**REDEEMED, "RewardId": "5001; 5002"}, UNREADABLE),
        ({**REDEEMED, "RewardId": True}, UNREADABLE),
        ({**REDEEMED, "RewardId": 5001.5}, UNREADABLE),
        ({**REDEEMED, "OriginalKey": "BQ-R-OTHER"}, OTHER),
        ({**REDEEMED, "OriginalKey": 12}, UNREADABLE),
        ({"Point": {"PointId": 1}}, UNREADABLE),
        ({}, EMPTY),
        ([], EMPTY),
        (None, EMPTY),
    ],
)
def test_redemption_is_done_only_with_an_id_or_a_code(result: Any, expected: Verdict) -> None:
    assert _redeem(success(result)) == expected


def test_redemption_with_a_warning_is_done_and_keeps_its_words() -> None:
    body = {**success(REDEEMED), "Severity": 1, "HasWarning": True, "ErrorMessage": "Saldo baixo"}
    assert _redeem(body) == Done(evidence_id="5001", external_code="PDV-5001", warning="Saldo baixo")


def test_redemption_without_envelope_is_done() -> None:
    assert _redeem(REDEEMED) == DONE


def test_redemption_that_is_refused_and_shown_at_once_is_unknown() -> None:
    assert _redeem({**refusal("Erro interno", "InternalError"), "Result": REDEEMED}) == UNREADABLE
    assert _redeem({**refusal("Saldo insuficiente", None), "Result": {"RewardId": 0}}) == Refused(
        "05", "Saldo insuficiente"
    )


@pytest.mark.parametrize("status", [200, 400])
def test_redemption_refusal_keeps_code_and_words(status: int) -> None:
    expected = Refused("NotEnoughPoints", "Pontos insuficientes")
    assert _redeem(refusal("Pontos insuficientes", "NotEnoughPoints"), status) == expected


@pytest.mark.parametrize(
    ("name", "message", "expected"),
    [
        ("RewardNotFound", None, Refused("RewardNotFound")),
        ("CUSTOMER_NOT_FOUND", "Cliente?", Refused("CUSTOMER_NOT_FOUND", "Cliente?")),
        ("SomethingElse", "Não deu", Unknown(FailureReason.SAYS_NO, code="SomethingElse", message="Não deu")),
        (None, None, EMPTY),
    ],
)
def test_redemption_warning_without_result_is_refused_only_for_a_missing_reward(
    name: str | None, message: str | None, expected: Verdict
) -> None:
    assert _redeem({**NOTHING, "CodeName": name, "ErrorMessage": message, "Code": None}) == expected


USED = [
    *("The OriginalKey has already been used.", "OriginalKey already used", f"{ORIGINAL_KEY} already exists"),
    *("A OriginalKey informada já foi utilizada", "Chave de resgate já utilizada", "Duplicate original key"),
    *("Já existe um resgate com esta OriginalKey", "Reward already redeemed with this OriginalKey"),
    *("Recompensa já resgatada com esta OriginalKey", "There is already a redemption with this OriginalKey"),
    *("Resgate já realizado com esta OriginalKey", "OriginalKey duplicada"),
]
OTHERS = [
    *("Reward already redeemed", "Recompensa já resgatada", "Resgate já realizado", "OriginalKey is required"),
    *("OriginalKey inválida", "The OriginalKey must not be used", "Points already used", "Cashback já utilizado"),
    *("A chave do cupom já foi utilizada", "The reward limit was already used", "Cliente não encontrado"),
]


@pytest.mark.parametrize("message", USED)
def test_redemption_refusal_that_names_a_used_key_is_recognized(message: str) -> None:
    assert _redeem(refusal(message, None)) == Refused("05", message, used_key=True)


@pytest.mark.parametrize(
    "name",
    [
        "OriginalKeyAlreadyUsed",
        "ORIGINAL_KEY_USED",
        "DuplicatedOriginalKey",
        "original-key-already-exists",
        "ChaveDeResgateJaUtilizada",
    ],
)
def test_redemption_code_name_of_a_used_key_is_recognized(name: str) -> None:
    verdict = _redeem(refusal(None, name))
    assert isinstance(verdict, Refused)
    assert verdict.used_key


@pytest.mark.parametrize("message", OTHERS)
def test_redemption_refusal_for_another_reason_is_no_used_key(message: str) -> None:
    assert _redeem(refusal(message, None)) == Refused("05", message)


@pytest.mark.parametrize("message", ["A redemption with this OriginalKey is in progress", "Resgate em processamento"])
def test_redemption_in_progress_is_neither_done_nor_refused(message: str) -> None:
    assert _redeem(refusal(message, None), 409) == Unknown(FailureReason.IN_PROGRESS, code="05", message=message)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (UNDONE, Done()),
        ({**UNDONE, "Id": None}, Done()),
        ({"IsCanceled": True}, Done()),
        ({"isCanceled": True}, OTHER),
        ({**UNDONE, "OrderTotal": 10.0}, OTHER),
        ({**UNDONE, "Id": 5002}, OTHER),
        ({**UNDONE, "IsCanceled": False}, EMPTY),
        ({**UNDONE, "IsCanceled": None}, EMPTY),
        ({"Id": 5001}, EMPTY),
        ({"Customer": {}}, UNREADABLE),
        ({**UNDONE, "IsCanceled": "true"}, UNREADABLE),
        ({**UNDONE, "IsCanceled": 1}, UNREADABLE),
        ({"Id": 5001, "iscanceled": True}, UNREADABLE),
        (None, EMPTY),
    ],
)
def test_reversal_is_done_only_when_is_canceled_is_true(result: Any, expected: Verdict) -> None:
    assert _undo(success(result)) == expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (UNDONE, Done()),
        ({"Id": 5001, "IsCanceled": True}, Done()),
        ({"ExternalCode": "PDV-5001", "IsCanceled": True}, Done()),
        ({"IsCanceled": True}, OTHER),
        ({"Id": 0, "IsCanceled": True}, OTHER),
        ({"isCanceled": True, "OriginalId": "OUTRO", "Status": 3, "OrderTotal": 10}, OTHER),
        ({**UNDONE, "OriginalId": "OUTRO"}, OTHER),
    ],
)
def test_reversal_by_key_is_done_only_by_an_answer_about_a_reward(result: Any, expected: Verdict) -> None:
    assert _undo(success(result), reward_id="") == expected


def test_redemption_answer_about_an_order_is_unknown() -> None:
    assert _redeem(success({**REDEEMED, "OrderTotal": 10})) == OTHER


def test_reversal_refusal_is_a_refusal_for_the_records_to_settle() -> None:
    refused = Refused("RewardAlreadyCanceled", "Já cancelado")
    assert _undo(refusal("Já cancelado", "RewardAlreadyCanceled")) == refused
    assert _undo({**NOTHING, "CodeName": "RewardNotFound"}) == Unknown(FailureReason.SAYS_NO, code="RewardNotFound")


@pytest.mark.parametrize("classify", [_redeem, _undo])
def test_answers_that_carry_no_verdict_are_unknown(classify: Any) -> None:
    for status, reason in [
        (401, FailureReason.CREDENTIALS),
        (429, FailureReason.THROTTLED),
        (500, FailureReason.SERVER_ERROR),
        (302, FailureReason.REDIRECTED),
        (408, FailureReason.TIMED_OUT),
    ]:
        assert classify(success({**REDEEMED, **UNDONE}), status) == Unknown(reason)
    assert classify(b"<html>ok</html>") == UNREADABLE
    assert classify(b'{"Result": {"RewardId": 1') == UNREADABLE
    assert classify(b"[]") == UNREADABLE
    assert classify(b"") == UNREADABLE
    assert classify(b"not found", 404) == Unknown(FailureReason.SAYS_NO, code="404", message="not found")


@pytest.mark.parametrize("kind", [Kind.REDEMPTION, Kind.REVERSAL])
def test_transport_failure_is_not_sent_only_before_the_first_byte(kind: Kind) -> None:
    for sent, expected in ((False, NotSent(FailureReason.NO_CONNECTION)), (True, Unknown(FailureReason.NO_CONNECTION))):
        failure = TransportFailure(FailureReason.NO_CONNECTION, possibly_sent=sent)
        assert classify_answer(kind, failure, order_id="A-1", cancel_key=ORIGINAL_KEY) == expected
