"""Ask a server once, without credentials and changing nothing, whether it answers at all."""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.connectors.certificates import CertificateProblem
from bonifiq_desktop.connectors.http_client import HttpClient, HttpResponse, UnsafeUrl
from bonifiq_desktop.domain.verdicts import FailureReason

_TIMEOUT = 8.0


@dataclass(frozen=True)
class ServerAnswer:
    """How the server answered. `failure`: why it did not; `server_time`: its clock (UTC), where the answer named it."""

    failure: FailureReason | None = None
    certificate: CertificateProblem | None = None
    server_time: datetime | None = None


async def ask_server(url: str) -> ServerAnswer | None:
    """Ask for the root of a server; any answer will do. None where the address is not safe, and nothing was asked."""
    try:
        async with aclosing(HttpClient(url, None, timeout=_TIMEOUT)) as client:
            result = await client.get("/")
    except UnsafeUrl:
        return None
    if isinstance(result, HttpResponse):
        return ServerAnswer(server_time=result.date)
    return ServerAnswer(result.reason, result.certificate)
