"""Proof of ownership by the till's token and key, for an owner who lost every manager's PIN."""

import hmac

from bonifiq_desktop.connectors.connector import ConnectorFactory
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.security.credentials import Credentials, CredentialsError, CredentialStore
from bonifiq_desktop.services.connection import verify_credentials
from bonifiq_desktop.services.file_executor import run_in_worker_thread
from bonifiq_desktop.storage.settings import Settings, account_for_token


async def verify_owner(
    typed: Credentials, store: CredentialStore, settings: Settings, *, connect: ConnectorFactory
) -> bool:
    """Whether the typed pair is the stored one; without a stored pair, whether BonifiQ accepts it for this shop.

    `settings`: the stored ones, because the environment and the command line prove nothing. Raises LookupFailed when
    BonifiQ cannot be asked.
    """
    try:
        kept = await run_in_worker_thread(store.stored)
    except CredentialsError:  # unreadable, as good as none
        kept = None
    if kept is not None:
        return is_same_pair(typed, kept)
    if settings.account and account_for_token(typed.token) != settings.account:
        return False
    try:
        await verify_credentials(connect, settings.url, typed)
    except LookupFailed as failed:
        if failed.reason is FailureReason.CREDENTIALS:
            return False
        raise
    return True


def is_same_pair(one: Credentials, other: Credentials) -> bool:
    """Compare two pairs in constant time."""
    same_token = hmac.compare_digest(one.token.encode(), other.token.encode())
    return hmac.compare_digest(one.key.encode(), other.key.encode()) and same_token
