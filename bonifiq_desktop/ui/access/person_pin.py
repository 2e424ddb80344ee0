"""A person and a PIN: tiles, the field with dots, and the sentence about a refused PIN."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bonifiq_desktop.domain.staff import PIN_LENGTHS
from bonifiq_desktop.ui.access.person_tiles import PersonTiles
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.dialog_frame import add_all
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.pin_field import PinField
from bonifiq_desktop.ui.widgets.undo import Restore


class PersonPin(QWidget):
    """`entered` carries name and PIN of an attempt. A PIN that is too short is no attempt.

    `prefix`: first part of the object names. `confirm`: the button beside the field.
    """

    entered = Signal(str, str)

    def __init__(self, prefix: str, confirm: QPushButton) -> None:
        super().__init__()
        self.tiles = PersonTiles(f"{prefix}Name", self.tr("Pessoas deste caixa"))
        self._caption = label("", "caption")
        self.pin = PinField(f"{prefix}Pin")
        self.pin.setProperty("look", "pin")
        self.pin.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pin.installEventFilter(self)
        self.message = Notice(f"{prefix}Message")
        self._confirm = confirm
        self._caption.setBuddy(self.pin)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.tiles)
        row = QHBoxLayout()
        row.addWidget(self.pin, 1)
        row.addWidget(confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        add_all(layout, self._scroll, self._caption, row, self.message)
        self.tiles.chosen.connect(self._person_chosen)
        self.pin.entered.connect(self.submit)
        confirm.clicked.connect(self.submit)
        self._show_person()

    def show_people(self, names: Sequence[str]) -> None:
        """Offer these people; the chosen one stays chosen, also after a wrong PIN."""
        if list(names) != self.tiles.names():
            self.tiles.show_people(names)
            self._scroll.setVisible(len(names) > 1)
            self._scroll.setFixedHeight(self.tiles.height_of_rows())
            self._show_person()

    def choose(self, name: str) -> None:
        self.tiles.choose(name)
        self._show_person()

    def snapshot(self) -> Restore:
        """The first digit of a scan picks a person; the scan guard takes the pick back."""
        before = self.tiles.current()

        def go() -> None:
            self.pin.clear()
            if self.tiles.current() != before:
                self.choose(before)
                self.take_focus()

        return go

    def take_focus(self) -> None:
        """Focus the PIN of the chosen person, else the tiles."""
        if self.tiles.current():
            self.pin.setFocus()
        else:
            self.tiles.take_focus()

    def set_waiting(self, *, waiting: bool) -> None:
        self.tiles.setEnabled(not waiting)
        self.pin.setEnabled(not waiting and bool(self.tiles.current()))
        self._confirm.setEnabled(self.pin.isEnabled())

    def show_refusal(self, error: Exception) -> None:
        self.set_waiting(waiting=False)
        self.message.show_error(error)
        self.take_focus()

    @Slot()
    def submit(self) -> None:
        name, pin = self.tiles.current(), self.pin.text()
        if not self.pin.isEnabled() or not pin:
            return
        self.pin.clear()
        if len(pin) < PIN_LENGTHS.start:
            self.message.say(
                "warning", self.tr("O PIN tem de 4 a 8 números."), action=self.tr("Digite de novo."), code="PIN-10"
            )
            return
        self.message.clear()
        self.set_waiting(waiting=True)
        self.entered.emit(name, pin)

    @Slot()
    def _person_chosen(self) -> None:
        self.pin.clear()
        self.message.clear()
        self._show_person()
        self.pin.setFocus()

    def _show_person(self) -> None:
        name = self.tiles.current()
        caption = self.tr("PIN de {0}").format(name) if name else self.tr("Escolha a pessoa: números, setas ou toque")
        self._caption.setText(caption)
        self.pin.setAccessibleName(caption)
        self.set_waiting(waiting=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the focus from the PIN to the tiles with Up or Down."""
        if (
            watched is self.pin
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
            and self.tiles.isVisible()
        ):
            self.pin.clear()
            self.tiles.take_focus()
            return True
        return super().eventFilter(watched, event)
