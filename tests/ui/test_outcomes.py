"""What became of an operation is said in words of its own, whatever it is."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import FINAL, Doubt, Kind, Operation, State
from bonifiq_desktop.ui.formats import shown_text
from bonifiq_desktop.ui.outcomes import describe_contradiction, describe_operation
from tests.ui.test_history_model import operation


def made(kind: Kind, state: State, doubt: Doubt | None = None) -> Operation:
    return replace(operation(1, state), kind=kind, doubt=doubt)


def test_each_doubt_is_said_in_its_own_words(qapp: object) -> None:
    words = [describe_operation(made(Kind.CANCEL, State.REVIEW, doubt)) for doubt in Doubt]
    assert len({said.moved for said in words}) == len(Doubt)
    assert all(said.moved and said.tone == "danger" for said in words)


def test_each_contradiction_says_what_happened_what_moved_and_what_to_do(qapp: object) -> None:
    cases = [(kind, state) for kind in Kind for state in FINAL if (kind, state) != (Kind.REFUND, State.CONFIRMED)]
    words = {case: describe_contradiction(made(*case)) for case in cases}
    assert all(said.title and said.moved and "painel do BonifiQ" in said.to_do for said in words.values())
    assert all("pontos" in said.moved for said in words.values())
    done = {said.moved for (kind, state), said in words.items() if state is State.CONFIRMED}
    not_done = {said.moved for (kind, state), said in words.items() if state is not State.CONFIRMED}
    assert (len(done), len(not_done)) == (3, 4)


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
