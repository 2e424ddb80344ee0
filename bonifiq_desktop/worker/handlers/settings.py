"""Settings and credentials of this till."""

from typing import TYPE_CHECKING

from bonifiq_desktop.domain.staff import ApprovalGrant, Task
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@handles(c.ReadSettings, needs_sign_in=False, needs_credentials=True)
async def read_settings(backend: "Backend", _command: c.ReadSettings) -> c.CurrentSettings:
    return await _current_settings(backend)


@handles(c.SaveSettings, needs_credentials=True)
async def save_settings(backend: "Backend", command: c.SaveSettings, grant: ApprovalGrant) -> c.CurrentSettings:
    settings = command.settings.validated()
    backend.access.require(Task.SETTINGS, grant)
    await backend.settings_store.save(
        settings, command.credentials, allow_plain_file=command.allow_plain_file, shop=command.shop
    )
    backend.outbox.credentials_changed()
    backend.publish_counts()
    return await _current_settings(backend)


@handles(c.ForgetCredentials, needs_credentials=True)
async def forget_credentials(
    backend: "Backend", _command: c.ForgetCredentials, grant: ApprovalGrant
) -> c.CurrentSettings:
    backend.access.require(Task.SETTINGS, grant, forget="credentials")
    await backend.settings_store.forget_credentials()
    backend.publish_counts()
    return await _current_settings(backend)


@handles(c.TestConnection, needs_credentials=True)
async def test_connection(backend: "Backend", command: c.TestConnection) -> None:
    await backend.settings_store.test_connection(command.url, command.credentials)


async def _current_settings(backend: "Backend") -> c.CurrentSettings:
    store, credentials = backend.settings_store, backend.connection.credentials
    return c.CurrentSettings(
        store.settings,
        token_suffix=credentials.token_suffix if credentials else "",
        has_key=credentials is not None,
        key_storage=store.key_storage,
        keyring_usable=await store.is_keyring_usable(),
        credentials_withheld=store.credentials_withheld,
        keyring_timed_out=store.keyring_timed_out,
        shop_unconfirmed=store.shop_unconfirmed,
    )
