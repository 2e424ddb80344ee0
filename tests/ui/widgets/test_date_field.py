"""Day fields: what is typed counts when it is complete, and a period never ends before it begins."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDateEdit
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.moments import day_bounds
from bonifiq_desktop.ui.widgets.date_field import DateField, DateRange


@pytest.fixture
def period(qtbot: QtBot) -> DateRange:
    shown = DateRange(("from", "to"))
    qtbot.addWidget(shown)
    shown.set_days(date(2026, 11, 1), date(2026, 11, 28))
    shown.show()
    return shown


def day_field(period: DateRange, name: str) -> DateField:
    found = period.findChild(QDateEdit, name)
    assert isinstance(found, DateField)
    return found


def shown_day(qtbot: QtBot, day: date) -> DateField:
    field = DateField("day", "Dia")
    qtbot.addWidget(field)
    field.set_day(day)
    field.show()
    QTest.qWaitForWindowActive(field)
    field.setFocus()
    return field


@pytest.mark.parametrize("key", [None, Qt.Key.Key_Home, Qt.Key.Key_A])
def test_typed_day_counts_once_at_enter(qtbot: QtBot, key: Qt.Key | None) -> None:
    field = shown_day(qtbot, date(2026, 11, 28))
    seen: list[date] = []
    field.changed.connect(lambda: seen.append(field.day))
    if key is not None:
        held = Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_A else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(field, key, held)
    QTest.keyClicks(field, "15102025")
    assert seen == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert seen == [date(2025, 10, 15)]


@pytest.mark.parametrize(
    ("name", "typed", "days"),
    [
        ("from", date(2026, 12, 24), (date(2026, 12, 24), date(2026, 12, 24))),
        ("to", date(2026, 10, 2), (date(2026, 10, 2), date(2026, 10, 2))),
        ("to", date(2026, 11, 9), (date(2026, 11, 1), date(2026, 11, 9))),
    ],
)
def test_day_beyond_the_other_one_takes_it_along(
    period: DateRange, name: str, typed: date, days: tuple[date, date]
) -> None:
    seen: list[tuple[date, date]] = []
    period.changed.connect(lambda: seen.append(period.days))
    day_field(period, name).set_day(typed)
    assert seen == [days]


def test_period_set_by_the_program_gives_no_signal(period: DateRange) -> None:
    seen: list[bool] = []
    period.changed.connect(lambda: seen.append(True))
    period.set_days(date(2027, 1, 5), date(2027, 1, 6))
    period.set_days(date(2025, 1, 5), date(2025, 1, 6))
    assert (period.days, seen) == ((date(2025, 1, 5), date(2025, 1, 6)), [])


@pytest.mark.parametrize("beyond", [date(1752, 9, 14), date(9999, 12, 31)])
def test_day_field_shows_only_days_that_have_bounds(qtbot: QtBot, beyond: date) -> None:
    field = shown_day(qtbot, beyond)
    since, until = day_bounds(field.day, field.day)
    assert until - since < timedelta(days=2)
    assert field.day != beyond
