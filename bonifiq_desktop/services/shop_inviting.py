"""Inviting another till to the shop database, from a till that takes part."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.shop_database import (
    Administrator,
    InvitationError,
    InvitationTrouble,
    ShopDatabaseError,
    Trouble,
)
from bonifiq_desktop.shop_database.access import Access, read_host
from bonifiq_desktop.shop_database.admin import NewTill
from bonifiq_desktop.shop_database.calls import ShopDatabase
from bonifiq_desktop.shop_database.invitation import enrolment_of, invite
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection

_CALL_SECONDS = 30.0

_TROUBLES = {
    Trouble.UNREACHABLE: InvitationTrouble.UNREACHABLE,
    Trouble.CERTIFICATE: InvitationTrouble.CERTIFICATE,
    Trouble.CREDENTIALS: InvitationTrouble.CREDENTIALS,
    Trouble.REMOVED: InvitationTrouble.CREDENTIALS,  # a role without a login
    Trouble.NOT_SET_UP_THERE: InvitationTrouble.OTHER_DATABASE,
}


class TillInviter:
    """Invites tills with the address and the key of this one. `secret`: the shop's key."""

    def __init__(self, settings: ShopDatabaseSettings, secret: bytes, paths: Paths) -> None:
        self._settings = settings
        self._secret = secret
        self._paths = paths

    async def invite(self, till: str, file: Path, administrator: Administrator, *, replaces: bool) -> str:
        """Let `till` join with a file; return the file's code of 20 letters. `replaces`: see `invitation.invite`.

        Raises InvitationError.
        """
        if till == self._settings.till:
            raise InvitationError(InvitationTrouble.OWN_NAME, till)
        if not file.is_absolute():
            raise InvitationError(InvitationTrouble.FILE_FAILED, str(file))
        if not (administrator.user and administrator.password):
            raise InvitationError(InvitationTrouble.CREDENTIALS)
        call = _Call(self, NewTill.named(self._settings.shop, till), file, replaces=replaces)
        database = ShopDatabase(self._access_of(administrator))
        try:
            return await database.call(call, _CALL_SECONDS)
        except ShopDatabaseError as error:
            raise InvitationError(call.trouble_of(error)) from error
        finally:
            database.close()

    def _access_of(self, administrator: Administrator) -> Access:
        hosts = tuple(read_host(each) for each in self._settings.hosts)
        user, password = administrator.user, administrator.password
        return Access(hosts, self._settings.database, user, password, self._paths.shop_certificate)

    def invite_with(self, connection: "Connection", new: NewTill, file: Path, *, replaces: bool) -> str:
        """Write the file and add the till there. Raises InvitationError, psycopg.Error."""
        authority = self._paths.shop_certificate
        enrolment = enrolment_of(new, self._settings.hosts, self._settings.database, authority, self._secret)
        return invite(connection, new, enrolment, file, replaces=replaces, data_folder=self._paths.folder)


class _Call:
    """One invitation on the connection's thread. It knows whether it got as far as the database."""

    def __init__(self, inviter: TillInviter, new: NewTill, file: Path, *, replaces: bool) -> None:
        self._inviter = inviter
        self._new = new
        self._file = file
        self._replaces = replaces
        self._is_connected = False

    def __call__(self, connection: "Connection") -> str:
        self._is_connected = True
        return self._inviter.invite_with(connection, self._new, self._file, replaces=self._replaces)

    def trouble_of(self, error: ShopDatabaseError) -> InvitationTrouble:
        """The trouble that a person is told."""
        if self._is_connected and error.trouble is Trouble.UNREACHABLE:
            return InvitationTrouble.UNCERTAIN
        return _TROUBLES.get(error.trouble, InvitationTrouble.FAILED)
