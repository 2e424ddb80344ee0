"""A training server in a process of its own, so that it takes no time from the program that is watched."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bonifiq_desktop.security.credentials import Credentials


class SeparateTrainingServer:
    """How to reach it, and to ask it things that the program does not."""

    def __init__(self, url: str, token: str, key: str) -> None:
        self.url = url
        self.credentials = Credentials(token, key)
        json_only = {"Content-Type": "application/json"}
        self._client = httpx.Client(base_url=url, auth=(token, key), headers=json_only, trust_env=False)

    def ask(self, method: str, path: str, content: bytes | None = None) -> bytes:
        """One call, which must succeed."""
        return self._client.request(method, path, content=content).raise_for_status().content

    def add_faults(self, *faults: dict[str, object]) -> None:
        """What goes wrong next."""
        self.ask("POST", "/training/faults", json.dumps(faults).encode())

    def close(self) -> None:
        """Hang up."""
        self._client.close()


@contextmanager
def separate_training_server() -> Iterator[SeparateTrainingServer]:
    """Start one; it ends with the block."""
    command = [sys.executable, "-m", "bonifiq_desktop", "training-server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        server = SeparateTrainingServer(**json.loads(process.stdout.readline()))
        try:
            yield server
        finally:
            server.close()
            process.terminate()
