"""Every mutant is caught, by a random day and the oracle or by a test of the rule that it breaks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Decision, Kind, State
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.services.refundable import ValueNotRefundable
from bonifiq_desktop.training_server.server import TrainingServer
from tests.faults import mutants, rule_mutants, test_answer_forms, test_service_options
from tests.ledger import test_several_tills
from tests.services import test_completions, test_items, test_outbox, test_refunds, test_sale_evidence
from tests.services.conftest import MakeTill
from tests.support.headless_till import SALE, Till
from tests.support.random_days import run_day

DAYS_FOR_A_MUTANT = 300

Mutant = Callable[[pytest.MonkeyPatch], None]
_asked_to_wait = test_outbox.test_retry_after_delays_all_operations_despite_wake
_in_progress = test_answer_forms.test_key_in_progress_is_repeated_until_the_outcome_is_known
_says_no = test_answer_forms.test_undocumented_refusal_twice_goes_to_review
_not_free = test_answer_forms.test_not_found_of_something_else_frees_no_number
_old_card = test_service_options.test_refund_from_old_card_is_looked_up_before_sending
_total_of_now = test_items.test_refund_of_present_total_is_allowed
_used_whatever_is_decided = test_several_tills.test_key_found_used_is_remembered_after_any_decision
_second_return = test_refunds.test_second_equal_return_at_two_tills_is_applied_once
_anothers_sale = test_service_options.test_sale_of_another_till_with_same_number_confirms_nothing
_lost_completion = test_completions.test_unknown_completion_is_confirmed_by_lookup
_one_not_found = test_sale_evidence.test_typed_number_is_not_free_after_one_not_found
_at_two_tills = test_refunds.test_same_return_at_two_tills_is_applied_once


@dataclass(frozen=True)
class MutantSubject:
    """The fixtures that the catching tests need."""

    make_till: MakeTill
    server: TrainingServer
    folder: Path

    def one_till(self) -> tuple[Till, TrainingServer, Path]:
        """A till with its server and ledger file."""
        till = self.make_till("caixa1")
        return till, self.server, till.path

    def two_tills(self) -> tuple[Till, Till]:
        """Two tills of one shop."""
        return self.make_till("caixa1"), self.make_till("caixa2")

    def pending_sale(self) -> Till:
        """A till with a sale that waits for its completion."""
        till = self.make_till("caixa1")
        assert till.wait_until_settled(till.sell(test_completions.PENDING)).state is State.CONFIRMED
        return till


def one_not_found_is_not_enough(at: MutantSubject) -> None:
    """The look-up misses the order of a typed number once."""
    with pytest.MonkeyPatch.context() as patch:
        _one_not_found(at.make_till, at.server, patch, SALE)


def credentials_give_no_verdict(till: Till, server: TrainingServer) -> None:
    """A short form of `test_refused_credentials_give_no_verdict`, which waits longer than a mutant allows."""
    operation = till.refund(4990)
    server.faults.add("unauthorized", only="refund")
    till.wait_until(lambda: till.attempt_outcomes(operation)[:1] not in ([], [None]))
    assert till.stored(operation).state is State.UNKNOWN


# No random day catches these: their answers are not false by themselves, or need two tills with the same return.
CATCHING_TESTS: dict[Mutant, Callable[[MutantSubject], None]] = {
    mutants.refused_credentials_are_a_refusal: lambda at: credentials_give_no_verdict(
        at.make_till("caixa1"), at.server
    ),
    mutants.a_used_key_is_a_success: lambda at: _at_two_tills(at.make_till, at.server),
    mutants.a_random_key: lambda at: _at_two_tills(at.make_till, at.server),
    mutants.a_key_without_the_amount: lambda at: test_refunds.test_returns_of_different_values_are_separate_refunds(
        at.make_till("caixa1"), at.server
    ),
    mutants.a_word_anywhere_says_that_the_key_was_used: lambda at: _in_progress(*at.one_till(), "in_progress", "close"),
    mutants.whatever_says_no_is_a_refusal: lambda at: _says_no(*at.one_till(), "conflict", Kind.REFUND),
    mutants.blind_to_retry_after: lambda at: _asked_to_wait(at.make_till, at.server, "error_429"),
    mutants.any_404_means_a_free_number: lambda at: _not_free(*at.one_till(), "gateway_404", None, ""),
    mutants.no_look_before_the_first_sending: lambda at: _old_card(at.two_tills(), at.server, registered_first=True),
    rule_mutants.the_first_total_for_the_largest: lambda at: _total_of_now(
        at.make_till("caixa1"), at.server, (0, 12990), shows_refunds=False
    ),
    rule_mutants.an_index_that_counts_refunds: lambda at: _used_whatever_is_decided(at.folder, Decision.NOT_DONE),
    rule_mutants.another_return_has_a_number_of_its_own: lambda at: _second_return(at.make_till, at.server),
    rule_mutants.a_total_alone_proves_a_sale: lambda at: _anothers_sale(
        at.two_tills(), at.server, shows_metadatas=True, other_customer=True
    ),
    rule_mutants.a_completion_is_repeated_without_a_look: lambda at: _lost_completion(
        at.pending_sale(), at.server, "lose_answer"
    ),
    rule_mutants.one_not_found_frees_a_typed_number: one_not_found_is_not_enough,
}


def test_every_mutant_is_listed() -> None:
    files = (mutants, rule_mutants)
    written = {v for file in files for v in vars(file).values() if getattr(v, "__module__", "") == file.__name__}
    public = {value for value in written if not value.__name__.startswith("_")}
    assert public == {*mutants.MUTANTS, *CATCHING_TESTS}


@pytest.mark.parametrize("mutant", mutants.MUTANTS)
def test_mutant_breaks_its_promise_on_a_random_day(tmp_path: Path, mutant: Mutant) -> None:
    first, promise = mutants.MUTANTS[mutant]
    for seed in range(first, first + DAYS_FOR_A_MUTANT):
        if promise in {finding.kind for finding in run_day(seed, tmp_path / str(seed), mutant).findings}:
            return
    pytest.fail(f"{mutant.__name__} was not caught on {DAYS_FOR_A_MUTANT} days")


@pytest.mark.parametrize("mutant", CATCHING_TESTS)
def test_correct_client_passes_the_catching_test(
    make_till: MakeTill, server: TrainingServer, tmp_path: Path, mutant: Mutant
) -> None:
    CATCHING_TESTS[mutant](
        MutantSubject(make_till, server, tmp_path)
    )  # otherwise a test that always fails would catch every mutant


@pytest.mark.parametrize("mutant", CATCHING_TESTS)
def test_mutant_fails_the_catching_test(
    make_till: MakeTill, server: TrainingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    mutant(monkeypatch)
    with pytest.raises((AssertionError, LedgerError, ValueNotRefundable)):
        CATCHING_TESTS[mutant](MutantSubject(make_till, server, tmp_path))
