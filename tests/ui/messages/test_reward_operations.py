"""Messages for redemptions, reversals, the sale that uses a reward, and decisions about them."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Decision, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.recommendations import recommend
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ui.messages.decisions import decision_effect, decision_title, recommendation_text
from bonifiq_desktop.ui.messages.operations import message_for_operation
from tests.ui.history.test_model import operation

REDEEMED = replace(operation(1), kind=Kind.REDEMPTION, value=1000, external_code="EC-1", checkout_id="c1")
REVERSED = replace(REDEEMED, kind=Kind.REVERSAL, external_code="")
SALE = replace(REDEEMED, kind=Kind.SALE, value=8990, external_code="")


def spoken(operation: Operation) -> str:
    said = message_for_operation(operation)
    return " ".join((said.title, said.effect, said.action))


@pytest.mark.parametrize("made", [REDEEMED, REVERSED], ids=lambda made: made.kind)
def test_each_state_of_a_reward_has_its_own_sentence(qapp: object, made: Operation) -> None:
    titles = {message_for_operation(replace(made, state=state)).title for state in State}
    assert len(titles) == len(State) - 1  # queued and sending look the same
    assert all("enefício" in title for title in titles)


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN])
def test_redemption_without_answer_is_never_called_used(qapp: object, state: State) -> None:
    said = message_for_operation(replace(REDEEMED, state=state))
    assert said.tone in {"info", "warning"}
    assert "usado no BonifiQ" not in said.title


def test_redemption_without_a_line_says_not_to_promise_the_discount(qapp: object) -> None:
    waiting = replace(REDEEMED, state=State.QUEUED, failure_reason=FailureReason.NO_CONNECTION)
    assert "não prometa" in message_for_operation(waiting).effect


def test_redemption_without_its_code_can_only_be_undone(qapp: object) -> None:
    said = message_for_operation(replace(REDEEMED, external_code=""))
    assert said.tone == "warning"
    assert "desfaça-o" in said.action
    assert message_for_operation(REDEEMED).tone == "success"


def test_reward_without_an_amount_names_none(qapp: object) -> None:
    assert message_for_operation(replace(REDEEMED, value=0)).title == "Benefício usado no BonifiQ."
    assert "R$\u00a010,00" in message_for_operation(REDEEMED).title


@pytest.mark.parametrize("state", [State.REFUSED, State.NOT_APPLIED])
def test_reversal_that_failed_says_that_the_reward_stays_used(qapp: object, state: State) -> None:
    assert "continua usado" in spoken(replace(REVERSED, state=state))


@pytest.mark.parametrize("state", sorted(CLOSED_NEGATIVELY))
def test_sale_closed_negatively_says_where_its_reward_is(qapp: object, state: State) -> None:
    assert "O benefício do cliente continua usado" in spoken(replace(SALE, state=state))
    assert "benefício" not in spoken(replace(SALE, state=state, checkout_id=""))


def test_confirmed_sale_says_that_its_reward_was_used(qapp: object) -> None:
    assert "usado nesta venda" in spoken(SALE)
    assert "benefício" not in spoken(replace(SALE, checkout_id=""))


def test_sale_without_its_reward_offers_to_go_without_it(qapp: object) -> None:
    held = replace(SALE, state=State.REVIEW, review_reason=ReviewReason.REWARD_NOT_REDEEMED)
    assert "não usou o benefício" in message_for_operation(held).effect
    assert decision_title(Decision.TRY_AGAIN, held) == "Enviar sem o benefício"
    assert "a loja dá o desconto" in decision_effect(Decision.TRY_AGAIN, held)
    assert "já pagou" in recommendation_text(recommend(held, None, 0), Kind.SALE)


@pytest.mark.parametrize("kind", [Kind.REDEMPTION, Kind.REVERSAL])
def test_every_decision_about_a_reward_has_title_effect_and_advice(qapp: object, kind: Kind) -> None:
    for reason in ReviewReason:
        held = replace(REDEEMED, kind=kind, state=State.REVIEW, review_reason=reason)
        assert message_for_operation(held).effect
        assert recommendation_text(recommend(held, None, 0), kind)
        for decision in spec_of(kind).decisions_for(reason):
            assert decision_title(decision, held)
            assert decision_effect(decision, held)
