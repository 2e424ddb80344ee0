"""Secrets of a till that takes part in a shop database: its password there, and the shop's key.

They stand beside the secrets of connections to other systems, in the keyring or, by consent, in a private file.
"""

import base64
import json
from dataclasses import dataclass, field

from bonifiq_desktop.security.credentials import (
    ConnectionSecrets,
    CredentialsError,
    CredentialsForOtherAddress,
    KeyStorage,
)

_ENTRY = " shop database"
"""No connection's name starts with a space."""
_SECRET_BYTES = 32


@dataclass(frozen=True)
class ShopAccess:
    """The secrets of one role. `secret`: the shop's key, 32 bytes. `repr` shows none of them.

    `new_password`: while a change of the password is open, the one that may be valid already; else empty.
    """

    password: str = field(repr=False)
    secret: bytes = field(repr=False)
    new_password: str = field(default="", repr=False)


class ShopAccessStore:
    """Stores the secrets of a till's access. Its methods may wait for the keyring: call them in a worker thread."""

    def __init__(self, secrets: ConnectionSecrets) -> None:
        self._secrets = secrets

    def load(self, role: str, database: str) -> tuple[ShopAccess, KeyStorage] | None:
        """Return the secrets of a role and where they are stored; None where none are, or only another role's.

        Raises CredentialsTimeout, CredentialsError.
        """
        try:
            stored = self._secrets.load(_ENTRY, _owner(role, database))
        except CredentialsForOtherAddress:
            return None
        return None if stored is None else (_read(stored.secret), stored.storage)

    def save(self, role: str, database: str, access: ShopAccess, *, allow_plain_file: bool) -> KeyStorage:
        """Store the secrets of a role as safely as this machine can; return where. Raises OSError."""
        text = json.dumps(
            {
                "password": access.password,
                "new_password": access.new_password,
                "secret": base64.b64encode(access.secret).decode(),
            }
        )
        return self._secrets.save(_ENTRY, _owner(role, database), text, allow_plain_file=allow_plain_file)

    def forget(self) -> None:
        """Delete the secrets and their key. Raises OSError."""
        self._secrets.forget(_ENTRY)


def _owner(role: str, database: str) -> str:
    """The role and its database in place of an address: the hosts of a shop database may change."""
    return f"postgresql://{role}@/{database}"


def _read(text: str) -> ShopAccess:
    """Raises CredentialsError."""
    try:
        stored = json.loads(text)
        secret = base64.b64decode(stored["secret"], validate=True)
        access = ShopAccess(str(stored["password"]), secret, str(stored["new_password"]))
    except (ValueError, KeyError, TypeError) as error:
        raise CredentialsError from error
    if len(secret) != _SECRET_BYTES:
        raise CredentialsError
    return access
