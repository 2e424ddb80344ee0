"""The sentences on a slip say no more than those on the screen, for every outcome of every kind of operation."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from bonifiq_desktop.domain.legs import RemoteProgress
from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    UNFINISHED,
    Evidence,
    Kind,
    Operation,
    ReviewReason,
    State,
)
from bonifiq_desktop.domain.orders import Customer, Order, OrderState
from bonifiq_desktop.domain.points_claims import PointsClaim
from bonifiq_desktop.domain.verdicts import Bonus, CancelStatus
from bonifiq_desktop.services.slip_sentences import Sentences, sentences
from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_operation
from tests.support.operations import make_operation

SAY = Sentences("pt_BR")
DONE_WORDS = ("estornad", "estornou", "Estornada", "feita no BonifiQ", "registrada no BonifiQ", "cancelado no BonifiQ")
UNDER_WAY = "Em andamento, ainda não confirmado"
ORDERS = [
    None,
    Order("A-1", 9000, completed=True, customer=Customer(name="Maria", enrolled=True)),
    Order("A-1", 9000, completed=True, customer=Customer(name="Maria", enrolled=False)),
    Order("A-1", 9000, state=OrderState.PENDING),
    Order("A-1", 9000, cancelled=True),
]


def _of(kind: Kind, state: State) -> Iterator[Operation]:
    """Operations of a kind in a state, with every evidence, answer and order."""
    evidence = list(Evidence) if state is State.CONFIRMED else [None]
    for proof, status, order, bonus in product(
        evidence, [None, *CancelStatus], ORDERS, [None, Bonus(), Bonus(1234, 500)]
    ):
        fields: dict[str, Any] = {"kind": kind, "state": state, "evidence": proof, "api_status": status}
        if state is State.REVIEW:
            fields["review_reason"] = ReviewReason.BUDGET_USED_UP
        yield make_operation(order=order, bonus=bonus, external_code="C1", **fields)


def _legs(state: State) -> Iterator[Operation]:
    """Legs of a return in a marketplace, by the marketplace's own words."""
    for word in ("", "WAITING_REFUND", "WAITING_REFUND_TAX_CONFIRMATION", "REFUNDED", "50", "100", "CLOSED"):
        review = ReviewReason.NO_TRACE if state is State.REVIEW else None
        yield make_operation(
            kind=Kind.RETURN, system="mirakl", connection="Carrefour", state=state, remote_state=word,
            evidence=Evidence.ANSWER if state is State.CONFIRMED else None, review_reason=review, is_estimate=True,
        )  # fmt: skip


OF_BONIFIQ = [kind for kind in Kind if kind is not Kind.RETURN]
CASES = [(kind, state) for kind in OF_BONIFIQ for state in State]


def on_paper(operation: Operation) -> str:
    """All that a slip says of an operation."""
    return " ".join((SAY.status(operation), SAY.points(operation), SAY.money([operation])))


def on_screen(message: Message) -> str:
    """All that the screen says of it."""
    return " ".join((message.title, message.effect, message.action))


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_slip_calls_reversed_only_what_the_screen_calls_so(qapp: object, kind: Kind, state: State) -> None:
    for operation in _of(kind, state):
        paper, screen = on_paper(operation), on_screen(message_for_operation(operation))
        assert ("foram estornados" in paper) == ("foram estornados" in screen), operation
        assert "feita no BonifiQ" not in paper or "feita no BonifiQ" in screen, operation
        assert "deve ganhar" not in paper or "(estimativa do BonifiQ)" in paper, operation
        assert ("não participa" in paper) == ("não participa" in screen), operation


@pytest.mark.parametrize("state", State)
def test_slip_of_a_leg_says_what_the_screen_says_of_its_money(qapp: object, state: State) -> None:
    for leg in _legs(state):
        paper, screen = on_paper(leg), on_screen(message_for_operation(leg))
        assert ("o dinheiro já saiu" in paper) == ("o dinheiro já saiu" in screen), leg
        if state is State.CONFIRMED:
            assert SAY.status(leg) in screen


