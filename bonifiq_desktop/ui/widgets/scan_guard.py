"""Scan guard: a scanned code goes to the look-up, and the mouse wheel changes no field.

A scanner types like a keyboard. Without the guard, the code of the next order becomes an amount, a name or a setting,
and the scanner's Enter confirms it.

A **scan** is four or more printable keys with less than 35 ms between them, ended as fast by Enter or Tab. Repeats of a
key that is held down are never part of a scan.

Two clocks measure the pause between keys:
- Events of the window system carry a time stamp. A busy window does not turn typing into a scan.
- Events of a program (`QTest`, assistive technology) carry none. Then the wall clock counts, but only when the sender
  let time pass: the event loop ran, or the thread slept. Keys sent in one call count as typed. The wall clock includes
  delays of a busy PC, so a burst that has begun tolerates a longer pause.
"""

from time import monotonic, thread_time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from bonifiq_desktop.domain.documents import DocumentError, read_document
from bonifiq_desktop.ui.widgets.keys import ENTER, is_printable
from bonifiq_desktop.ui.widgets.undo import Restore, snapshot

MIN_KEYS = 4
MAX_PAUSE = 0.035  # seconds
_MAX_BURST_PAUSE = 0.055  # seconds; within a burst of keys without a time stamp
_MIN_SLEEP = 0.003  # seconds
_MAX_KEY_DOWN = 0.001  # seconds
_KEY_RELEASE_MS = 50
"""Delay of `scanned`: the scanner's key releases and second Enter must not reach what the code opens."""

_END_KEYS = ENTER | {Qt.Key.Key_Tab}
_MODIFIER_KEYS = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock})
_WHEEL_INPUTS = (QComboBox, QAbstractSpinBox, QAbstractSlider, QTabBar)
_KEY, _RELEASE, _WHEEL = QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.Wheel

TAKES_SCAN = "takesScan"
"""Dynamic property of a field that takes a code: True, or `document` for a CPF or CNPJ only."""


class _KeyTiming:
    """Measures pauses between keys; see the module's docstring on events without a time stamp."""

    def __init__(self) -> None:
        self._at = self._stamp = 0.0
        self._released = (0.0, 0.0)
        self._released_at_once = False
        self._loop_ran = True

    def is_fast(self, event: QKeyEvent, *, in_burst: bool) -> bool:
        """Whether the key followed faster than a person types; False when the time is unknown."""
        pause = _MAX_BURST_PAUSE if in_burst and not event.timestamp() else MAX_PAUSE
        now, stamp = monotonic(), event.timestamp() / 1000
        if stamp and self._stamp:
            gap, known = stamp - self._stamp, True
        else:
            gap, known = now - self._at, self._loop_ran or self._slept(now)
        self._at, self._stamp, self._released_at_once = now, stamp, False
        if not stamp:
            self._loop_ran = False
            QTimer.singleShot(0, self._note_loop)
        return known and 0 <= gap < pause

    def note_release(self) -> None:
        now = monotonic()
        self._released, self._released_at_once = (now, thread_time()), now - self._at < _MAX_KEY_DOWN

    def _slept(self, now: float) -> bool:
        """Whether the sender let time pass. Waiting for Python's lock is no pause: it delays releases, too."""
        at, worked = self._released
        return self._released_at_once and now - at - (thread_time() - worked) >= _MIN_SLEEP

    def _note_loop(self) -> None:
        self._loop_ran = True


class ScanGuard(QObject):
    """Guards the fields of a window and its dialogs. `scanned` carries the code of each scan.

    The field gets its former value back. Fields with the property `TAKES_SCAN` keep the code. A code in a hidden field
    (a PIN, a key) is discarded, because it may be a secret: `ignored`.
    """

    scanned = Signal(str)
    ignored = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._pace = _KeyTiming()
        self._keys = ""
        self._back: list[Restore] = []
        self._last_widget: QWidget | None = None  # the widget of the last key
        self._is_down = False  # the key is down, so its event may propagate to the parents
        self._just_scanned = False
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == _KEY and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            return self._pressed(watched, event)
        if kind == _RELEASE and self._is_down:  # once: the release propagates to the parents, too
            self._is_down = False
            self._pace.note_release()
        elif kind == _WHEEL and isinstance(watched, _WHEEL_INPUTS) and not isinstance(watched, QScrollBar):
            event.ignore()  # the event propagates to the page, which scrolls
            return True
        return False

    # --- keys

    def _pressed(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Handle a key; True hides it from the field."""
        if not _is_within(self._window, widget) or self._is_propagated(widget) or event.key() in _MODIFIER_KEYS:
            return False
        moved, self._last_widget, self._is_down = widget is not self._last_widget, widget, True
        # The limit of the end key stays strict.
        in_burst = len(self._keys) >= MIN_KEYS - 1 and event.key() not in _END_KEYS
        is_fast = self._pace.is_fast(event, in_burst=in_burst) and not event.isAutoRepeat()
        if event.key() in _END_KEYS:
            return self._end_pressed(widget, is_fast=is_fast)
        self._just_scanned = False
        if not is_printable(event) or event.isAutoRepeat():
            self._reset()
            return False
        if not is_fast:
            self._reset()
        if not self._keys or moved:
            self._back.append(snapshot(widget))
        is_within = bool(self._keys.strip()) and not moved
        self._keys += event.text()
        # A space inside a code presses no button: its effect could not be undone.
        return event.text() == " " and is_within and isinstance(widget, QAbstractButton)

    def _end_pressed(self, widget: QWidget, *, is_fast: bool) -> bool:
        if self._just_scanned and is_fast:
            return True  # the scanner ends its codes with two keys
        self._just_scanned = False
        code, back = self._keys.strip(), self._back
        is_scan = is_fast and len(self._keys) >= MIN_KEYS and bool(code)
        self._reset()
        if not is_scan or _accepts_scan(widget, code):
            return False
        for step in reversed(back):
            step()
        self._just_scanned = True
        is_hidden = _is_hidden(widget)
        QTimer.singleShot(_KEY_RELEASE_MS, self, self.ignored.emit if is_hidden else lambda: self.scanned.emit(code))
        return True

    def _reset(self) -> None:
        self._keys = ""
        self._back = []

    def _is_propagated(self, widget: QWidget) -> bool:
        """Whether this is the same key event, propagated from the field to a parent."""
        field = self._last_widget
        return self._is_down and field is not None and _is_within(widget, field.parentWidget())


def _is_within(outer: QWidget, widget: QWidget | None) -> bool:
    """Whether a widget is `outer` or below it; QWidget.isAncestorOf ends at a dialog."""
    while widget is not None and widget is not outer:
        widget = widget.parentWidget()
    return widget is not None


def _accepts_scan(widget: QWidget, code: str) -> bool:
    wanted = widget.property(TAKES_SCAN)
    if wanted != "document":
        return bool(wanted)
    try:
        return bool(read_document(code))
    except DocumentError:
        return False


def _is_hidden(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit) and widget.echoMode() != QLineEdit.EchoMode.Normal
