"""Joining the shop database: open the enrolment file, and make its access this till's own.

Every step is stored before the next one, so that a till that dies in between joins with the same file again.
"""

import secrets
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.shop_database import EnrolmentError, EnrolmentTrouble, ShopDatabaseError, Trouble
from bonifiq_desktop.security.credentials import CredentialsError, KeyStorage
from bonifiq_desktop.security.shop_access import ShopAccess, ShopAccessStore
from bonifiq_desktop.services.file_executor import run_in_worker_thread
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.access import Access
from bonifiq_desktop.shop_database.calls import ShopDatabase
from bonifiq_desktop.shop_database.enrolment_file import Enrolment, open_enrolment
from bonifiq_desktop.storage.files import write_private
from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection

_CALL_SECONDS = 20.0
_LARGEST_FILE = 1_000_000
_PASSWORD_BYTES = 32


async def read_enrolment(path: Path, code: str) -> Enrolment:
    """Open an enrolment file with its code. Raises EnrolmentError."""
    return await run_in_worker_thread(_read, path, code)


def _read(path: Path, code: str) -> Enrolment:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE)
    except OSError as error:
        raise EnrolmentError(EnrolmentTrouble.UNREADABLE) from error
    return open_enrolment(data, code)


async def enrol(
    enrolment: Enrolment, store: ShopAccessStore, ca_file: Path, *, allow_plain_file: bool
) -> tuple[ShopDatabaseSettings, ShopAccess]:
    """Take the access of an enrolment file into use with a password of this till's own, which is stored by then.

    Raises EnrolmentError, ShopDatabaseError; SettingsError `shop_database.keyring` where the secrets cannot be kept;
    OSError.
    """
    settings = ShopDatabaseSettings(enrolment.hosts, enrolment.database, enrolment.role, enrolment.shop, enrolment.till)
    pending = await _pending(enrolment, store)
    both = pending or ShopAccess(enrolment.password, enrolment.secret, secrets.token_urlsafe(_PASSWORD_BYTES))
    save = partial(store.save, enrolment.role, enrolment.database, allow_plain_file=allow_plain_file)
    if await run_in_worker_thread(save, both) is KeyStorage.MEMORY:
        await run_in_worker_thread(store.forget)
        raise SettingsError("shop_database.keyring")
    await run_in_worker_thread(write_private, ca_file, enrolment.ca.encode())
    try:
        if pending is None or not await _is_enrolled(settings, both.new_password, ca_file):
            await _enrol(settings, both, ca_file)
    except EnrolmentError:  # another till has this access: the shop's key must not stay here
        await run_in_worker_thread(store.forget)
        await run_in_worker_thread(partial(ca_file.unlink, missing_ok=True))
        raise
    mine = ShopAccess(both.new_password, both.secret)
    await run_in_worker_thread(save, mine)
    return settings, mine


async def _pending(enrolment: Enrolment, store: ShopAccessStore) -> ShopAccess | None:
    """What an earlier try with the same file stored, after which this till died or lost the connection."""
    try:
        stored = await run_in_worker_thread(store.load, enrolment.role, enrolment.database)
    except CredentialsError:
        return None
    if stored is None or stored[0].secret != enrolment.secret:
        return None
    if stored[0].new_password:
        return stored[0]
    return ShopAccess(
        enrolment.password, enrolment.secret, stored[0].password
    )  # it died before its settings were saved


async def _is_enrolled(settings: ShopDatabaseSettings, password: str, ca_file: Path) -> bool:
    try:
        await _call(settings, password, ca_file, _greet)
    except ShopDatabaseError as error:
        if error.trouble is not Trouble.CREDENTIALS:
            raise
        return False
    return True


def _greet(connection: "Connection") -> None:
    protocol.hello(connection, 0)


async def _enrol(settings: ShopDatabaseSettings, both: ShopAccess, ca_file: Path) -> None:
    """Raises EnrolmentError where the file was used, or its time is over; ShopDatabaseError."""
    take = partial(_take_into_use, role=settings.role, password=both.new_password)
    try:
        await _call(settings, both.password, ca_file, take)
    except ShopDatabaseError as error:
        if error.trouble is Trouble.CREDENTIALS:
            raise EnrolmentError(EnrolmentTrouble.USED) from error
        if error.trouble is Trouble.REMOVED:
            raise EnrolmentError(EnrolmentTrouble.EXPIRED) from error
        raise


def _take_into_use(connection: "Connection", role: str, password: str) -> None:
    with connection.transaction():
        protocol.enrol(connection)
        protocol.change_password(connection, role, password)


async def _call(settings: ShopDatabaseSettings, password: str, ca_file: Path, function: "Call") -> None:
    database = ShopDatabase(Access.of(settings, password, ca_file))
    try:
        await database.call(function, _CALL_SECONDS)
    finally:
        database.close()


if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[[Connection], None]
