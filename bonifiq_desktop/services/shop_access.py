"""A till's stored access to the shop database: the role's password and the shop's secret, sealed as BonifiQ's key is."""

import base64
import json
from dataclasses import dataclass, field

from bonifiq_desktop.security.credentials import ConnectionSecrets, CredentialsError, KeyStorage
from bonifiq_desktop.services.file_executor import run_in_worker_thread

_NAME = " shop database"
"""Under which the secrets are stored: no connection has this name, because names are trimmed."""


@dataclass(frozen=True)
class ShopSecrets:
    """The secrets of one till. `key`: 32 bytes, common to the shop.

    `enrolment_password`: the one that the enrolment file brought; set until the till has joined.
    """

    role: str
    password: str = field(repr=False)
    key: bytes = field(repr=False)
    enrolment_password: str = field(repr=False, default="")

    def to_text(self) -> str:
        return json.dumps(
            {
                "password": self.password,
                "key": base64.b64encode(self.key).decode(),
                "enrolment_password": self.enrolment_password,
            }
        )

    @classmethod
    def from_text(cls, role: str, text: str) -> "ShopSecrets":
        """Raises CredentialsError."""
        try:
            content = json.loads(text)
            key = base64.b64decode(content["key"], validate=True)
            return cls(role, str(content["password"]), key, str(content["enrolment_password"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CredentialsError from error


class ShopSecretStore:
    """Loads and saves the secrets in a worker thread, because the keyring may not answer."""

    def __init__(self, secrets: ConnectionSecrets) -> None:
        self._secrets = secrets

    async def load(self, role: str) -> ShopSecrets | None:
        """The secrets of a role; None where none are stored. Raises CredentialsError."""
        stored = await run_in_worker_thread(self._secrets.load, _NAME, role)
        return ShopSecrets.from_text(role, stored.secret) if stored else None

    async def save(self, secrets: ShopSecrets, *, allow_plain_file: bool) -> KeyStorage:
        """Store the secrets as safely as this machine can; return where. Raises OSError."""
        return await run_in_worker_thread(
            self._secrets.save, _NAME, secrets.role, secrets.to_text(), allow_plain_file=allow_plain_file
        )

    async def forget(self) -> None:
        """Delete the secrets and their key. Raises OSError."""
        await run_in_worker_thread(self._secrets.forget, _NAME)
