"""A question in a notice that the second press of the same button answers."""

from time import monotonic

from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Notice

PAUSE = 0.5
"""Seconds until a second press counts: a double click is one press, and the question has to be read."""


class SecondPress:
    """Confirms what the person reads: another message in the notice, or a hidden notice, withdraws the question."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self._what = self._text = ""
        self._asked_at = 0.0

    def confirms(self, what: str, question: Message) -> bool:
        """Return whether this press answers the question about `what` that is in sight; otherwise ask it."""
        if not self._is_asked(what):
            self._notice.show_message(question)
            self._what, self._text, self._asked_at = what, self._notice.text(), monotonic()
            return False
        if monotonic() - self._asked_at < PAUSE:
            return False
        self._what = ""
        return True

    def withdraw(self) -> None:
        """Take the question back, with its words."""
        if self._what and self._notice.text() == self._text:
            self._notice.clear()
        self._what = ""

    def _is_asked(self, what: str) -> bool:
        return self._what == what and self._notice.isVisible() and self._notice.text() == self._text
