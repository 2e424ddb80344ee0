"""Opens the backend, or the recovery backend when that fails."""

import logging
from collections.abc import Awaitable, Callable
from time import monotonic

from bonifiq_desktop.security.audit_log import AuditLog
from bonifiq_desktop.security.credentials import CredentialStore
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.security.staff import StaffFile
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.settings_store import Overrides
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.worker.backend import Backend
from bonifiq_desktop.worker.recovery import RecoveryBackend
from bonifiq_desktop.worker.thread import Publish

_log = logging.getLogger(__name__)
_REPEAT_SECONDS = 60.0


class BackendOpener:
    """Keeps what outlives a reopened ledger: the session, PIN waits, and credentials that are only in memory."""

    def __init__(
        self, paths: Paths, overrides: Callable[[Publish], Awaitable[Overrides]], *, uses_keyring: bool
    ) -> None:
        self._paths = paths
        self._overrides = overrides
        self._access = AccessControl(StaffFile(paths.staff), AuditLog(paths.folder))
        self._credential_store = CredentialStore(
            paths.credentials, TimedKeyring(system_keyring) if uses_keyring else None
        )
        self._backend: Backend | None = None
        self._last_failure: tuple[str, float] = ("", -_REPEAT_SECONDS)

    async def open(self, publish: Publish) -> Backend | RecoveryBackend:
        """Open the ledger with the settings as they are stored now, and return the backend for it."""
        try:
            has_failed = self._raise_repeated_failure()
            self._backend = await Backend.open(
                self._paths,
                publish,
                access=self._access,
                credential_store=self._credential_store,
                overrides=await self._overrides(publish),
                checked=has_failed,
            )
        except Exception as error:
            _log.exception("backend not opened")
            self._access.restore_from(self._paths.ledger)
            return RecoveryBackend(
                self._paths, publish, error, access=self._access, credential_store=self._credential_store
            )
        return self._backend

    def _raise_repeated_failure(self) -> bool:
        """Raise the last backend's failure when the one before had the same a moment ago. Return whether it had one.

        A ledger that is reopened again and again would send nothing and report nothing.
        """
        backend, self._backend = self._backend, None
        if backend is None or backend.failure is None:
            return False
        before, earlier = self._last_failure
        reason, now = self._last_failure = repr(backend.failure), monotonic()
        if reason == before and now - earlier < _REPEAT_SECONDS:
            raise backend.failure
        return True
