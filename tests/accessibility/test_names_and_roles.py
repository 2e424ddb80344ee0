"""Names, roles and states of every control, as a screen reader's client finds them on each page, sheet and state."""

from collections.abc import Callable

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.screen_reader import ENTER, ESCAPE, F1, F2, F3, F4, F6, F7, F9, SPACE, Element, ScreenReader

CONTROLS = {
    "cell",
    "check box",
    "combo box",
    "dialog",
    "frame",
    "link",
    "list",
    "list item",
    "menu item",
    "page tab",
    "password text",
    "push button",
    "radio button",
    "slider",
    "spin button",
    "table",
    "table cell",
    "text",
    "toggle button",
    "tree",
}


def look_up(reader: ScreenReader, number: str = "1001") -> None:
    reader.press(F2)
    reader.named("lookupField", "focused").enter_text(number)
    reader.press(ENTER)
    reader.named("refundButton", "enabled")


def open_refund(reader: ScreenReader) -> None:
    reader.press(F6)
    reader.named("refundItems", "focused")


def open_sale(reader: ScreenReader) -> None:
    reader.press(F3)
    reader.named("saleSubmit")


def refund_an_item(reader: ScreenReader) -> None:
    reader.named("refundConfirm", "enabled").do("Press")
    reader.wait_to_hear("49,90")


STATES: dict[str, Callable[[ScreenReader], object]] = {
    "start": lambda reader: reader.named("lookupField", "focused"),
    "order": look_up,
    "refund": open_refund,
    "refund typed": lambda reader: reader.press(SPACE),
    "refund outcome": refund_an_item,
    "order after refund": lambda reader: (reader.press(ESCAPE), reader.named("refundButton", "enabled")),
    "whole cancel": lambda reader: (reader.press(F7), reader.named("cancelConfirm")),
    "order again": lambda reader: (reader.press(ESCAPE), reader.named("refundButton", "enabled")),
    "sale": open_sale,
    "history": lambda reader: (reader.press(F4), reader.named("historyTable")),
    "settings": lambda reader: (reader.press(F9), reader.named("settingsSave")),
    "guide": lambda reader: (reader.press(F1), reader.named("userGuide")),
}


def is_named(element: Element) -> bool:
    if element.name.strip() or element.object_name.startswith("qt_"):
        return True
    is_control = element.role in CONTROLS or "focusable" in element.states
    return not is_control


def test_every_control_of_every_page_and_sheet_has_a_name(reader: ScreenReader, server: TrainingServer) -> None:
    unnamed: dict[str, list[str]] = {}
    for state, reach in STATES.items():
        reach(reader)
        for element in reader.settled():
            if not is_named(element):
                unnamed.setdefault(f"{element.role} {element.object_name}", []).append(state)
    assert unnamed == {}
    assert [entry.cents for entry in server.service.applied] == [4990]
