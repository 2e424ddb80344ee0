"""Sections of the day page, in the order in which they are offered."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.worker.client import WorkerClient


@dataclass(frozen=True)
class Section:
    """A section of the day page; `name`: for the code. `make`: its view, made when it is shown first.

    The view reads what it shows in its `showEvent`, and `setFocus` focuses its first control. Where it has them, the
    page connects the signals `orderRequested` (order number) and `historyRequested` (Waiting, text to search).
    """

    name: str
    title: str
    make: Callable[[WorkerClient], QWidget]


def sections() -> tuple[Section, ...]:
    return (
        Section("day", translate("day", "Dia"), _day),
        Section("closed", translate("day", "Fechados"), _closed),
        Section("charts", translate("day", "Gráficos"), _charts),
        Section("questions", translate("day", "Perguntas do dono"), _questions),
    )


def _day(client: WorkerClient) -> QWidget:
    from bonifiq_desktop.ui.day.day_view import DayView

    return DayView(client)


def _closed(client: WorkerClient) -> QWidget:
    from bonifiq_desktop.ui.day.closed_view import ClosedView

    return ClosedView(client)


def _charts(client: WorkerClient) -> QWidget:
    from bonifiq_desktop.ui.reports.charts_page import ChartsPage

    return ChartsPage(client)


def _questions(client: WorkerClient) -> QWidget:
    from bonifiq_desktop.ui.reports.questions_page import QuestionsPage

    return QuestionsPage(client)
