"""Publisher of update notices: the release tool's keys and signatures, and a server that records requests."""

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import bonifiq_desktop

PACKAGING = Path(bonifiq_desktop.__file__).parents[1] / "packaging"
PAGE = "https://loja.example/bonifiq-desktop"
DAY = date(2026, 12, 1)


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update_manifest", PACKAGING / "update_manifest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
"""`packaging/update_manifest.py`."""


class UpdatePublisher:
    """`answer`: the body of every response. `requests`: the headers of every request."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.key = str(TOOL.public_part(self._key))
        self.status = 200
        self.answer = self.notice("9.8.7")
        self.requests: list[dict[str, str]] = []
        self.port = 0

    def notice(self, version: str, page: str = PAGE) -> bytes:
        """Return a signed notice."""
        return bytes(TOOL.notice_of(self._key, version, page, DAY))

    def signed(self, payload: bytes) -> bytes:
        """Return any payload with a valid signature."""
        return bytes(TOOL.b64encode(self._key.sign(payload))) + b"\n" + payload

    @property
    def address(self) -> str:
        """Return the address of the notice."""
        return f"http://127.0.0.1:{self.port}/avisos/bonifiq-desktop.txt"

    @property
    def feed(self) -> str:
        """Return the feed for a till's settings."""
        return f"{self.address}#{self.key}"

    @contextmanager
    def publishing(self) -> Iterator["UpdatePublisher"]:
        """Answer requests until the block ends."""
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.requests.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(publisher.status)
                self.send_header("Location", publisher.address)
                self.send_header("Content-Length", str(len(publisher.answer)))
                self.end_headers()
                self.wfile.write(publisher.answer)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()
