"""Calls about rewards over real HTTP: method, path, and what the answer becomes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.operations import Kind, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.read_back import Finding
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.rewards import Basket, CodeRequest
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, Refused, Unknown, Verdict
from bonifiq_desktop.security.credentials import Credentials
from tests.support.reward_examples import (
    ANA,
    BASKET,
    ORIGINAL_KEY,
    make_redemption,
    make_request,
    make_reward,
    reward_row,
    rewards_answer,
)
from tests.support.scripted_server import DROP, Answer, Drop, ScriptedServer, refusal, success

T = TypeVar("T")
CODE = CodeRequest(ANA, "checkout-1")
REVERSAL = make_redemption(kind=Kind.REVERSAL, cancel_key=None, state=State.UNKNOWN, evidence_id="", remote_line="5001")


def _answered(
    answer: Answer, work: Callable[[BonifiqConnector], Awaitable[T]]
) -> tuple[T, list[tuple[str, str, bytes]]]:
    """The result of calls that all get one answer, and the requests."""

    async def run(url: str) -> T:
        async with aclosing(BonifiqConnector(url, Credentials("t", "k"))) as connector:
            return await work(connector)

    with ScriptedServer(lambda _request: answer) as server:
        result = asyncio.run(run(server.url))
    return result, [(each.method, each.target, each.body) for each in server.requests]


def test_rewards_are_asked_with_the_customer_in_the_body() -> None:
    found, requests = _answered(Answer(body=rewards_answer(reward_row())), lambda c: c.rewards(BASKET))
    assert [reward.reward_id for reward in found.rewards] == [7]
    assert [each[:2] for each in requests] == [("POST", "/v1/pvt/POS/rewards/available")]
    assert b'"CustomerId":"52998224725"' in requests[0][2]


def test_rewards_without_a_named_customer_are_none_without_a_call() -> None:
    found, requests = _answered(
        Answer(), lambda c: c.rewards(replace(BASKET, customer=Customer(phone="+5511987654321")))
    )
    assert (found.customer, found.rewards, requests) == (None, (), [])


def test_redemption_is_sent_once_and_done() -> None:
    async def redeem(connector: BonifiqConnector) -> Any:
        request = make_request(make_reward())
        intent = Intent(Kind.REDEMPTION, "A-1", 1000, redemption=request, reference=ORIGINAL_KEY)
        return await connector.send(make_redemption(state=State.SENDING), connector.serialize(intent))

    body = success({"RewardId": 5001, "ExternalCode": "PDV-5001", "OriginalKey": ORIGINAL_KEY})
    verdict, requests = _answered(Answer(body=body), redeem)
    assert verdict == Done(evidence_id="5001", external_code="PDV-5001")
    assert [each[:2] for each in requests] == [("POST", "/v1/pvt/POS/rewards/7/redeem")]


def test_reversal_is_a_delete_without_body_about_its_own_reward() -> None:
    async def undo(connector: BonifiqConnector) -> Any:
        return await connector.send(REVERSAL, connector.reversal(make_redemption()))

    verdict, requests = _answered(Answer(body=success({"Id": 5001, "IsCanceled": True})), undo)
    assert (verdict, requests) == (Done(), [("DELETE", "/v1/pvt/POS/rewards/5001", b"")])
    verdict, _ = _answered(Answer(body=success({"Id": 5002, "IsCanceled": True})), undo)
    assert verdict.reason is FailureReason.WRONG_ORDER


def _undone_by_key(*answers: Answer | Drop) -> tuple[Verdict, int]:
    """The verdict on a reversal by OriginalKey whose forms get these answers, and the number of requests."""
    redemption, left = make_redemption(evidence_id=""), list(answers)

    async def run(url: str) -> Verdict:
        async with aclosing(BonifiqConnector(url, Credentials("t", "k"))) as connector:
            return await connector.send(REVERSAL, connector.reversal(redemption))

    with ScriptedServer(lambda _request: left.pop(0)) as server:
        return asyncio.run(run(server.url)), len(server.requests)


UNDONE, REFUSED = Answer(body=success({"Id": 5001, "IsCanceled": True})), Answer(body=refusal("Falta a chave", None))
NO_BODY, NO = Answer(415, {"message": "no body"}), Refused("05", "Falta a chave")


@pytest.mark.parametrize(
    ("answers", "expected", "count"),
    [
        ((UNDONE,), Done(), 1),
        ((Answer(500),), Unknown(FailureReason.SERVER_ERROR), 1),
        ((DROP,), Unknown(FailureReason.CONNECTION_LOST), 1),
        ((REFUSED, UNDONE), Done(), 2),
        ((NO_BODY, UNDONE), Done(), 2),
        ((REFUSED, REFUSED), NO, 2),
        ((REFUSED, NO_BODY), NO, 2),
        ((REFUSED, DROP), Unknown(FailureReason.CONNECTION_LOST), 2),  # it may have arrived
    ],
)
def test_reversal_by_key_is_asked_in_both_forms(answers: Any, expected: Verdict, count: int) -> None:
    assert _undone_by_key(*answers) == (expected, count)


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (Answer(body={"Id": 5001, "IsCanceled": True}), Finding.APPLIED),
        (Answer(body={"Id": 5001, "IsCanceled": False}), Finding.ABSENT),
        (Answer(body=success({"Id": "5001", "IsCanceled": True})), Finding.APPLIED),
        (Answer(body=success(None)), Finding.CONFLICT),
        (Answer(body=refusal("Não encontrado", "RewardNotFound")), Finding.CONFLICT),
        (Answer(404, refusal("Não encontrado", "RewardNotFound")), Finding.CONFLICT),
    ],
)
def test_reversal_is_read_back_from_its_reward(answer: Answer, finding: Finding) -> None:
    shown, requests = _answered(answer, lambda c: c.read_back(REVERSAL, b""))
    assert shown.finding is finding
    assert requests == [("GET", "/v1/pvt/Rewards/5001", b"")]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body={"Id": 5002, "IsCanceled": True}),
        Answer(body={"Id": 5001}),
        Answer(body={"Id": 5001, "IsCanceled": "true"}),
        Answer(body=b"<html>"),
        Answer(body=b""),
        Answer(404, {"message": "no route"}),
        Answer(404, {"Id": 5001, "IsCanceled": True}),
        Answer(500, {"Id": 5001, "IsCanceled": True}),
    ],
)
def test_unreadable_reward_settles_no_reversal(answer: Answer) -> None:
    with pytest.raises(LookupFailed):
        _answered(answer, lambda c: c.read_back(REVERSAL, b""))


@pytest.mark.parametrize("operation", [make_redemption(state=State.UNKNOWN), replace(REVERSAL, remote_line="")])
def test_what_no_call_shows_is_not_read_back(operation: Any) -> None:
    with pytest.raises(LookupFailed):
        _answered(Answer(body={"Id": 5001, "IsCanceled": True}), lambda c: c.read_back(operation, b""))


def test_code_is_asked_and_checked_under_the_customers_name() -> None:
    sent, requests = _answered(Answer(body={"Success": True, "SentBySMS": True}), lambda c: c.send_code(CODE))
    assert (sent.was_sent, sent.by_sms, sent.by_email) == (True, True, False)
    assert [each[:2] for each in requests] == [("POST", "/v1/pvt/POS/customers/52998224725/challenge")]
    answer = Answer(body={"Success": True, "TransactionId": "checkout-1"})
    checked, requests = _answered(answer, lambda c: c.check_code(CODE, "123456"))
    assert checked.is_right
    assert [each[:2] for each in requests] == [("POST", "/v1/pvt/POS/customers/52998224725/challengevalidate")]


def test_test_code_is_named_only_by_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Answer(body={"Success": False, "Code": "123456"})
    sent, _ = _answered(answer, lambda c: c.send_code(CODE))
    assert sent.test_code == "123456"

    async def from_afar(connector: BonifiqConnector) -> Any:
        monkeypatch.setattr(connector, "_is_local", False)
        return await connector.send_code(CODE)

    assert _answered(answer, from_afar)[0].test_code == ""
    assert not BonifiqConnector("https://127.0.0.1", Credentials("t", "k"))._is_local


def test_empty_basket_asks_for_a_balance_with_rewards() -> None:
    found, _ = _answered(
        Answer(body=rewards_answer(reward_row(CanUse=False, CannotUseReason=1))), lambda c: c.rewards(Basket(ANA, 0))
    )
    assert (found.points, found.rewards[0].points, found.rewards[0].can_use) == (310, 100, False)
