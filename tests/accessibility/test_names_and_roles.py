"""Names, roles and states of every control, as a screen reader's client finds them on each page, sheet and state."""

from collections.abc import Callable

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.screen_reader import ENTER, ESCAPE, F1, F2, F3, F4, F6, F7, F9, F10, SPACE, Element, ScreenReader

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


def look_up(reader: ScreenReader) -> None:
    reader.press(F2)
    reader.named("lookupField", "focused").enter_text("1001")
    reader.press(ENTER)
    reader.named("refundButton", "enabled")


def confirm_refund(reader: ScreenReader) -> None:
    reader.named("refundConfirm", "enabled").do("Press")
    reader.wait_to_hear("49,90")


def by_key(keysym: int, name: str, *states: str) -> Callable[[ScreenReader], object]:
    """Return the step that presses a key and waits for an element."""

    def step(reader: ScreenReader) -> None:
        reader.press(keysym)
        reader.named(name, *states)

    return step


STATES: dict[str, Callable[[ScreenReader], object]] = {
    "start": lambda reader: reader.named("lookupField", "focused"),
    "order": look_up,
    "refund": by_key(F6, "refundItems", "focused"),
    "refund of an item": by_key(SPACE, "refundConfirm", "enabled"),
    "refund outcome": confirm_refund,
    "order after refund": by_key(ESCAPE, "refundButton", "enabled"),
    "whole cancel": by_key(F7, "cancelConfirm"),
    "order again": by_key(ESCAPE, "refundButton", "enabled"),
    "sale": by_key(F3, "saleSubmit"),
    "history": by_key(F4, "historyTable"),
    "day": by_key(F10, "dayClose", "focused"),
    "close of the day": by_key(ENTER, "closeDayConfirm", "focused"),
    "closed day": by_key(ENTER, "dayRecordCode"),
    "settings": by_key(F9, "settingsSave"),
    "guide": by_key(F1, "userGuide"),
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
    assert not unnamed, unnamed
    assert [entry.cents for entry in server.service.applied] == [4990]
