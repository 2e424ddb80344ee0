"""Messages for the states, failures and contradictions of operations."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import FINAL, Evidence, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.verdicts import CancelStatus, FailureReason, LookupFailed
from bonifiq_desktop.ui.messages.contradictions import message_for_contradiction
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import lookup_event_text
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_operation
from tests.ui.history.test_model import operation


def made(kind: Kind, state: State, doubt: ReviewReason | None = None) -> Operation:
    return replace(operation(1, state), kind=kind, review_reason=doubt)


def test_each_review_reason_has_its_own_text(qapp: object) -> None:
    words = [message_for_operation(made(Kind.CANCEL, State.REVIEW, doubt)) for doubt in ReviewReason]
    assert len({said.effect for said in words}) == len(ReviewReason)
    assert all(said.effect and said.tone == "danger" for said in words)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("1234", "O BonifiQ disse: “erro 1234”"),
        ("Valor 1234 inválido", "O BonifiQ disse: “Valor 1234 inválido”"),
        ("InvalidValue", "O BonifiQ disse: “InvalidValue”"),
    ],
)
def test_numeric_answer_is_quoted_as_an_error_number(qapp: object, message: str, said: str) -> None:
    for state in (State.REFUSED, State.REVIEW):
        assert said in message_for_operation(replace(made(Kind.REFUND, state), message=message)).effect
    assert said in message_for_error(LookupFailed(None, message=message)).effect
    assert "disse" not in message_for_operation(replace(made(Kind.REFUND, State.REFUSED), message="")).effect


def test_every_look_up_failure_has_title_and_action(qapp: object) -> None:
    words = {trouble: message_for_error(LookupFailed(trouble)) for trouble in FailureReason}
    assert all(said.title and said.effect and said.action for said in words.values())
    certificate = words[FailureReason.CERTIFICATE]
    assert "certificado" in certificate.title
    assert "antivírus" in certificate.action
    assert "data e a hora" in certificate.action


def test_each_contradiction_has_title_effect_and_action(qapp: object) -> None:
    cases = [(kind, state) for kind in Kind for state in FINAL]
    words = {case: message_for_contradiction(made(*case)) for case in cases}
    for (kind, _state), said in words.items():
        assert said.title
        assert ("portal" if kind is Kind.RETURN else "painel do BonifiQ") in said.action
        assert ("dinheiro" if kind is Kind.RETURN else "pontos") in said.effect
    done = {said.effect for (kind, state), said in words.items() if state is State.CONFIRMED}
    not_done = {said.effect for (kind, state), said in words.items() if state is not State.CONFIRMED}
    assert (len(done), len(not_done)) == (7, 7)


def test_contradiction_by_the_shops_history_names_it(qapp: object) -> None:
    for kind in Kind:
        said = message_for_contradiction(replace(made(kind, State.NOT_APPLIED), review_reason=ReviewReason.RESTORED))
        assert "histórico da loja" in said.title
        assert ("portal" if kind is Kind.RETURN else "painel do BonifiQ") in said.action


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("shown missing", "pedido não encontrado"),
        ("shown cancelled", "pedido cancelado"),
        ("shown 12990", "pedido não cancelado, total de R$\u00a0129,90"),
        ("", ""),
        ("12990", ""),  # an error code of BonifiQ
        ("OrderAlreadyCancelled", ""),
        ("found at start", ""),
        ("Ana: shown missing", ""),
    ],
)
def test_look_up_note_is_told_from_other_notes(qapp: object, note: str, text: str) -> None:
    assert lookup_event_text(note) == text


ENROLLED, NOT_ENROLLED = Customer(name="Maria", enrolled=True), Customer(name="Maria", enrolled=False)
TAKEN_BACK, ACCEPTED = "foram estornados", "O BonifiQ aceitou o estorno; o saldo pode demorar."


def confirmed(
    kind: Kind, status: CancelStatus | None, evidence: Evidence = Evidence.ANSWER, customer: Customer | None = ENROLLED
) -> Message:
    order = Order("1001", 12990, customer=customer)
    done = made(kind, State.CONFIRMED)
    return message_for_operation(replace(done, api_status=status, evidence=evidence, order=order))


@pytest.mark.parametrize("customer", [None, ENROLLED, Customer(name="Maria")])
@pytest.mark.parametrize(
    ("kind", "status", "evidence", "taken_back"),
    [
        (Kind.REFUND, CancelStatus.COMPLETED, Evidence.ANSWER, True),
        (Kind.REFUND, CancelStatus.ACCEPTED, Evidence.ANSWER, False),
        (Kind.REFUND, None, Evidence.ANSWER, False),
        (Kind.REFUND, None, Evidence.KEY, False),
        (Kind.REFUND, CancelStatus.CANCELLED, Evidence.ANSWER, False),
        (Kind.CANCEL, CancelStatus.COMPLETED, Evidence.ANSWER, True),
        (Kind.CANCEL, CancelStatus.CANCELLED, Evidence.ANSWER, True),
        (Kind.CANCEL, CancelStatus.ACCEPTED, Evidence.ANSWER, False),
        (Kind.CANCEL, None, Evidence.LOOKUP, False),
    ],
)
def test_points_are_called_reversed_only_with_a_completed_status(
    qapp: object,
    kind: Kind,
    status: CancelStatus | None,
    evidence: Evidence,
    customer: Customer | None,
    *,
    taken_back: bool,
) -> None:
    words = confirmed(kind, status, evidence, customer)
    assert (TAKEN_BACK in words.effect, ACCEPTED in words.effect) == (taken_back, not taken_back)
    if kind is Kind.REFUND:
        assert ("feita no BonifiQ" in words.title) is taken_back


@pytest.mark.parametrize("kind", [Kind.REFUND, Kind.CANCEL])
@pytest.mark.parametrize("status", [None, *CancelStatus])
def test_message_for_an_unenrolled_customer_mentions_no_points(
    qapp: object, kind: Kind, status: CancelStatus | None
) -> None:
    words = confirmed(kind, status, customer=NOT_ENROLLED)
    assert words.effect == "Este cliente não participa do programa de fidelidade."
    assert "ponto" not in words.title + words.action
    assert "estorn" not in words.title + words.action


def test_partial_refund_answered_as_cancelled_states_the_look_up(qapp: object) -> None:
    alive = confirmed(Kind.REFUND, CancelStatus.CANCELLED)
    assert "consulte o pedido (F2)" in alive.action
    cancelled = confirmed(Kind.REFUND, CancelStatus.CANCELLED, Evidence.LOOKUP)
    assert "o pedido inteiro aparece cancelado" in cancelled.title
    assert (cancelled.tone, "só uma parte" in cancelled.action) == ("warning", True)


def test_operation_closed_by_a_person_makes_no_claim_about_points(qapp: object) -> None:
    words = confirmed(Kind.REFUND, None, Evidence.PERSON)
    assert "decisão de uma pessoa" in words.effect
    assert TAKEN_BACK not in words.effect


def test_undecided_denial_quotes_the_answer(qapp: object) -> None:
    for state, doubt in ((State.UNKNOWN, None), (State.REVIEW, ReviewReason.SAYS_NO_TWICE)):
        said = replace(made(Kind.REFUND, state, doubt), failure_reason=FailureReason.SAYS_NO, message="Conflict")
        assert "“Conflict”" in message_for_operation(said).effect


def test_request_in_progress_has_its_own_text(qapp: object) -> None:
    words = message_for_operation(replace(made(Kind.REFUND, State.UNKNOWN), failure_reason=FailureReason.IN_PROGRESS))
    assert "ainda está processando" in words.effect
    assert words.tone == "warning"
