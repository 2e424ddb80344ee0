"""Files that another program holds: tried again on Windows, and no other error is hidden."""

import pytest

from bonifiq_desktop.storage.held_files import retry_while_held


class HeldFile:
    """A file that a program holds for some tries."""

    def __init__(self, tries: int, winerror: int | str | None) -> None:
        self._left = tries
        self._winerror = winerror
        self.tries = 0

    def use(self) -> str:
        """Return its content, or raise as Windows does."""
        self.tries += 1
        if self.tries > self._left:
            return "content"
        error = PermissionError(13, "held")
        if self._winerror != "no number":  # as on other systems
            error.winerror = self._winerror  # type: ignore[attr-defined,unused-ignore]
        raise error


@pytest.fixture(name="pauses")
def recorded_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between the tries; the test does not wait for them."""
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    return pauses


@pytest.mark.parametrize("winerror", [5, 32, 33, None])
def test_file_held_for_a_moment_is_used_once_it_is_let_go(pauses: list[float], winerror: int | None) -> None:
    held = HeldFile(4, winerror)
    assert retry_while_held(held.use) == "content"
    assert pauses == sorted(pauses)
    assert len(pauses) == 4


def test_file_held_for_longer_than_two_seconds_raises(pauses: list[float]) -> None:
    held = HeldFile(100, 32)
    with pytest.raises(PermissionError):
        retry_while_held(held.use)
    assert 1 < sum(pauses) < 2


NO_NUMBER = pytest.param("no number", marks=pytest.mark.posix_only("each OSError of Windows has a winerror"))


@pytest.mark.parametrize("winerror", [NO_NUMBER, 19])
def test_other_refusal_is_raised_at_once(pauses: list[float], winerror: int | str) -> None:
    held = HeldFile(1, winerror)
    with pytest.raises(PermissionError):
        retry_while_held(held.use)
    assert (held.tries, pauses) == (1, [])
