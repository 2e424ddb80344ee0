"""Invitations of tills: the enrolment file is written before the database knows the till."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.shop_database import InvitationError, InvitationTrouble
from bonifiq_desktop.shop_database.admin import (
    ENROLMENT_HOURS,
    Member,
    NewTill,
    add_till,
    read_members,
    run_together,
)
from bonifiq_desktop.shop_database.enrolment_file import Enrolment, new_code, seal_enrolment
from bonifiq_desktop.storage.files import write_user_file
from bonifiq_desktop.storage.settings import TILL_NAME, SettingsError

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def read_till_name(text: str) -> str:
    """Read the name of a till that is invited, as its settings will hold it. Raises SettingsError `till`."""
    name = text.strip().upper()
    if not TILL_NAME.fullmatch(name):
        raise SettingsError("till")
    return name


def enrolment_of(new: NewTill, hosts: tuple[str, ...], database: str, authority: Path, secret: bytes) -> Enrolment:
    """The content of a till's enrolment file. `authority`: the file of the server's authority.

    Raises InvitationError: CERTIFICATE.
    """
    return Enrolment(
        shop=new.shop,
        till=new.till,
        hosts=hosts,
        database=database,
        role=new.role,
        ca=_certificates_in(authority),
        until=datetime.now(UTC) + timedelta(hours=ENROLMENT_HOURS),
        password=new.password,
        secret=secret,
    )


def _certificates_in(authority: Path) -> str:
    """The certificates of a PEM file. A key or a comment beside them stays out of the enrolment file."""
    try:
        found = _CERTIFICATE.findall(authority.read_text("ascii", "replace"))
    except OSError as error:
        raise InvitationError(InvitationTrouble.CERTIFICATE, str(authority)) from error
    if not found:
        raise InvitationError(InvitationTrouble.CERTIFICATE, str(authority))
    return "".join(f"{each}\n" for each in found)


@contextmanager
def written(enrolment: Enrolment, file: Path, *, data_folder: Path) -> Iterator[str]:
    """Write an enrolment file before the database changes, and remove it when that fails. Yields its code.

    `data_folder`: of this till; the file never goes there.
    Raises InvitationError: FILE_EXISTS, FILE_FAILED.
    """
    code = new_code()
    if os.path.lexists(file):
        raise InvitationError(InvitationTrouble.FILE_EXISTS, str(file))
    try:
        with write_user_file(file, data_folder=data_folder) as target:
            target.write(seal_enrolment(enrolment, code))
    except OSError as error:
        raise InvitationError(InvitationTrouble.FILE_FAILED, str(file)) from error
    try:
        yield code
    except BaseException:
        with suppress(OSError):
            file.unlink()
        raise


def invite(
    connection: "Connection", new: NewTill, enrolment: Enrolment, file: Path, *, replaces: bool, data_folder: Path
) -> str:
    """Let a till join, and write its enrolment file; return the file's code. `connection`: the administrator's.

    `replaces`: another PC takes the place of a till that takes part, which loses its access.
    Raises InvitationError, psycopg.Error.
    """
    from psycopg.errors import InsufficientPrivilege

    try:
        known = read_members(connection, new.shop)
        if not known:
            raise InvitationError(InvitationTrouble.OTHER_DATABASE, new.shop)
        if not replaces and any(is_in_use(each) for each in known if each.till == new.till):
            raise InvitationError(InvitationTrouble.NAME_IN_USE, new.till)
        with written(enrolment, file, data_folder=data_folder) as code:
            run_together(connection, add_till(new))
    except InsufficientPrivilege as error:
        raise InvitationError(InvitationTrouble.RIGHTS) from error
    return code


def is_in_use(member: Member) -> bool:
    """Whether a till takes part: it has joined and was not removed."""
    return member.enrolled_at is not None and member.removed_at is None
