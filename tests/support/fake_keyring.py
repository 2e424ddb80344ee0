"""Keyrings for tests; run the program with one that outlives it: `python -m tests.support.fake_keyring FILE ARGS…`."""

import json
import sys
from pathlib import Path
from unittest.mock import patch

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

from bonifiq_desktop import cli
from bonifiq_desktop.worker import backend


class FakeKeyring(KeyringBackend):
    """A keyring in memory. `locked`: every access fails, as when the user does not unlock it."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.secrets: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret stored under these names."""
        if self.locked:
            raise KeyringLocked
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret."""
        if self.locked:
            raise PasswordSetError
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete a secret."""
        if self.locked:
            raise KeyringLocked
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError


class FileKeyring(FakeKeyring):
    """A keyring that several processes use in turn; its secrets are in a file."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        if file.exists():
            self.secrets = {(service, username): secret for service, username, secret in json.loads(file.read_text())}

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret in the file."""
        super().set_password(service, username, password)
        self._write()

    def delete_password(self, service: str, username: str) -> None:
        """Delete a secret from the file."""
        super().delete_password(service, username)
        self._write()

    def _write(self) -> None:
        self._file.write_text(json.dumps([[*names, secret] for names, secret in self.secrets.items()]))


if __name__ == "__main__":
    keyring = FileKeyring(Path(sys.argv[1]))
    with (
        patch.object(backend, "system_keyring", lambda: keyring),
        patch("bonifiq_desktop.security.keyrings.system_keyring", lambda: keyring),  # for what is imported later
    ):
        sys.exit(cli.main(sys.argv[2:]))