@pytest.mark.parametrize(("kind", "state"), [(kind, state) for kind in Kind for state in sorted(UNFINISHED)])
def test_slip_of_an_unfinished_operation_says_so(kind: Kind, state: State) -> None:
    found = [*_legs(state)] if kind is Kind.RETURN else [*_of(kind, state)]
    for operation in found:
        assert SAY.status(operation).startswith(UNDER_WAY)
        assert SAY.return_status([operation]).startswith(UNDER_WAY)
        assert not any(word in on_paper(operation) for word in DONE_WORDS), operation


@pytest.mark.parametrize(("kind", "state"), [(kind, state) for kind in Kind for state in sorted(CLOSED_NEGATIVELY)])
def test_slip_of_what_was_not_done_promises_no_money_and_no_points(kind: Kind, state: State) -> None:
    found = [*_legs(state)] if kind is Kind.RETURN else [*_of(kind, state)]
    for operation in found:
        assert not SAY.money([operation])
        assert not any(word in on_paper(operation) for word in (*DONE_WORDS, "deve ganhar", "em andamento"))


def test_slip_of_a_contradicted_operation_says_that_the_system_shows_otherwise() -> None:
    assert "BonifiQ mostra outra coisa" in SAY.status(make_operation(contradicted=True))
    legs = [make_operation(return_id="R", contradicted=True), make_operation(return_id="R", kind=Kind.RETURN)]
    assert SAY.return_status(legs).startswith(UNDER_WAY)


def test_return_is_accepted_when_all_money_is() -> None:
    money = [next(_legs(State.CONFIRMED)), next(_legs(State.CONFIRMED))]
    points = make_operation(after_money=True, state=State.QUEUED, attempts=0)
    assert SAY.return_status([*money, points]) == "Devolução aceita."
    assert "espera o dinheiro" in on_paper(points)
    assert SAY.return_status([money[0], next(_legs(State.UNKNOWN)), points]).startswith(UNDER_WAY)
    assert SAY.return_status([money[0], next(_legs(State.REFUSED)), points]).startswith("Uma parte")


def test_money_is_said_to_go_back_by_its_own_way_and_never_to_be_back() -> None:
    legs = [next(_legs(State.CONFIRMED)), next(_legs(State.SENDING))]
    assert SAY.money(legs[:1]).startswith("O dinheiro volta por Carrefour")
    assert SAY.money(legs).startswith("O dinheiro deve voltar por Carrefour, depois de aceito")
    here = SAY.money([make_operation()])
    assert "maquininha ou na gaveta" in here
    assert "não prova" in here
    assert not SAY.money([make_operation(kind=Kind.SALE)])


def test_estimates_are_marked() -> None:
    assert SAY.value(make_operation(is_estimate=True)).endswith("(estimado)")
    assert "(estimativa do BonifiQ)" in SAY.points(make_operation(kind=Kind.SALE, bonus=Bonus(1, 0)))


# --- the file of sentences


def test_sentences_have_the_same_keys_and_places_in_each_language() -> None:
    first, *others = [sentences(language) for language in LANGUAGES]
    for other in others:
        assert first.keys() == other.keys()
        for key, text in first.items():
            assert re.findall(r"\{\d\}", text) == re.findall(r"\{\d\}", other[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_state_claim_and_progress_has_its_sentence(language: str) -> None:
    known = sentences(language)
    wanted = [f"state.{state}" for state in State if state is not State.CONFIRMED]
    wanted += [f"points.{claim}" for claim in PointsClaim] + [f"leg.{each}" for each in RemoteProgress]
    wanted += [f"name.{state}" for state in State] + [f"kind.{kind}" for kind in Kind]
    assert not set(wanted) - known.keys()
