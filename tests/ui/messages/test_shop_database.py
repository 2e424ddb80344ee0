"""Messages about the other tills: names, ages, what is not known, and decisions after another till's work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bonifiq_desktop.domain.operations import Decision, Kind, ReviewReason, State
from bonifiq_desktop.domain.shop_database import KnownTill, ShopDatabaseStatus, Trouble
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ui.messages.codes import TROUBLE_CODES
from bonifiq_desktop.ui.messages.decisions import decision_effect, decision_title
from bonifiq_desktop.ui.messages.formats import age_text
from bonifiq_desktop.ui.messages.operations import message_for_operation
from bonifiq_desktop.ui.messages.shop_database import (
    message_for_old_knowledge,
    message_for_other_till,
    message_for_trouble,
    news_of,
    person_and_till,
    till_name,
)
from tests.support.operations import make_operation


def ago(**age: int) -> datetime:
    return datetime.now(UTC) - timedelta(**age)


def heard(minutes: int, *, synced: int = 0, trouble: Trouble | None = None) -> ShopDatabaseStatus:
    known = KnownTill("CAIXA2", ago(minutes=minutes))
    return ShopDatabaseStatus("LOJA", "CAIXA1", ago(minutes=synced), trouble, tills=(known,))


@pytest.mark.parametrize(
    ("till", "said"),
    [("CAIXA2", "caixa 2"), ("Caixa-12", "caixa 12"), ("BALCAO", "caixa BALCAO"), ("CAIXA", "caixa CAIXA")],
)
def test_till_is_named_as_the_counter_says_it(qapp: object, till: str, said: str) -> None:
    assert till_name(till) == said


@pytest.mark.parametrize(
    ("age", "said"),
    [
        ({"seconds": 59}, "há menos de 1 min"),
        ({"minutes": 9}, "há 9 min"),
        ({"hours": 3}, "há 3 h"),
        ({"hours": 25}, "há 1 dia"),
        ({"days": 3}, "há 3 dias"),
        ({"minutes": -5}, "há menos de 1 min"),
    ],
)
def test_age_is_said_in_its_largest_unit(qapp: object, age: dict[str, int], said: str) -> None:
    assert age_text(ago(**age)) == said


def test_news_of_a_silent_till_and_of_a_silent_database_differ(qapp: object) -> None:
    assert news_of("CAIXA2", heard(9)) == "Sem notícia do caixa 2 há 9 min."
    assert news_of("CAIXA2", heard(1)) == "O caixa 2 deu notícia há 1 min."
    for shop in (heard(9, synced=12), heard(9, synced=12, trouble=Trouble.UNREACHABLE)):
        assert news_of("CAIXA2", shop).startswith("Não se sabe se já terminou")
    assert news_of("CAIXA2", None) == ""


@pytest.mark.parametrize("trouble", [Trouble.FORK, Trouble.HOLE])
def test_refused_till_still_hears_the_others_and_says_so(qapp: object, trouble: Trouble) -> None:
    shop = heard(9, trouble=trouble)
    assert news_of("CAIXA2", shop) == "Sem notícia do caixa 2 há 9 min."
    assert "vê os outros" in message_for_trouble(trouble).effect
    order = message_for_old_knowledge(shop)
    assert (order.code, order.title) == (TROUBLE_CODES[trouble], message_for_trouble(trouble).title)
    assert "Sem notícia" not in order.title
    assert message_for_old_knowledge(heard(9, synced=9, trouble=trouble)).code == "CAIXA-03"


def test_newer_till_alone_is_not_seen(qapp: object) -> None:
    shop = replace(heard(1, trouble=Trouble.NEWER), newer_till="CAIXA2")
    assert message_for_trouble(Trouble.NEWER, "CAIXA2").effect.endswith("não vê o que o caixa 2 faz.")
    assert "caixa 2" in message_for_old_knowledge(shop).title


def test_operation_of_another_till_names_its_till_and_person(qapp: object) -> None:
    assert person_and_till(make_operation(registered_by="Ana", till="CAIXA2")) == "caixa 2  ·  Ana"
    assert person_and_till(make_operation(registered_by="Ana")) == "Ana"


@pytest.mark.parametrize("state", [State.QUEUED, State.UNKNOWN, State.REVIEW])
def test_unfinished_operation_of_another_till_asks_nothing_of_this_one(qapp: object, state: State) -> None:
    theirs = make_operation(state=state, till="CAIXA2", evidence=None)
    assert message_for_operation(theirs) == message_for_other_till(theirs, None)
    assert "Histórico" not in message_for_operation(theirs).action


@pytest.mark.parametrize("state", [State.QUEUED, State.UNKNOWN])
def test_operation_that_waits_for_another_till_says_so(qapp: object, state: State) -> None:
    waiting = make_operation(state=state, evidence=None, failure_reason=FailureReason.OTHER_TILL)
    said = message_for_operation(waiting)
    assert said.code == "CAIXA-01"
    assert "esperando outro caixa" in said.title
    assert ("nada foi enviado" in said.effect) is (state is State.QUEUED)


def test_repeat_that_waits_for_another_till_leaves_open_whether_it_was_applied(qapp: object) -> None:
    waiting = make_operation(state=State.UNKNOWN, evidence=None, failure_reason=FailureReason.OTHER_TILL)
    assert "Ainda não se sabe se valeu" in message_for_operation(waiting).effect


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.REDEMPTION, Kind.REVERSAL}])
@pytest.mark.parametrize("reason", [ReviewReason.OTHER_TILL, ReviewReason.TAKEN_OVER])
def test_each_decision_after_another_till_has_its_texts(qapp: object, kind: Kind, reason: ReviewReason) -> None:
    asked = make_operation(kind=kind, state=State.REVIEW, review_reason=reason, evidence=None)
    for decision in spec_of(kind).decisions_for(reason):
        assert decision_title(decision, asked)
        assert decision_effect(decision, asked)


def test_sending_what_another_till_did_not_prevent_names_no_earlier_attempt(qapp: object) -> None:
    refund = make_operation(state=State.REVIEW, review_reason=ReviewReason.OTHER_TILL, evidence=None)
    leg = replace(refund, kind=Kind.RETURN, system="mirakl", connection="Carrefour")
    for asked in (refund, leg):
        assert "Risco" not in decision_effect(Decision.TRY_AGAIN, asked)
    assert "Risco" not in decision_effect(Decision.ANOTHER_RETURN, refund)
    taken = replace(refund, review_reason=ReviewReason.TAKEN_OVER)
    assert "Risco" in decision_effect(Decision.ANOTHER_RETURN, taken)
