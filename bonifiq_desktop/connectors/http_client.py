"""One HTTP client for one worker: what went out, what came back, and whether anything can have left."""

import asyncio
import json
import logging
import re
import ssl
from base64 import b64encode
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Any, TypeAlias
from urllib.parse import quote

import httpcore
import httpx

from bonifiq_desktop import __version__
from bonifiq_desktop.connectors.certificates import CertificateProblem, certificate_problem, trusted_context
from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.connectors.name_resolution import ThreadedResolverBackend
from bonifiq_desktop.domain.urls import is_safe_url
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.security.credentials import Credentials

_log = logging.getLogger(__name__)

MAX_RESPONSE_BYTES = 2 * 1024 * 1024
"""The largest answer that is read; an order of hundreds of items is far below."""

_MAX_RETRY_AFTER = 999_999_999
_SECONDS = re.compile(r"\d+(?:\s*,\s*\d+)*", re.ASCII)  # a proxy joins two headers with a comma
_KEEPALIVE_SECONDS = 15
_MIN_SECRET_LENGTH = 8  # characters; a shorter one could be part of an honest answer
_REDACTED = b"***"


@dataclass(frozen=True)
class HttpResponse:
    """A complete answer. `retry_after`: seconds that the server asks to wait. `date`: the server's own clock (UTC)."""

    status: int
    body: bytes
    retry_after: int | None = None
    date: datetime | None = None


@dataclass(frozen=True)
class TransportFailure:
    """No complete answer. `possibly_sent`: a byte of the request may have been written.

    `certificate`: the problem of the server's certificate, where that is the reason.
    """

    reason: FailureReason
    possibly_sent: bool
    certificate: CertificateProblem | None = field(default=None, compare=False)


HttpResult: TypeAlias = HttpResponse | TransportFailure


class UnsafeUrl(ValueError):
    """The server's address is neither HTTPS nor this machine."""


class _Transport(httpx.AsyncHTTPTransport):
    """Transport of httpx with a resolver on threads of its own; httpx has no parameter for one."""

    def __init__(self, context: ssl.SSLContext, *, keep_alive: int) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=keep_alive,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            network_backend=ThreadedResolverBackend(),
        )


class HeaderAuth(httpx.Auth):
    """Sends a value as the Authorization header; none while it is empty. The value may be replaced."""

    def __init__(self, value: str = "") -> None:
        self.value = value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self.value:
            request.headers["Authorization"] = self.value
        yield request


