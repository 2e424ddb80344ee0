"""A server made of the contract alone: it checks every request against the document's schemas and keeps the misfits.

It shares no code with the training server: jsonschema checks the whole body, formats included.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from bonifiq_desktop.storage.paths import resource

_RFC3339 = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d{2}:\d{2})"
)
_formats = FormatChecker(formats=())
MISSING = {"HasError": True, "Severity": 2, "CodeName": "OrderNotFound", "ErrorMessage": "Pedido não encontrado."}


@_formats.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(_RFC3339.fullmatch(value))


def contract() -> dict[str, Any]:
    """The document."""
    document: dict[str, Any] = json.loads(resource("contract/bonifiq.openapi.json").read_text(encoding="utf-8"))
    return document


class ContractServer:
    """`misfits`: what was wrong with the requests. `bodies`: what was posted, by the path of the contract."""

    def __init__(self) -> None:
        self.document = contract()
        self.misfits: list[str] = []
        self.bodies: list[tuple[str, dict[str, Any]]] = []
        self.url = ""

    def answer(self, method: str, path: str, raw: bytes) -> tuple[int, dict[str, Any]]:
        """Check a request, and answer it as the document says."""
        for template, item in self.document["paths"].items():
            if method.lower() in item and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
                return self._known(template, item[method.lower()], raw)
        self.misfits.append(f"no such call: {method} {path}")
        return 404, MISSING

    def _known(self, template: str, operation: dict[str, Any], raw: bytes) -> tuple[int, dict[str, Any]]:
        if "requestBody" not in operation:
            return (404, MISSING) if "Order" in template else (200, {"CustomerExists": False})
        body = json.loads(raw, parse_float=Decimal)
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        rooted = {**schema, "components": self.document["components"]}
        for error in Draft202012Validator(rooted, format_checker=_formats).iter_errors(body):
            self.misfits.append(f"{template} {error.json_path}: {error.message}")
        self.bodies.append((template, body))
        result = {"OriginalId": body.get("OriginalId"), "OrderTotal": float(body.get("OrderTotal", 0))}
        bonus = {"GenerateBonus": True, "EstimatedPoints": 10, "EstimatedCashback": 1.5}
        return 200, {"HasError": False, "Severity": 0, "Result": {**result, "EstimatedBonus": bonus}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, mock: ContractServer, *rest: Any) -> None:
        self._mock = mock
        super().__init__(*rest)

    def _respond(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self._mock.answer(self.command, self.path, raw)
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, *_parts: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[ContractServer]:
    """The mock on a port of its own."""
    mock = ContractServer()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, mock)) as server:
        mock.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield mock
        finally:
            server.shutdown()
            thread.join()
