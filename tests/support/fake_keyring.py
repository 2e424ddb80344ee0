"""The program on a PC with a keyring that outlives it: `python -m tests.support.fake_keyring FILE ARGUMENT…`"""

import json
import sys
from pathlib import Path

from bonifiq_desktop import cli
from bonifiq_desktop.worker import opening
from tests.security.test_credentials import FakeKeyring


class FileKeyring(FakeKeyring):
    """A keyring that several programs share, one after the other; what is in it stands in a file."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        if file.exists():
            self.secrets = {(service, username): secret for service, username, secret in json.loads(file.read_text())}

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        super().set_password(service, username, password)
        self._write()

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        super().delete_password(service, username)
        self._write()

    def _write(self) -> None:
        self._file.write_text(json.dumps([[*names, secret] for names, secret in self.secrets.items()]))


if __name__ == "__main__":
    setattr(opening, "system_keyring", lambda: FileKeyring(Path(sys.argv[1])))  # noqa: B010 - mypy minds an assignment
    sys.exit(cli.main(sys.argv[2:]))