class HttpClient:
    """HTTP client of one server. Make, use and close it on one event loop.

    Reads share connections; every write gets a fresh one, because a stale connection fails exactly as a lost answer
    does. No redirects, no proxy or netrc from the environment, certificates always checked.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials | None,
        *,
        timeout: float = CALL_TIMEOUT,
        max_bytes: int = MAX_RESPONSE_BYTES,
        auth: HeaderAuth | None = None,
    ) -> None:
        """Raises UnsafeUrl.

        `credentials`: None for a server that must not get any. `max_bytes`: of an answer. `auth`: in place of HTTP
        Basic; an answer never shows its value either.
        """
        if not is_safe_url(url):
            raise UnsafeUrl
        self._url = url
        self._timeout = timeout
        self._max_bytes = max_bytes
        context = trusted_context()
        self._auth = auth
        self._secret_forms = _secret_forms_of(credentials) if credentials else ()
        basic = httpx.BasicAuth(credentials.token, credentials.key) if credentials else None
        self._reader = self._client(auth or basic, context, keep_alive=4)
        self._writer = self._client(auth or basic, context, keep_alive=0)

    def _client(self, auth: httpx.Auth | None, context: ssl.SSLContext, *, keep_alive: int) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            auth=auth,
            transport=_Transport(context, keep_alive=keep_alive),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(self._timeout),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # a packed answer could unpack to anything
                "User-Agent": f"BonifiQ-Desktop/{__version__}",
            },
        )

    def _without_secrets(self, result: HttpResult) -> HttpResult:
        """Redact our token and key in an answer that repeats them, as some error pages do."""
        forms = (*self._secret_forms, *_forms_of(self._auth.value.split()[-1:] if self._auth else ()))
        if not isinstance(result, HttpResponse) or not any(form in result.body for form in forms):
            return result
        body = result.body
        for form in forms:
            body = body.replace(form, _REDACTED)
        return replace(result, body=body)

    async def aclose(self) -> None:
        await self._reader.aclose()
        await self._writer.aclose()

    async def get(self, path: str) -> HttpResult:
        """Read; a second time, within the same deadline, when a shared connection had gone stale."""
        deadline = self._call_deadline()
        result = await self._exchange(self._reader, "GET", path, None, deadline)
        if isinstance(result, TransportFailure) and result.reason is FailureReason.CONNECTION_LOST:
            result = await self._exchange(self._reader, "GET", path, None, deadline)
        return result

    async def post(self, path: str, body: bytes) -> HttpResult:
        """Write these bytes once."""
        return await self.write("POST", path, body)

    async def write(self, method: str, path: str, body: bytes) -> HttpResult:
        """Write these bytes once; empty bytes make a request without a body."""
        return await self._exchange(self._writer, method, path, body or None, self._call_deadline())

    def _call_deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._timeout

    async def _exchange(
        self, client: httpx.AsyncClient, method: str, path: str, body: bytes | None, deadline: float
    ) -> HttpResult:
        sent = False

        async def watch(event: str, _info: dict[str, Any]) -> None:
            # httpcore reports this event before it writes the first byte of the request.
            nonlocal sent
            sent = sent or event.endswith("send_request_headers.started")

        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            request = client.build_request(
                method, self._url + path, content=body, headers=headers, extensions={"trace": watch}
            )
            async with asyncio.timeout_at(deadline):
                response = await client.send(request, stream=True)
                try:
                    return self._without_secrets(await _read_response(response, self._max_bytes))
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            return TransportFailure(FailureReason.TIMED_OUT if sent else FailureReason.NO_CONNECTION, sent)
        # UnicodeError: a host name that DNS cannot represent
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            problem = None if sent else certificate_problem(error)
            if problem is not None:
                _log.warning("server certificate refused", extra={"kind": problem.value})
                return TransportFailure(FailureReason.CERTIFICATE, possibly_sent=False, certificate=problem)
            return TransportFailure(FailureReason.CONNECTION_LOST if sent else FailureReason.NO_CONNECTION, sent)


def _secret_forms_of(credentials: Credentials) -> tuple[bytes, ...]:
    """The forms of a token and a key in an answer: plain, in JSON, in an address, in a header; longest first."""
    pair = f"{credentials.token}:{credentials.key}".encode()
    forms = {b64encode(pair), *_forms_of((credentials.token, credentials.key))}
    return tuple(sorted(forms, key=len, reverse=True))


def _forms_of(secrets: Iterable[str]) -> Iterator[bytes]:
    for text in secrets:
        if len(text) >= _MIN_SECRET_LENGTH:
            escaped = json.dumps(text)[1:-1]
            yield from (form.encode() for form in (text, escaped, escaped.replace("/", "\\/"), quote(text, safe="")))


async def _read_response(response: httpx.Response, max_bytes: int) -> HttpResult:
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > max_bytes:
            return TransportFailure(FailureReason.TOO_LARGE, possibly_sent=True)
    date = _parse_http_date(response.headers.get("Date", ""))
    waits = [_parse_retry_after(header, date) for header in response.headers.get_list("Retry-After")]
    wait = max((each for each in waits if each is not None), default=None)  # a gateway and the API may both send one
    return HttpResponse(response.status_code, bytes(content), wait, date)


def _parse_retry_after(header: str, date: datetime | None) -> int | None:
    """Seconds to wait. A date is read by the clock that wrote it; only without one by the PC's, which may be wrong."""
    header = header.strip()
    if _SECONDS.fullmatch(header):
        digits = [part.strip()[: len(str(_MAX_RETRY_AFTER)) + 1] for part in header.split(",")]
        return min(max(map(int, digits)), _MAX_RETRY_AFTER)
    until = _parse_http_date(header)
    if until is None:
        return None
    seconds = ceil((until - (date or datetime.now(UTC))).total_seconds())
    return min(max(seconds, 0), _MAX_RETRY_AFTER)


def _parse_http_date(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
