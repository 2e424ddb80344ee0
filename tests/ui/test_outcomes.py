"""What became of an operation is said in words of its own, whatever it is."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import FINAL, Doubt, Kind, Operation, State
from bonifiq_desktop.domain.verdicts import LookupFailed, Trouble
from bonifiq_desktop.ui.formats import shown_text
from bonifiq_desktop.ui.outcomes import describe_contradiction, describe_operation
from bonifiq_desktop.ui.words import describe
from tests.ui.test_history_model import operation


def made(kind: Kind, state: State, doubt: Doubt | None = None) -> Operation:
    return replace(operation(1, state), kind=kind, doubt=doubt)


def test_each_doubt_is_said_in_its_own_words(qapp: object) -> None:
    words = [describe_operation(made(Kind.CANCEL, State.REVIEW, doubt)) for doubt in Doubt]
    assert len({said.moved for said in words}) == len(Doubt)
    assert all(said.moved and said.tone == "danger" for said in words)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("1234", "O BonifiQ disse: “erro 1234”"),
        ("Valor 1234 inválido", "O BonifiQ disse: “Valor 1234 inválido”"),
        ("InvalidValue", "O BonifiQ disse: “InvalidValue”"),
    ],
)
def test_the_number_of_an_error_is_said_as_one(qapp: object, message: str, said: str) -> None:
    for state in (State.REFUSED, State.REVIEW):
        assert said in describe_operation(replace(made(Kind.REFUND, state), message=message)).moved
    assert said in describe(LookupFailed(None, message=message)).moved
    assert "disse" not in describe_operation(replace(made(Kind.REFUND, State.REFUSED), message="")).moved


def test_every_trouble_of_a_look_up_is_said_with_what_to_do(qapp: object) -> None:
    words = {trouble: describe(LookupFailed(trouble)) for trouble in Trouble}
    assert all(said.title and said.moved and said.to_do for said in words.values())
    certificate = words[Trouble.CERTIFICATE]
    assert "certificado" in certificate.title
    assert "antivírus" in certificate.to_do
    assert "data e a hora" in certificate.to_do


def test_each_contradiction_says_what_happened_what_moved_and_what_to_do(qapp: object) -> None:
    cases = [(kind, state) for kind in Kind for state in FINAL if (kind, state) != (Kind.REFUND, State.CONFIRMED)]
    words = {case: describe_contradiction(made(*case)) for case in cases}
    assert all(said.title and said.moved and "painel do BonifiQ" in said.to_do for said in words.values())
    assert all("pontos" in said.moved for said in words.values())
    done = {said.moved for (kind, state), said in words.items() if state is State.CONFIRMED}
    not_done = {said.moved for (kind, state), said in words.items() if state is not State.CONFIRMED}
    assert (len(done), len(not_done)) == (2, 3)


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("shown missing", "pedido não encontrado"),
        ("shown cancelled", "pedido cancelado"),
        ("shown 12990", "pedido não cancelado, total de R$\u00a0129,90"),
        ("", ""),
        ("12990", ""),  # a code of BonifiQ's
        ("OrderAlreadyCancelled", ""),
        ("found at start", ""),
        ("Ana: shown missing", ""),
    ],
)
def test_what_bonifiq_showed_is_told_from_all_other_notes(qapp: object, note: str, text: str) -> None:
    assert shown_text(note) == text
