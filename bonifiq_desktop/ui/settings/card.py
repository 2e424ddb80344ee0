"""Base of the settings page's cards: a framed group of fields, each bound to one setting."""

from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.settings.kind_boxes import KindBoxes
from bonifiq_desktop.ui.settings.list_editor import ListEditor
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.forms import captions_left
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.worker.commands import CurrentSettings

W = TypeVar("W", bound=QWidget)


class SettingsCard(QWidget):
    """Subclasses fill the layout `inside` and bind their fields. `edited`: the person changed a field.

    `fields`: the fields to frame when the setting of that name is invalid. `enter_chain`: see EnterChain.
    """

    edited = Signal()

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.fields: dict[str, tuple[QWidget, ...]] = {}
        self.enter_chain: list[QWidget] = []
        self._bound: dict[str, QWidget] = {}
        self._shown: dict[str, Any] = {}
        self._is_showing = False
        frame, self.inside = card()
        self.inside.addWidget(label(heading, "section"))
        lay_out(self, frame)

    def add_fields(self, *entries: tuple[str, str, QWidget]) -> None:
        """Bind fields to settings and lay them out below one another. An entry: (setting, caption, field)."""
        for setting, _caption, field in entries:
            self.enter_chain.append(self.bind(setting, field))
        self.inside.addLayout(captions_left(*((caption, field) for _setting, caption, field in entries)))

    def bind(self, setting: str, field: W) -> W:
        """Show and edit a field of `Settings` in `field`."""
        self._bound[setting] = field
        self.fields[setting] = (field,)
        self.watch(field)
        return field

    def watch(self, field: QWidget) -> None:
        """Emit `edited` when the field changes."""
        match field:
            case QLineEdit():
                field.textChanged.connect(self._field_changed)
            case QComboBox():
                field.currentIndexChanged.connect(self._field_changed)
            case QCheckBox():
                field.toggled.connect(self._field_changed)
            case ListEditor() | KindBoxes():
                field.edited.connect(self._field_changed)

    @Slot()
    def _field_changed(self) -> None:
        if not self._is_showing:
            self.edited.emit()

    def show_settings(self, current: CurrentSettings) -> None:
        self._is_showing = True
        self.show_values(current)
        self._is_showing = False
        self._shown = {setting: _value_of(field) for setting, field in self._bound.items()}

    def show_values(self, current: CurrentSettings) -> None:
        """Fill the fields; subclasses extend this."""
        part = self.part_of(current.settings)
        for setting, field in self._bound.items():
            _show_value(field, getattr(part, setting))

    def is_changed(self) -> bool:
        """Whether a field differs from what was shown last, so that it waits to be saved."""
        return any(_value_of(field) != self._shown.get(setting) for setting, field in self._bound.items())

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with this card's values, not yet validated. Raises SettingsError."""
        return replace(settings, **self.values())

    def part_of(self, settings: Settings) -> Any:
        """The record whose fields the card shows; a card for a part of the settings overrides this and `apply_to`."""
        return settings

    def values(self) -> dict[str, Any]:
        """The shown values, by the names of their settings."""
        return {setting: _value_of(field) for setting, field in self._bound.items()}


def _show_value(field: QWidget, value: Any) -> None:
    match field:
        case MoneyField():
            field.set_value(value)
        case QLineEdit():
            field.setText(str(value))
        case QComboBox():
            field.setCurrentIndex(max(0, field.findData(value)))
        case QCheckBox():
            field.setChecked(value)
        case ListEditor() | KindBoxes():
            field.set_values(value)


def _value_of(field: QWidget) -> Any:
    match field:
        case MoneyField():
            return field.value()
        case QLineEdit():
            return field.text().strip()
        case QComboBox():
            return field.currentData()
        case QCheckBox():
            return field.isChecked()
        case ListEditor() | KindBoxes():
            return field.values()
    raise TypeError(f"no value in a {type(field).__name__}")
