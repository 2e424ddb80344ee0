"""The operating system's keyring, which may never answer: each call on a thread of its own, with a deadline.

One that did not answer in time is not asked again in this run: a second call would hang as the first one does, and a
late one of the first could undo what was done since.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

TIMEOUT_SECONDS = 8.0
"""Seconds for one call. A keyring is found and then asked: a look-up that needs both is answered within 20."""

_SECURE_BACKENDS = ("keyring.backends.Windows", "keyring.backends.macOS", "keyring.backends.SecretService",
                  "keyring.backends.kwallet", "keyring.backends.libsecret")  # fmt: skip

T = TypeVar("T")


class KeyringTimeout(Exception):
    """The keyring did not answer in time."""


class Keyring(Protocol):
    """The part of a keyring backend that is used here."""

    def get_password(self, service: str, username: str) -> str | None:
        """The stored secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret. Raises KeyringError when there is none."""


def system_keyring() -> Keyring | None:
    """The operating system's keyring, or None where there is none that really protects anything. May hang."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    found = keyring.get_keyring()
    candidates = list(found.backends) if isinstance(found, ChainerBackend) else [found]
    for backend in candidates:
        if type(backend).__module__.startswith(_SECURE_BACKENDS):
            return backend
    return None


class TimedKeyring:
    """A keyring with a deadline. `find` is called once, when it is first needed; it may answer None.

    `silent`: it did not answer once. All methods raise KeyringSilent, and what the keyring raises.
    """

    def __init__(self, find: Callable[[], Keyring | None]) -> None:
        self._find = find
        self._found: list[Keyring | None] = []
        self.timed_out = False

    @property
    def usable(self) -> bool:
        """Whether there is one that answers, as far as is known. Finds it, within the deadline."""
        try:
            return self._keyring() is not None
        except KeyringTimeout:
            return False

    def get_password(self, service: str, username: str) -> str | None:
        """The stored secret, or None."""
        keyring = self._keyring()
        return self._call_with_timeout(lambda: keyring.get_password(service, username)) if keyring else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret."""
        keyring = self._keyring()
        if keyring is not None:
            self._call_with_timeout(lambda: keyring.set_password(service, username, password))

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret."""
        keyring = self._keyring()
        if keyring is not None:
            self._call_with_timeout(lambda: keyring.delete_password(service, username))

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


def run_in_thread(work: Callable[[], T]) -> "Future[T]":
    """What `work` will return or raise. Its thread keeps neither the program from ending nor any other work waiting."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()  # a wait that is cancelled does not cancel the work

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return future
