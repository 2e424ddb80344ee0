"""Announcements for screen readers: one sentence for each act, spoken after the focus has settled.

Label changes, ticks outside real check boxes and selections raise no event on Windows. So whatever the screen shows
after an act is also sent as an announcement event.
"""

from contextlib import suppress
from time import monotonic

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

_FOCUS_MS = 300
"""Screen readers stop speaking at a focus change, and would cut an earlier announcement off."""
_LONGEST_WAIT = 1.5  # seconds; a focus that keeps moving, or more sentences, delay none further


def announce(widget: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Announce what happened, money first. `urgent`: interrupt other speech.

    A later sentence of the same widget replaces one that waits; a widget that is hidden by then says nothing.
    """
    application = QCoreApplication.instance()
    if application is not None and sentence:
        announcer_of(application).add(widget, sentence, urgent=urgent)


def announcer_of(application: QObject) -> "Announcer":
    """Return the one announcer of the application, made on first use."""
    found = application.findChild(Announcer)
    return found if isinstance(found, Announcer) else Announcer(application)


class Announcer(QObject):
    """Collects sentences and sends them 300 ms after the last focus change. `announced` carries each sentence."""

    announced = Signal(str)

    def __init__(self, application: QObject) -> None:
        super().__init__(application)
        self._waiting: dict[int, tuple[QWidget, str, bool]] = {}
        self._since = 0.0
        self._focus: QWidget | None = None
        self._described: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_FOCUS_MS)
        self._timer.timeout.connect(self._focus_settled)

    def add(self, widget: QWidget, text: str, *, urgent: bool) -> None:
        if not self._waiting:
            self._since = monotonic()
        self._waiting.pop(id(widget), None)
        self._waiting[id(widget)] = widget, text, urgent
        self._focus = QApplication.focusWidget()
        if not self._timer.isActive() or monotonic() - self._since < _LONGEST_WAIT:
            self._timer.start()

    def _focus_settled(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not self._focus and monotonic() - self._since < _LONGEST_WAIT:
            self._focus = focus
            self._timer.start()
            return
        waiting, self._waiting, self._focus = self._waiting, {}, None
        for widget, text, urgent in waiting.values():
            if _is_visible(widget):
                self._describe(widget, text)
                _send(widget, text, urgent=urgent)
                self.announced.emit(text)

    def _describe(self, widget: QWidget, text: str) -> None:
        """Keep the sentence where a screen reader can read it again: in a focusable element."""
        if self._described is not None:
            with suppress(RuntimeError):  # deleted meanwhile
                self._described.setAccessibleDescription("")
        self._described = None
        if _is_focusable(widget) and text in widget.accessibleName():
            return
        element = widget if _is_focusable(widget) else QApplication.focusWidget()
        if element is not None and not element.accessibleDescription():
            element.setAccessibleDescription(text)
            self._described = element


def _is_visible(widget: QWidget) -> bool:
    try:
        return widget.isVisible()
    except RuntimeError:  # Qt has deleted it
        return False


def _is_focusable(widget: QWidget) -> bool:
    from PySide6.QtCore import Qt  # see widgets/labels.py

    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def _send(widget: QWidget, text: str, *, urgent: bool) -> None:
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    polite = QAccessible.AnnouncementPoliteness
    event.setPoliteness(polite.Assertive if urgent else polite.Polite)
    QAccessible.updateAccessibility(event)
