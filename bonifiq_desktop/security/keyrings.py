"""The operating system's keyring, called in threads with a timeout, because a locked keyring may never answer.

After one timeout the keyring is not called again in this run: a second call would hang, too, and a late end of the
first one could undo what was stored since.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

TIMEOUT_SECONDS = 8.0
"""For one call. A look-up may wait for two calls: finding the keyring and reading the secret."""

_SECURE_BACKENDS = ("keyring.backends.Windows", "keyring.backends.macOS", "keyring.backends.SecretService",
                  "keyring.backends.kwallet", "keyring.backends.libsecret")  # fmt: skip

_PROBE = "BonifiQ Desktop probe"
"""A name under which no secret is stored."""

T = TypeVar("T")


class KeyringFailed(Exception):
    """The keyring refused: locked, declined by the user, without this secret, or with an error of its own.

    The Windows keyring lets the system's errors through, which are no KeyringError.
    """


class KeyringTimeout(KeyringFailed):
    """The keyring did not answer within TIMEOUT_SECONDS."""


class Keyring(Protocol):
    """The used part of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the stored secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Delete a secret; an error when there is none."""


def system_keyring() -> Keyring | None:
    """Return the operating system's keyring, or None where no backend really protects secrets. May hang."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    found = keyring.get_keyring()
    candidates = list(found.backends) if isinstance(found, ChainerBackend) else [found]
    for backend in candidates:
        if type(backend).__module__.startswith(_SECURE_BACKENDS):
            return backend
    return None


class TimedKeyring:
    """A keyring with a timeout. `find` is called once, on first use; it may return None.

    `timed_out`: a call did not return in time. All methods raise KeyringFailed, KeyringTimeout.
    """

    def __init__(self, find: Callable[[], Keyring | None]) -> None:
        self._find = find
        self._found: list[Keyring | None] = []
        self.timed_out = False

    @property
    def usable(self) -> bool:
        """Whether a keyring was found that answers a question."""
        try:
            self.get_password(_PROBE, _PROBE)
            return self._keyring() is not None
        except KeyringFailed:
            return False

    def get_password(self, service: str, username: str) -> str | None:
        """Return the stored secret, or None."""
        return self._ask(lambda keyring: keyring.get_password(service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret."""
        self._ask(lambda keyring: keyring.set_password(service, username, password))

    def delete_password(self, service: str, username: str) -> None:
        """Delete a secret."""
        self._ask(lambda keyring: keyring.delete_password(service, username))

    def _ask(self, call: Callable[[Keyring], T]) -> T | None:
        keyring = self._keyring()
        return self._call_with_timeout(lambda: call(keyring)) if keyring else None

    def _keyring(self) -> Keyring | None:
        if not self._found:
            self._found.append(self._call_with_timeout(self._find))
        return self._found[0]

    def _call_with_timeout(self, call: Callable[[], T]) -> T:
        if self.timed_out:
            raise KeyringTimeout
        try:
            return run_in_thread(call).result(TIMEOUT_SECONDS)
        except TimeoutError as error:
            self.timed_out = True
            raise KeyringTimeout from error
        except Exception as error:
            raise KeyringFailed from error


def run_in_thread(work: Callable[[], T]) -> "Future[T]":
    """Return the future result of `work` in a daemon thread, which does not keep the process alive."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()  # cancelling the wait does not cancel the work

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return future
