"""Messages for the legs of a return in marketplaces and web shops."""

from decimal import Decimal

import pytest

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Decision, ReviewReason, State
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible, format_money
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ui.messages.decisions import decision_effect, decision_title
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.money_legs import customer_sentence, message_for_money_leg, worst_first
from bonifiq_desktop.ui.messages.operations import message_for_operation
from bonifiq_desktop.ui.messages.remote_orders import (
    format_decimal,
    obstacle_text,
    remote_error_text,
    remote_failure_title,
)
from tests.support.operations import make_operation
from tests.support.purchases import money_leg


@pytest.mark.parametrize(
    ("minor_units", "currency", "text"),
    [
        (123456, "BRL", "R$\u00a01.234,56"),
        (4990, "EUR", "€\u00a049,90"),
        (12345, "KWD", "KWD\u00a012,345"),
        (5, "TND", "TND\u00a00,005"),
        (1234567, "JPY", "JPY\u00a01.234.567"),
        (-250, "CLP", "CLP\u00a0-250"),
        (100, "", "R$\u00a01,00"),
    ],
)
def test_money_is_shown_with_the_decimals_of_its_currency(minor_units: int, currency: str, text: str) -> None:
    assert format_money(minor_units, currency) == text


def test_decimal_amount_is_shown_exactly(qapp: object) -> None:
    assert format_decimal(Decimal("49.9"), "BRL") == "R$\u00a049,90"
    assert format_decimal(Decimal("0.1"), "KWD") == "KWD\u00a00,100"


def test_each_obstacle_and_failure_has_a_sentence_of_its_own(qapp: object) -> None:
    assert len({obstacle_text(each) for each in Obstacle}) == len(Obstacle)
    texts = {remote_failure_title(each, "Carrefour") for each in FailureReason}
    assert len(texts) == len(FailureReason)
    assert all("Carrefour" in text or "rede" in text for text in texts)


def test_each_state_of_a_leg_names_its_system_and_never_says_refunded(qapp: object) -> None:
    for state in State:
        said = message_for_operation(money_leg(1, state))
        assert "Carrefour" in said.title
        assert "estornada" not in f"{said.title} {said.effect}".casefold()


def test_refused_leg_says_that_no_money_went_out(qapp: object) -> None:
    said = message_for_money_leg(money_leg(1, State.REFUSED, message="no balance"))
    assert (said.tone, said.effect) == ("danger", "Carrefour disse: “no balance”")
    assert "não foi devolvido" in said.title


def test_each_review_reason_of_a_leg_is_told(qapp: object) -> None:
    for reason in ReviewReason:
        said = message_for_operation(money_leg(1, State.REVIEW, review_reason=reason))
        assert said.tone == "danger"
        assert said.effect
        assert "nem pague na gaveta" in said.action


def test_unknown_word_of_the_system_is_quoted(qapp: object) -> None:
    assert "ON_HOLD" in message_for_money_leg(money_leg(1, State.CONFIRMED, remote_state="ON_HOLD")).effect


def test_estimate_is_marked(qapp: object) -> None:
    assert "(estimado)" in message_for_money_leg(money_leg(1, State.CONFIRMED, is_estimate=True)).title


def test_legs_are_ordered_by_what_needs_a_person(qapp: object) -> None:
    legs = [money_leg(place, state) for place, state in enumerate([State.CONFIRMED, State.QUEUED, State.UNKNOWN])]
    assert [each.state for each in worst_first([*legs, money_leg(9, State.REFUSED)])] == [
        State.REFUSED,
        State.UNKNOWN,
        State.QUEUED,
        State.CONFIRMED,
    ]


@pytest.mark.parametrize("state", sorted({*CLOSED_NEGATIVELY, State.REVIEW, State.UNKNOWN, State.QUEUED}))
def test_customer_is_told_of_no_refund_while_a_leg_is_not_accepted(qapp: object, state: State) -> None:
    legs = [money_leg(1, State.CONFIRMED), money_leg(2, state)]
    assert "aceita" not in customer_sentence(legs).title
    assert "aceita" in customer_sentence(legs[:1]).title


def test_points_of_a_return_never_send_to_the_drawer(qapp: object) -> None:
    said = message_for_operation(make_operation(after_money=True, return_id="D-1"))
    assert "não pague na gaveta" in said.action
    assert "maquininha" not in said.action
    assert "maquininha" in message_for_operation(make_operation()).action


def test_decisions_about_held_points_and_lost_money_say_what_they_do(qapp: object) -> None:
    held = make_operation(after_money=True, review_reason=ReviewReason.MONEY_REFUSED, state=State.REVIEW)
    assert decision_title(Decision.TRY_AGAIN, held) == "Estornar os pontos"
    assert decision_title(Decision.NOT_DONE, held) == "Manter os pontos"
    assert "fica com os pontos" in decision_effect(Decision.NOT_DONE, held)
    lost = money_leg(1, State.REVIEW, review_reason=ReviewReason.NO_TRACE)
    assert decision_title(Decision.TRY_AGAIN, lost) == "Enviar outra vez"
    assert "duas vezes" in decision_effect(Decision.TRY_AGAIN, lost)
    assert all("Carrefour" in decision_effect(each, lost) for each in Decision)


def test_errors_of_a_connection_are_told_with_its_name(qapp: object) -> None:
    assert remote_error_text(LookupFailed(FailureReason.CREDENTIALS), "Loja") == "Loja não aceitou a chave deste caixa."
    assert "Camiseta: " in message_for_error(ReturnImpossible(Obstacle.CLOSED, "Camiseta")).effect
