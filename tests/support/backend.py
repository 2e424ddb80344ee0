"""A real backend for tests, without a window."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.security.keyrings import TimedKeyring
from bonifiq_desktop.services.settings_store import Overrides
from bonifiq_desktop.storage.files import make_private_folder
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, load_settings, save_settings
from bonifiq_desktop.worker import backend
from bonifiq_desktop.worker.backend import Backend
from tests.support.staff import access_control_in


def store_settings(paths: Paths, **settings: Any) -> None:
    """Change these in the stored settings."""
    make_private_folder(paths.folder)
    save_settings(paths.settings, replace(load_settings(paths.settings), **settings))


async def open_backend(
    paths: Paths, publish: Callable[[object], None], settings: Settings | None = None, given: Credentials | None = None
) -> Backend:
    """Open a backend as the worker does. `settings` are stored first; `given` credentials are never stored."""
    if settings is not None:
        store_settings(paths, **vars(settings))
    keyring = None if given else TimedKeyring(vars(backend)["system_keyring"])  # as the test has patched it
    return await Backend.open(
        paths,
        publish,
        access=access_control_in(paths.folder),
        credential_store=CredentialStore(paths.credentials, keyring),
        overrides=Overrides(credentials=given),
    )
