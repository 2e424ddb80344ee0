"""How long the records are watched before a lost request counts as not applied, in virtual time."""

from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.returns import SettlingTimes
from bonifiq_desktop.services.settling import Settling

TIMES = SettlingTimes(first=120.0, between=600.0)


def watched(changes: list[float], until: float = 5000.0) -> tuple[float, list[float]]:
    """When the absence is proven, and when the records were read, in seconds after the attempt.

    `changes`: when something else on the order changes.
    """
    settling, age, read_at = Settling(), 0.0, []
    while age < until:
        read_at.append(age)
        fingerprint = str(sum(change <= age for change in changes))
        wait = settling.wait_after(1, TIMES, age, fingerprint)
        if wait == 0:
            return age, read_at
        age += wait
    return until, read_at


def test_absence_is_proven_ten_minutes_after_the_first_counting_reading() -> None:
    proven_at, read_at = watched([])
    assert proven_at == 720.0
    assert [at for at in read_at if at < 30], "a late application is found within seconds"
    assert len(read_at) < 12, "the system is not asked in a loop"


def test_changed_records_start_the_watch_anew() -> None:
    assert watched([300.0])[0] >= 300.0 + TIMES.between
    assert watched([60.0])[0] == 720.0, "before the first reading that counts"


def test_one_reading_alone_proves_nothing_however_old_the_attempt_is() -> None:
    settling = Settling()
    assert settling.wait_after(1, TIMES, 90_000.0, "a") == 600.0
    assert settling.wait_after(2, SettlingTimes(0.0, 0.0), 0.0, "a") > 0


def test_forgotten_operation_is_watched_anew() -> None:
    settling = Settling()
    settling.wait_after(1, TIMES, 200.0, "a")
    settling.forget(1)
    assert settling.wait_after(1, TIMES, 900.0, "a") == 600.0


def test_operations_are_watched_apart() -> None:
    settling = Settling()
    settling.wait_after(1, TIMES, 200.0, "a")
    assert settling.wait_after(2, TIMES, 900.0, "a") == 600.0
    assert settling.wait_after(1, TIMES, 800.0, "a") == 0


@given(st.lists(st.floats(0, 2000), max_size=5).map(sorted))
def test_absence_needs_two_equal_readings_far_enough_apart(changes: list[float]) -> None:
    proven_at, read_at = watched(changes)
    quiet_since = max([change for change in changes if change <= proven_at], default=0.0)
    counting = [at for at in read_at if at >= max(TIMES.first, quiet_since)]
    assert proven_at - counting[0] >= TIMES.between
