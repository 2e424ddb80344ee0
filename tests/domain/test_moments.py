"""Tests of reading typed dates and times."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.moments import MomentError, read_day, read_moment

NOW = datetime(2026, 11, 20, 15, 30, 12, 345678).astimezone()


def local(*parts: int) -> datetime:
    return datetime(*parts).astimezone()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("19/11/2026 14:05", local(2026, 11, 19, 14, 5)),
        ("19-11-26 9h30", local(2026, 11, 19, 9, 30)),
        ("19.11 9H", local(2026, 11, 19, 9)),
        ("19/11", local(2026, 11, 19, 12)),
        ("2026-11-19T14:05", local(2026, 11, 19, 14, 5)),
        ("2026-11-19 14:05", local(2026, 11, 19, 14, 5)),
        (" 19/11 ,  14:05 ", local(2026, 11, 19, 14, 5)),
        ("20/11", NOW),
        ("20/11/2026", NOW),
        ("14:05", local(2026, 11, 20, 14, 5)),
        ("21/11 10:00", local(2026, 11, 21, 10)),  # stays tomorrow, so that it is refused as a future date
        ("31/12", local(2025, 12, 31, 12)),
        ("29/2", local(2024, 2, 29, 12)),
        ("1/1/99", local(1999, 1, 1, 12)),
    ],
)
def test_read_moment_typed_text_is_read(text: str, moment: datetime) -> None:
    assert read_moment(text, NOW) == moment


@pytest.mark.parametrize(
    "text",
    ["", " ", "ontem", "31/02", "32/1/2026", "1/13", "24:00", "12:60", "19/11/202",
     "1911", "19/11/2026 14:05:99", "2026-13-01",
     "0/0", "٣/٣/2026 x", "19/11/2026 14:05 -03:00"],
)  # fmt: skip
def test_read_moment_other_text_is_refused(text: str) -> None:
    with pytest.raises(MomentError):
        read_moment(text, NOW)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 19)))  # noqa: DTZ001 - as typed
def test_read_moment_whole_date_keeps_minute(typed: datetime) -> None:
    minute = typed.replace(second=0, microsecond=0)
    assert read_moment(minute.strftime("%d/%m/%Y %H:%M"), NOW) == minute.astimezone()


@given(st.dates(NOW.date() - timedelta(days=3000), NOW.date()))
def test_read_moment_without_year_is_never_future(day: date) -> None:
    found = read_moment(f"{day.day}/{day.month}", NOW)
    assert found.date() <= NOW.date() + timedelta(days=1)
    assert (found.day, found.month) == (day.day, day.month)


def test_read_day_needs_year_and_past() -> None:
    assert read_day("17/05/1990", NOW) == date(1990, 5, 17)
    assert read_day("17/5/41", NOW) == date(1941, 5, 17)
    assert read_day(" 1990-05-17 ", NOW) == date(1990, 5, 17)
    for text in ("17/05", "", "31/02/1990", "21/11/2026", "17/05/1850", "17/05/1990 10:00", "10:00"):
        with pytest.raises(MomentError):
            read_day(text, NOW)


def test_read_moment_ignores_time_zone_of_now() -> None:
    assert read_moment("19/11/2026 14:05", NOW.astimezone(UTC)) == read_moment("19/11/2026 14:05", NOW)
