"""HTTP session with Omnitron: a key for every call, renewed once when it is no longer good (API docs, section 1)."""

import asyncio
from collections.abc import Awaitable, Callable

from bonifiq_desktop.connectors.akinon.classify import is_unauthorized, token_in
from bonifiq_desktop.connectors.akinon.requests import LOGIN_PATH, login_body
from bonifiq_desktop.connectors.http_client import HeaderAuth, HttpClient, HttpResult, TransportFailure
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.security.credentials import Credentials

_REFUSED_SECONDS = 60.0
"""How long a refused password is not tried again: a system may lock a user after a few attempts."""


class Session:
    """Calls with `Authorization: Token <key>`. Without a user name the secret is the key itself."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        """Raises UnsafeUrl."""
        self._credentials = credentials
        self._auth = HeaderAuth("" if credentials.token else _header(credentials.key))
        address = url.rstrip("/")
        self._client = HttpClient(address, credentials, auth=self._auth)
        self._login_client = HttpClient(address, None)
        self._logging_in = asyncio.Lock()
        self._refused_until = 0.0

    async def get(self, path: str) -> HttpResult:
        return await self._call(lambda: self._client.get(path))

    async def write(self, method: str, path: str, body: bytes) -> HttpResult:
        """Write these bytes once; a second time only after a 401, which says that they were not executed.

        A failed login before that is a failure that sent nothing.
        """
        return await self._call(lambda: self._client.write(method, path, body))

    async def aclose(self) -> None:
        await self._client.aclose()
        await self._login_client.aclose()

    async def _call(self, request: Callable[[], Awaitable[HttpResult]]) -> HttpResult:
        try:
            if not self._auth.value:
                await self._renew("")
            used = self._auth.value
            result = await request()
            if not is_unauthorized(result) or not self._credentials.token:
                return result
            await self._renew(used)
            return await request()
        except LookupFailed as failed:
            return TransportFailure(failed.reason or FailureReason.UNREADABLE, possibly_sent=False)

    async def _renew(self, used: str) -> None:
        """Log in, unless another call did since `used` was sent. Raises LookupFailed."""
        async with self._logging_in:
            if self._auth.value != used:
                return
            now = asyncio.get_running_loop().time()
            if now < self._refused_until:
                raise LookupFailed(FailureReason.CREDENTIALS)
            body = login_body(self._credentials.token, self._credentials.key)
            try:
                self._auth.value = _header(token_in(await self._login_client.post(LOGIN_PATH, body)))
            except LookupFailed as failed:
                if failed.reason is FailureReason.CREDENTIALS:
                    self._refused_until = now + _REFUSED_SECONDS
                raise


def _header(key: str) -> str:
    return f"Token {key}"
