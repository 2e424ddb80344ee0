"""Who can show the till's own token and key is its owner: for the one case in which no PIN helps any more."""

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
    """Whether this is the pair that the till keeps; where it keeps none, whether BonifiQ takes it as this shop's.

    Neither the environment nor an address given on the command line vouches for anybody: `settings` are the stored
    ones. Raises LookupFailed when BonifiQ had to be asked, and could not be.
    """
    try:
        kept = await run_in_worker_thread(store.stored)
    except CredentialsError:  # it can be read no more
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
    """Whether two pairs are one, found out in the same time for every wrong one."""
    same_token = hmac.compare_digest(one.token.encode(), other.token.encode())
    return hmac.compare_digest(one.key.encode(), other.key.encode()) and same_token
