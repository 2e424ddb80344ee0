"""Date header of an answer, and Retry-After as a date."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bonifiq_desktop.connectors.http_client import HttpResponse
from tests.support.loopback import answer, answering, client_of

NOW = datetime(2026, 11, 20, 15, 0, 0, tzinfo=UTC)


def _seen(*headers: str) -> HttpResponse:
    async def ask() -> object:
        server = answering(answer(b"", "429 Too Many", *headers))
        async with server.listening(), client_of(server.url) as client:
            return await client.get("/v1/pvt/Order/1001")

    seen = asyncio.run(ask())
    assert isinstance(seen, HttpResponse)
    return seen


def _http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    "date",
    [
        *("Fri, 20 Nov 2026 15:00:00 GMT", "Friday, 20-Nov-26 15:00:00 GMT", "Fri Nov 20 15:00:00 2026"),
        *("Fri, 20 Nov 2026 12:00:00 -0300", " Fri, 20 Nov 2026 15:00:00 GMT "),
    ],
)
def test_date_header_in_any_http_format_is_read(date: str) -> None:
    assert _seen(f"Date: {date}").date == NOW


@pytest.mark.parametrize("date", ["", "now", "2026-11-20T15:00:00Z", "Fri, 31 Feb 2026 15:00:00 GMT", "9" * 50])
def test_invalid_date_header_is_none(date: str) -> None:
    assert _seen(f"Date: {date}").date is None
    assert _seen().date is None


@pytest.mark.parametrize("seconds", [1, 60, 3600, 86400])
@pytest.mark.parametrize("away", [timedelta(0), timedelta(days=-5800), timedelta(days=400)])
def test_retry_after_date_counts_from_the_date_header(seconds: int, away: timedelta) -> None:
    date = NOW + away
    until = _http(date + timedelta(seconds=seconds))
    assert _seen(f"Date: {_http(date)}", f"Retry-After: {until}").retry_after == seconds


def test_retry_after_date_is_limited_to_sane_seconds() -> None:
    date = f"Date: {_http(NOW)}"
    assert _seen(date, f"Retry-After: {_http(NOW)}").retry_after == 0
    assert _seen(date, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT").retry_after == 0
    assert _seen(date, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT").retry_after == 999_999_999
    assert _seen(date, "Retry-After: Fri, 31 Dec 9999 23:59:59 -2359").retry_after is None


def test_retry_after_date_without_date_header_counts_from_pc_clock() -> None:
    wait = _seen(f"Retry-After: {_http(datetime.now(UTC) + timedelta(seconds=60))}").retry_after
    assert wait is not None
    assert 57 <= wait <= 60
