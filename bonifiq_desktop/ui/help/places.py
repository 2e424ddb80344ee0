"""The part of the help that belongs to what is on the screen."""

from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.ui.settings.section_list import SectionPage
from bonifiq_desktop.ui.widgets.sheet import Sheet

_PLACES = {
    "navLookup": "lookup",
    "navSale": "sale",
    "navHistory": "history",
    "navSettings": "settings",
    "navDay": "day",
    "navReports": "reports",
    "firstStart": "start",
    "settingsSections": "settings",
    "refundDialog": "refund",
    "cancelDialog": "cancel",
    "completeDialog": "sale",
    "reviewDialog": "history.decide",
    "acknowledgeDialog": "history",
    "checkoutSheet": "reward.open",
    "rewardSheet": "reward",
    "codeSheet": "reward",
    "approvalDialog": "pin",
    "personDialog": "pin",
    "resetDialog": "pin",
    "signIn": "pin",
    "recovery": "trouble",
    "crashDialog": "trouble",
    "leaveDialog": "offline",
    "scanDialog": "lookup",
    "customerDialog": "trouble",
    "connectionSheet": "settings",
    "shopDialog": "settings",
    "joinSheet": "tills",
    "takeOverSheet": "tills.take",
    "previewSheet": "printing",
    "printJobsSheet": "printing",
    "closeDayDialog": "day",
}
"""Place in the guide by the object name of a page, sheet or side-bar button."""

FIRST = "window"
"""The place for what has none."""


def place_of(window: QWidget) -> str:
    """The name of the place for what a person sees: the topmost sheet, else what has the focus, else the page."""
    sheet = Sheet.open_in(window)
    if sheet is not None:
        return _PLACES.get(sheet.objectName(), FIRST)
    return _place_around(QApplication.focusWidget()) or _place_of_page(window)


def _place_around(widget: QWidget | None) -> str:
    while widget is not None:
        if isinstance(widget, SectionPage):
            return f"settings.{widget.section.name}"
        if widget.objectName() in _PLACES:
            return _PLACES[widget.objectName()]
        widget = widget.parentWidget()
    return ""


def _place_of_page(window: QWidget) -> str:
    named = (name for name in _PLACES if name.startswith("nav"))
    buttons = (window.findChild(QWidget, name) for name in named)
    checked = (each.objectName() for each in buttons if each is not None and each.property("checked"))
    return _PLACES.get(next(checked, ""), FIRST)
