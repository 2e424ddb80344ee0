"""A mock server from npm that answers by an OpenAPI file, and refuses what the file does not allow."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from tests.support.ports import free_port

REPOSITORY = Path(__file__).parents[2]
PROGRAM = REPOSITORY / "build/mocks/node_modules/.bin/prism"
CONTRACTS = REPOSITORY / "resources/contract"
_START_SECONDS = 60.0
_HOST = "127.0.0.1"
_OWN_HEADERS = frozenset({"host", "content-length", "connection"})


@dataclass(frozen=True)
class SentRequest:
    """A request as a connector sent it. `target`: path and query."""

    method: str
    target: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "SentRequest":
        """Read a whole HTTP request."""
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        return cls(method, target, body, dict(line.split(": ", 1) for line in lines))


@dataclass(frozen=True)
class SchemaMock:
    """`port`: on loopback."""

    port: int

    def objections(self, request: SentRequest) -> str:
        """What the mock has against a request; empty when it is valid."""
        connection = HTTPConnection(_HOST, self.port, timeout=_START_SECONDS)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OWN_HEADERS}
        connection.request(request.method, request.target, request.body or None, headers)
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
        connection.close()
        found = json.loads(answer.headers.get("sl-violations") or "[]")
        objections = [each for each in found if "request" in each.get("location", [])]
        if objections or answer.status >= 400:
            return f"{request.method} {request.target}: {answer.status} {objections} {body[:300]}"
        return ""


@contextmanager
def listening(contract: Path) -> Iterator[SchemaMock]:
    """Run the mock server of a contract file."""
    port = free_port()
    command = [str(PROGRAM), "mock", "--port", str(port), "--host", _HOST, str(contract)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        _wait_until_it_listens(process, port)
        yield SchemaMock(port)
    finally:
        process.terminate()
        process.communicate(timeout=_START_SECONDS)


def _wait_until_it_listens(process: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(process.communicate()[0])
        try:
            socket.create_connection((_HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the mock server does not listen")
