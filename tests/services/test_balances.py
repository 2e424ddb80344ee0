"""A customer's balance without a sale, and what the request for it shows on the way."""

from pathlib import Path

import pytest

from bonifiq_desktop.domain.rewards import RewardKind
from bonifiq_desktop.domain.search import Balance, BalanceNotOffered, CustomerUnknown
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.services.balances import BalanceService
from bonifiq_desktop.training_server.fault_injection.answer_forms import BalanceForm
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till


def ask(till: Till, typed: str) -> Balance:
    return till.run(BalanceService(till.ledger, till.connection).ask(typed))


@pytest.mark.parametrize("form", ["bare", "envelope"])
@pytest.mark.parametrize("typed", ["52998224725", " CPF 529.982.247-25", "Maria.Santos@exemplo.com.br"])
def test_balance_by_document_or_email_is_shown(
    till: Till, server: TrainingServer, typed: str, form: BalanceForm
) -> None:
    server.faults.balance_form = form
    known = server.service.customer("maria.santos@exemplo.com.br")
    assert known is not None
    balance = ask(till, typed)
    told = Balance("Maria", "Prata", known.points, known.cashback_cents, enrolled=True, rewards=balance.rewards)
    assert balance == told


def test_balance_tells_the_rewards_in_the_same_answer(till: Till, server: TrainingServer) -> None:
    balance = ask(till, "52998224725")
    assert balance.rewards
    assert any(reward.kind is RewardKind.CASHBACK for reward in balance.rewards)
    assert any(reward.points and reward.requirements for reward in balance.rewards)
    assert len(server.service.requests) == 1


def test_balance_of_a_cnpj_with_letters_is_shown(till: Till) -> None:
    assert ask(till, "12.abc.345/01de-35").name == "Uniformes"


@pytest.mark.parametrize("typed", ["11122233396", "1001", "ontem", ""])
def test_balance_of_an_unknown_customer_is_refused(till: Till, typed: str) -> None:
    with pytest.raises(CustomerUnknown):
        ask(till, typed)


def test_balance_that_the_shop_does_not_answer_is_told(till: Till, server: TrainingServer) -> None:
    server.faults.balance_form = "absent"
    with pytest.raises(BalanceNotOffered):
        ask(till, "52998224725")


def test_balance_without_connection_is_told(till: Till, server: TrainingServer) -> None:
    server.stop()
    with pytest.raises(LookupFailed) as failed:
        ask(till, "52998224725")
    assert failed.value.reason is FailureReason.NO_CONNECTION


def test_balance_request_names_the_customer_in_its_body_only(
    till: Till, server: TrainingServer, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(0):
        ask(till, "52998224725")
    asked = server.service.requests[-1]
    assert (asked.method, asked.path) == ("POST", "/v1/pvt/POS/rewards/available")
    assert b"52998224725" in asked.body
    assert "52998224725" not in caplog.text
