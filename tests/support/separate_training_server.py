"""A training server in its own process, so that it takes no time from the measured program."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx

from bonifiq_desktop.security.credentials import Credentials


class SeparateTrainingServer:
    """The server's address and credentials, and a client for its admin paths."""

    def __init__(self, url: str, token: str, key: str) -> None:
        self.url = url
        self.credentials = Credentials(token, key)
        json_only = {"Content-Type": "application/json"}
        self._client = httpx.Client(base_url=url, auth=(token, key), headers=json_only, trust_env=False)

    def ask(self, method: str, path: str, content: bytes | None = None) -> bytes:
        """Make a call that must succeed, and return its content."""
        return self._client.request(method, path, content=content).raise_for_status().content

    def add_faults(self, *faults: dict[str, object]) -> None:
        """Queue faults."""
        self.ask("POST", "/training/faults", json.dumps(faults).encode())

    def close(self) -> None:
        """Close the client."""
        self._client.close()


@contextmanager
def separate_training_server() -> Iterator[SeparateTrainingServer]:
    """Start a server and stop it at the end of the block."""
    command = [sys.executable, "-m", "bonifiq_desktop", "training-server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline())
            with closing(SeparateTrainingServer(told["url"], told["token"], told["key"])) as server:
                yield server
        finally:
            process.terminate()
