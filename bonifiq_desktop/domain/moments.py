"""Typed dates and times, such as `19/11/2026 14:05`, `19/11`, `14:05`, and bounds of days. Days come before months."""

import re
from datetime import date, datetime, time, timedelta

_DAY = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{2}|\d{4}))?"
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})"
_TIME = r"(?P<hour>\d{1,2})[:hH](?P<minute>\d{2})?"
_MOMENT = re.compile(rf"(?:{_ISO}|{_DAY})?[\sT,]*(?:{_TIME})?")
_NOON = time(12)  # for a day without a time: the same day in every Brazilian time zone
_OLDEST = date(1900, 1, 1)


class MomentError(ValueError):
    """The text is not a date or time."""


def read_moment(text: str, now: datetime) -> datetime:
    """Read a moment in this PC's time zone. A time alone is today's; a day alone is noon, or `now` when it is today.

    A day without a year is the latest one that is not after `now`. Raises MomentError.
    """
    local = now.astimezone()
    typed = " ".join(text.split())
    found = _MOMENT.fullmatch(typed)
    if not typed or found is None:
        raise MomentError
    try:
        day = _day(found, local.date())
        clock = _NOON if found["hour"] is None else time(int(found["hour"]), int(found["minute"] or 0))
        if found["hour"] is None and day == local.date():
            return local
        return datetime.combine(day, clock).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise MomentError from error


def read_day(text: str, now: datetime) -> date:
    """Read a day with its year, such as a birthday, up to today. Raises MomentError."""
    found = _MOMENT.fullmatch(text.strip())
    today = now.astimezone().date()
    try:
        if found is None or found["hour"] or not (found["iso"] or found["year"]):
            raise MomentError
        day = _day(found, today)
    except ValueError as error:
        raise MomentError from error
    if not _OLDEST <= day <= today:
        raise MomentError
    return day


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """From midnight of a day until before the midnight after another one, in this PC's time zone."""
    since, until = (datetime.combine(day, time()).astimezone() for day in (first, last + timedelta(days=1)))
    return since, until


def _day(found: re.Match[str], today: date) -> date:
    if found["iso"]:
        return date.fromisoformat(found["iso"])
    if found["day"] is None:
        return today
    day, month, year = int(found["day"]), int(found["month"]), found["year"]
    if year is not None:
        # A two-digit year is of this century, unless it is in the future.
        whole = int(year) if len(year) > 2 else today.year // 100 * 100 + int(year)  # noqa: PLR2004
        return date(whole - 100 if len(year) == 2 and whole > today.year else whole, month, day)  # noqa: PLR2004
    for year_before in range(8):  # two 29ths of February are at most eight years apart
        try:
            on = date(today.year - year_before, month, day)
        except ValueError:
            continue
        if on <= today + timedelta(days=1):  # tomorrow is refused with a message of its own, not read as last year's
            return on
    raise MomentError
