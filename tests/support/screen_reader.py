"""A screen reader's side of AT-SPI, over D-Bus: elements with names, roles, states and actions, and announcements."""

import ctypes
import os
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import Any

from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_ATSPI = "org.a11y.atspi"
_CONFIGURATION = "/usr/share/defaults/at-spi2/accessibility.conf"
_REGISTRY = "/usr/libexec/at-spi2-registryd"
_STATES = {4: "checked", 7: "editable", 8: "enabled", 11: "focusable", 12: "focused", 23: "selected", 25: "showing"}
ENTER, ESCAPE, SPACE, TAB = 0xFF0D, 0xFF1B, 0x20, 0xFF09
F1, F2, F3, F4, F5, F6, F7, F8, F9, F10 = range(0xFFBE, 0xFFC8)
"""Keysyms of X."""
_PATIENCE = 30.0
"""Seconds."""


@contextmanager
def virtual_desktop(size: str = "1366x768x24") -> Iterator[dict[str, str]]:
    """Run an X server and an accessibility bus of our own; yields the environment of a program on them."""
    with ExitStack() as stack:
        reads, writes = os.pipe()
        server = ["Xvfb", "-displayfd", str(writes), "-screen", "0", size, "-nolisten", "tcp"]
        stack.enter_context(_running(server, pass_fds=[writes]))
        os.close(writes)
        with os.fdopen(reads) as number:
            display = f":{number.readline().strip()}"
        command = ["dbus-daemon", f"--config-file={_CONFIGURATION}", "--nofork", "--print-address=1"]
        bus = stack.enter_context(_running(command, stdout=subprocess.PIPE, text=True))
        assert bus.stdout is not None
        with bus.stdout:
            address = bus.stdout.readline().strip()
        environment = {**os.environ, "DISPLAY": display, "AT_SPI_BUS_ADDRESS": address, "QT_QPA_PLATFORM": "xcb"}
        environment.pop("WAYLAND_DISPLAY", None)
        stack.enter_context(_running([_REGISTRY], env=environment, stdout=subprocess.DEVNULL))
        yield environment


@contextmanager
def _running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE)


class Element:
    """One element of a program's accessible tree."""

    def __init__(self, reader: "ScreenReader", owner: str, path: str) -> None:
        self._reader, self.owner, self.path = reader, owner, path

    def _get(self, interface: str, name: str) -> Any:
        reply = self._reader.call(self, "org.freedesktop.DBus.Properties", "Get", "ss", (f"{_ATSPI}.{interface}", name))
        return reply[0][1]

    @cached_property
    def name(self) -> str:
        return str(self._get("Accessible", "Name"))

    @property
    def description(self) -> str:
        return str(self._get("Accessible", "Description"))

    @cached_property
    def object_name(self) -> str:
        """Return the last part of the accessible id, which Qt makes of object names."""
        return str(self._get("Accessible", "AccessibleId")).rpartition(".")[2]

    @cached_property
    def role(self) -> str:
        return str(self._reader.call(self, f"{_ATSPI}.Accessible", "GetRoleName")[0])

    @cached_property
    def states(self) -> set[str]:
        low = self._reader.call(self, f"{_ATSPI}.Accessible", "GetState")[0][0]
        return {name for bit, name in _STATES.items() if low >> bit & 1}

    @property
    def text(self) -> str:
        return str(self._reader.call(self, f"{_ATSPI}.Text", "GetText", "ii", (0, -1))[0])

    @property
    def value(self) -> float:
        return float(self._get("Value", "CurrentValue"))

    @property
    def children(self) -> "list[Element]":
        found = self._reader.call(self, f"{_ATSPI}.Accessible", "GetChildren")[0]
        return [Element(self._reader, owner, path) for owner, path in found if not path.endswith("/null")]

    def below(self) -> "Iterator[Element]":
        """This element and everything below it that is on the screen."""
        yield self
        for child in self.children:
            if "showing" in child.states:
                yield from child.below()

    def focus(self) -> None:
        self._reader.call(self, f"{_ATSPI}.Component", "GrabFocus")

    def enter_text(self, text: str) -> None:
        assert self._reader.call(self, f"{_ATSPI}.EditableText", "SetTextContents", "s", (text,))[0], self

    def actions(self) -> list[str]:
        return [name for name, _, _ in self._reader.call(self, f"{_ATSPI}.Action", "GetActions")[0]]

    def do(self, action: str) -> None:
        """Do one of the element's actions, by its name."""
        names = [
            self._reader.call(self, f"{_ATSPI}.Action", "GetName", "i", (place,))[0]
            for place in range(self._get("Action", "NActions"))
        ]
        self._reader.call(self, f"{_ATSPI}.Action", "DoAction", "i", (names.index(action),))

    def __repr__(self) -> str:
        return f"<{self.role} {self.name!r}>"


