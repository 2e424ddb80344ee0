"""A scripted server of the API that answers word for word what a test tells it, over real HTTP on loopback."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

_NO_CONTENT = 204


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `body` is sent as JSON unless it is bytes."""

    status: int = 200
    body: Any = None
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    def payload(self) -> bytes:
        """The bytes of the body."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Request:
    """One request as it arrived; `path` is percent-decoded, `target` is not. Names of `headers` are in lower case."""

    method: str
    path: str
    target: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def refusal(message: str | None, name: str | None, code: int | None = None) -> dict[str, Any]:
    """The API's envelope of a refusal."""
    return {
        "ErrorMessage": message,
        "ErrorCode": code,
        "Result": None,
        "Code": "05",
        "CodeName": name,
        "Severity": 2,
        "HasWarning": False,
        "HasError": True,
    }


def success(result: Any) -> dict[str, Any]:
    """The API's envelope of a success."""
    return {**refusal(None, None), "Result": result, "Code": None, "Severity": 0, "HasError": False}


Script = Callable[[Request], "Answer | Drop"]


class Drop:
    """Close the connection without any answer."""


DROP = Drop()


@dataclass
class ScriptedServer:
    """`script` decides every answer; `requests` holds all that arrived. Listens while it is entered, at `url`."""

    script: Script
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def sent(self, method: str, part: str) -> list[Request]:
        """The requests of a method whose path holds `part`."""
        return [r for r in self.requests if r.method == method and part in r.path]

    def __enter__(self) -> "ScriptedServer":
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                path = unquote(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.command, path, self.path, self.rfile.read(length), headers)
                server.requests.append(request)
                answer = server.script(request)
                if isinstance(answer, Drop):
                    self.close_connection = True
                    return
                self.send_response_only(answer.status)
                for name, value in {"Date": self.date_time_string(), **dict(answer.headers)}.items():
                    self.send_header(name, value)
                if answer.status == _NO_CONTENT:
                    self.end_headers()
                    return
                payload = answer.payload()
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def do_PUT(self) -> None:
                self._serve()

            def do_DELETE(self) -> None:
                self._serve()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
