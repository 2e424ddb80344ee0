"""The steps of the tour after the main job: a slip, the history's filter, the close of the day, and its pictures."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView, QWidget

from bonifiq_desktop.cli.tour_till import TourTill
from bonifiq_desktop.ui.printing.slip_view import SlipView


class DayEnd:
    """What a shop does with the day's operations. Methods raise TourError."""

    def __init__(self, till: TourTill) -> None:
        self._till = till

    def run_all_steps(self) -> None:
        self._preview_a_slip()
        self._filter_the_history()
        self._close_the_day()
        self._open_section("charts", "daySections3", "chartsPage", "chartsEmpty")
        self._open_section("questions", "daySections4", "questionsPage", "questionsEmpty")

    def _preview_a_slip(self) -> None:
        """Open the slip of the history's current row."""
        self._till.step = "slip"
        self._till.press(Qt.Key.Key_F11)
        self._till.wait("the preview", lambda: self._till.has("previewSheet"))
        slip = self._till.find(SlipView, "previewSlip")
        self._till.wait("the slip", lambda: bool(slip.pages), "previewMessage")
        self._till.picture("slip")
        self._till.press(Qt.Key.Key_Escape, "previewPrint")
        self._till.wait("the closed preview", lambda: not self._till.has("previewSheet"))

    def _filter_the_history(self) -> None:
        self._till.step = "filter the history"
        model = self._till.find(QTableView, "historyTable").model()
        everything = model.rowCount()
        self._till.press(Qt.Key.Key_Space, "historyKinds3")  # Devoluções
        self._till.wait("fewer operations", lambda: 0 < model.rowCount() < everything)
        self._till.settle()
        self._till.picture("history-filtered")

    def _close_the_day(self) -> None:
        self._till.step = "close the day"
        self._till.press(Qt.Key.Key_F10)
        close = self._till.find(QWidget, "dayClose")
        self._till.wait("the day", close.isEnabled, "dayMessage")
        self._till.settle()
        self._till.picture("day")
        self._till.press(Qt.Key.Key_Return, "dayClose")
        self._till.wait("the question", lambda: self._till.has("closeDayDialog"))
        self._till.press(Qt.Key.Key_Return, "closeDayConfirm")
        self._till.wait("the closed day", self._till.find(QWidget, "dayRecord").isVisible, "dayMessage")
        self._till.settle()
        self._till.picture("day-closed")

    def _open_section(self, step: str, segment: str, page: str, empty: str) -> None:
        """Show a section of the day page, with the day's figures in it."""
        self._till.step = step
        self._till.press(Qt.Key.Key_Space, segment)
        self._till.wait(f"the {step}", lambda: self._till.has(page) and self._till.find(QWidget, page).isVisible())
        self._till.settle()
        self._till.wait(f"figures in the {step}", self._till.find(QWidget, empty).isHidden)
        self._till.picture(step)
