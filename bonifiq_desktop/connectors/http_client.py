"""One HTTP client for one worker: what went out, what came back, and whether anything can have left."""

import asyncio
import json
import logging
import re
import ssl
from base64 import b64encode
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
from bonifiq_desktop.connectors.name_resolution import ThreadedResolverBackend
from bonifiq_desktop.domain.urls import is_safe_url
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.security.credentials import Credentials

_log = logging.getLogger(__name__)

CALL_TIMEOUT = 20.0
"""Seconds that one call may take in all, from name look-up to the last byte of the answer."""

MAX_RESPONSE_BYTES = 2 * 1024 * 1024
"""Bytes of the largest answer read; an order of hundreds of items is far below."""

_MAX_RETRY_AFTER = 999_999_999
_SECONDS = re.compile(r"\d+(?:\s*,\s*\d+)*", re.ASCII)  # a proxy joins two headers with a comma
_KEEPALIVE_SECONDS = 15
_SHORTEST_SECRET = 8  # characters; a shorter one could be part of an honest answer
_BLANKED = b"***"


@dataclass(frozen=True)
class HttpResponse:
    """A complete answer. `retry_after`: seconds to wait, when asked to. `date`: the server's own clock (UTC)."""

    status: int
    body: bytes
    retry_after: int | None = None
    date: datetime | None = None


@dataclass(frozen=True)
class TransportFailure:
    """No complete answer. `may_have_left`: a byte of the request may have been written.

    `certificate`: what was wrong with the server's, where that is the trouble.
    """

    reason: FailureReason
    possibly_sent: bool
    certificate: CertificateProblem | None = field(default=None, compare=False)


HttpResult: TypeAlias = HttpResponse | TransportFailure


class UnsafeUrl(ValueError):
    """The server's address is neither HTTPS nor this machine."""


class _Transport(httpx.AsyncHTTPTransport):
    """Transport of httpx over a network that looks names up on its own threads; httpx offers no other place for it."""

    def __init__(self, context: ssl.SSLContext, *, keep_alive: int) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=keep_alive,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            network_backend=ThreadedResolverBackend(),
        )


class HttpClient:
    """Calls the API at `url`. Make, use and close it on one event loop.

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
    ) -> None:
        """`credentials`: None where nobody may get any. `largest`: bytes of an answer. Raises UnsafeAddress."""
        if not is_safe_url(url):
            raise UnsafeUrl
        self._url = url
        self._deadline = timeout
        self._largest = max_bytes
        context = trusted_context()
        self._pair = _written_forms(credentials) if credentials else ()
        self._reader = self._client(credentials, context, keep_alive=4)
        self._writer = self._client(credentials, context, keep_alive=0)

    def _client(
        self, credentials: Credentials | None, context: ssl.SSLContext, *, keep_alive: int
    ) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            auth=httpx.BasicAuth(credentials.token, credentials.key) if credentials else None,
            transport=_Transport(context, keep_alive=keep_alive),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(self._deadline),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # a packed answer could unpack to anything
                "User-Agent": f"BonifiQ-Desktop/{__version__}",
            },
        )

    def _without_pair(self, seen: HttpResult) -> HttpResult:
        """An answer that repeats our token or key, as some error pages do, is nowhere shown or kept with them."""
        if not isinstance(seen, HttpResponse) or not any(form in seen.body for form in self._pair):
            return seen
        body = seen.body
        for form in self._pair:
            body = body.replace(form, _BLANKED)
        return replace(seen, body=body)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._reader.aclose()
        await self._writer.aclose()

    async def get(self, path: str) -> HttpResult:
        """Read; tried a second time, within the same deadline, when a shared connection had gone stale."""
        until = self._until()
        seen = await self._exchange(self._reader, "GET", path, None, until)
        if isinstance(seen, TransportFailure) and seen.reason is FailureReason.CONNECTION_LOST:
            seen = await self._exchange(self._reader, "GET", path, None, until)
        return seen

    async def post(self, path: str, body: bytes) -> HttpResult:
        """Write, once, byte for byte."""
        return await self._exchange(self._writer, "POST", path, body, self._until())

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self._deadline

    async def _exchange(
        self, client: httpx.AsyncClient, method: str, path: str, body: bytes | None, deadline: float
    ) -> HttpResult:
        left = False

        async def watch(event: str, _info: dict[str, Any]) -> None:
            # httpcore tells this before it writes the first byte of the request.
            nonlocal left
            left = left or event.endswith("send_request_headers.started")

        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            request = client.build_request(
                method, self._url + path, content=body, headers=headers, extensions={"trace": watch}
            )
            async with asyncio.timeout_at(deadline):
                response = await client.send(request, stream=True)
                try:
                    return self._without_pair(await _read(response, self._largest))
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            return TransportFailure(FailureReason.TIMED_OUT if left else FailureReason.NO_CONNECTION, left)
        # UnicodeError: a host that DNS cannot hold
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            fault = None if left else certificate_problem(error)
            if fault is not None:
                _log.warning("the server's certificate was refused", extra={"kind": fault.value})
                return TransportFailure(FailureReason.CERTIFICATE, possibly_sent=False, certificate=fault)
            return TransportFailure(FailureReason.CONNECTION_LOST if left else FailureReason.NO_CONNECTION, left)


def _written_forms(credentials: Credentials) -> tuple[bytes, ...]:
    """How a token and a key can stand in an answer: as they are, in JSON, in an address, in a header; longest first."""
    pair = f"{credentials.token}:{credentials.key}".encode()
    forms = {b64encode(pair)}
    for text in (credentials.token, credentials.key):
        if len(text) >= _SHORTEST_SECRET:
            escaped = json.dumps(text)[1:-1]
            forms |= {form.encode() for form in (text, escaped, escaped.replace("/", "\\/"), quote(text, safe=""))}
    return tuple(sorted(forms, key=len, reverse=True))


async def _read(response: httpx.Response, largest: int) -> HttpResult:
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > largest:
            return TransportFailure(FailureReason.TOO_LARGE, possibly_sent=True)
    date = _http_date(response.headers.get("Date", ""))
    waits = [_retry_after(header, date) for header in response.headers.get_list("Retry-After")]
    wait = max((each for each in waits if each is not None), default=None)  # a gateway and the API may both ask
    return HttpResponse(response.status_code, bytes(content), wait, date)


def _retry_after(header: str, date: datetime | None) -> int | None:
    """Seconds to wait. A date is read by the clock that wrote it; only without one by the PC's, which may be wrong."""
    header = header.strip()
    if _SECONDS.fullmatch(header):
        digits = [part.strip()[: len(str(_MAX_RETRY_AFTER)) + 1] for part in header.split(",")]
        return min(max(map(int, digits)), _MAX_RETRY_AFTER)
    until = _http_date(header)
    if until is None:
        return None
    seconds = ceil((until - (date or datetime.now(UTC))).total_seconds())
    return min(max(seconds, 0), _MAX_RETRY_AFTER)


def _http_date(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