class ScreenReader:
    """A client of the accessibility bus. `heard`: the announcements so far."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._display = environment["DISPLAY"]
        self._bus: DBusConnection = open_dbus_connection(environment["AT_SPI_BUS_ADDRESS"])
        rule = MatchRule(type="signal", interface=f"{_ATSPI}.Event.Object", member="Announcement")
        self._bus.send_and_get_reply(message_bus.AddMatch(rule))
        self._signals: deque[Any] = self._bus.filter(rule, bufsize=1000).queue
        self._heard: list[str] = []
        registry = Element(self, f"{_ATSPI}.Registry", "/org/a11y/atspi/registry")
        self._until(lambda: self._ask_for_announcements(registry), "the registry")

    def _ask_for_announcements(self, registry: Element) -> bool:
        try:
            self.call(registry, f"{_ATSPI}.Registry", "RegisterEvent", "s", ("object:announcement",))
        except LookupError:
            return False
        return True

    def close(self) -> None:
        self._bus.close()

    def call(
        self, element: Element, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> Any:
        """Call a method of an element. Raises LookupError when the element is gone."""
        address = DBusAddress(element.path, bus_name=element.owner, interface=interface)
        request = new_method_call(address, method, signature or None, body)
        reply = self._bus.send_and_get_reply(request, timeout=_PATIENCE)
        if reply.header.message_type.name == "error":
            raise LookupError(f"{interface}.{method}: {reply.body}")
        return reply.body

    @property
    def heard(self) -> list[str]:
        while True:
            try:
                self._bus.recv_messages(timeout=0.001)
            except TimeoutError:
                break
        while self._signals:
            self._heard.append(self._signals.popleft().body[3][1])
        return self._heard

    # --- keys

    def focus_window(self) -> None:
        """Wait for a window, and give it the keyboard: no window manager does on the virtual desktop."""
        self.find("frame", "")
        self._until(self._take_keyboard, "the focus")

    def _take_keyboard(self) -> Element | None:
        _focus_largest_window(self._display)
        return self.focused()

    def press(self, *keysyms: int) -> None:
        """Press and release keys of the X server, by keysym."""
        keyboard = Element(self, f"{_ATSPI}.Registry", "/org/a11y/atspi/registry/deviceeventcontroller")
        for keysym in keysyms:
            arguments = (keysym, "", 3)  # 3: press and release
            self.call(keyboard, f"{_ATSPI}.DeviceEventController", "GenerateKeyboardEvent", "isu", arguments)

    def type(self, text: str) -> None:
        self.press(*map(ord, text))

    def type_into(self, object_name: str, text: str) -> None:
        """Focus a field and type; wait until it shows every letter and digit, because X and D-Bus race."""
        self.named(object_name).focus()
        self.named(object_name, "focused")
        self.type(text)
        self._until(lambda: _signs(self.named(object_name).text) == _signs(text), f"{text!r} in {object_name}")

    def focused(self) -> "Element | None":
        """Return the element that has the focus."""
        try:
            return next((one for one in self.elements() if "focused" in one.states), None)
        except LookupError:  # the tree changed meanwhile
            return None

    # --- what is on the screen

    def elements(self) -> Iterator[Element]:
        """Everything on the screen, of every program on the bus."""
        desktop = Element(self, f"{_ATSPI}.Registry", "/org/a11y/atspi/accessible/root")
        for program in desktop.children:
            for window in program.children:
                yield from window.below()

    def settled(self) -> list[Element]:
        """Return the elements on the screen once two looks at them find the same."""

        def twice() -> list[Element] | None:
            try:
                first = [(one.path, one.name) for one in self.elements()]
                time.sleep(0.15)
                second = list(self.elements())
                return second if first == [(one.path, one.name) for one in second] else None
            except LookupError:  # the tree changed meanwhile
                return None

        elements: list[Element] = self._until(twice, "a screen that stands still")
        return elements

    def find(self, role: str, name: str) -> Element:
        """Wait for an element by its role and the start of its name."""
        found: Element = self._until(lambda: self._first(role, name), f"{role} {name!r}")
        return found

    def named(self, object_name: str, *states: str) -> Element:
        """Wait for an element by its object name, until it is in these states."""

        def found() -> Element | None:
            try:
                for one in self.elements():
                    if one.object_name == object_name and one.states >= {*states}:
                        return one
            except LookupError:  # the tree changed meanwhile
                pass
            return None

        element: Element = self._until(found, f"{object_name} {states}")
        return element

    def _first(self, role: str, name: str) -> Element | None:
        try:
            return next((one for one in self.elements() if one.role == role and one.name.startswith(name)), None)
        except LookupError:  # the tree changed meanwhile
            return None

    def wait_to_hear(self, words: str) -> str:
        """Wait for an announcement with these words; everything announced up to it is forgotten."""

        def found() -> str:
            return next((text for text in self.heard if words in text), "")

        text = self._until(found, f"announcement of {words!r}, heard {self._heard}")
        del self._heard[: self._heard.index(text) + 1]
        return str(text)

    def _until(self, seen: Any, what: str) -> Any:
        end = time.monotonic() + _PATIENCE
        while not (result := seen()):
            assert time.monotonic() < end, f"waited in vain for {what}"
            time.sleep(0.05)
        return result


def _signs(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _focus_largest_window(display: str) -> None:
    """Set the X server's input focus to its largest window."""
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XDefaultRootWindow.restype = ctypes.c_ulong
    server = ctypes.c_void_p(xlib.XOpenDisplay(display.encode()))
    root = ctypes.c_ulong(xlib.XDefaultRootWindow(server))
    ignored, windows, count = ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
    xlib.XQueryTree(server, root, *map(ctypes.byref, (ignored, ignored, windows, count)))
    sizes = {}
    for window in windows[: count.value]:
        place, size = (ctypes.c_int(), ctypes.c_int()), [ctypes.c_uint() for _ in range(4)]
        xlib.XGetGeometry(server, ctypes.c_ulong(window), *map(ctypes.byref, (ignored, *place, *size)))
        sizes[window] = size[0].value * size[1].value
    if sizes:
        revert_to_parent, now = 2, ctypes.c_ulong(0)
        xlib.XSetInputFocus(server, ctypes.c_ulong(max(sizes, key=lambda window: sizes[window])), revert_to_parent, now)
    xlib.XCloseDisplay(server)
