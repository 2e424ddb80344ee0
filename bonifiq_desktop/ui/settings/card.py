"""Base of the settings page's cards: a framed group of fields, each bound to one setting."""

from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.forms import captions_left, lines_of
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.worker.commands import CurrentSettings

W = TypeVar("W", bound=QWidget)


class SettingsCard(QWidget):
    """Subclasses fill the layout `inside` and bind their fields.

    `fields`: the fields to frame when the setting of that name is invalid. `enter_chain`: see EnterChain.
    """

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.fields: dict[str, tuple[QWidget, ...]] = {}
        self.enter_chain: list[QWidget] = []
        self._bound: dict[str, QWidget] = {}
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
        return field

    def show_settings(self, current: CurrentSettings) -> None:
        for setting, field in self._bound.items():
            _show_value(field, getattr(current.settings, setting))

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with this card's values, not yet validated. Raises SettingsError."""
        return replace(settings, **{setting: _value_of(field) for setting, field in self._bound.items()})


def _show_value(field: QWidget, value: Any) -> None:
    match field:
        case MoneyField():
            field.set_value(value)
        case QLineEdit():
            field.setText(str(value))
        case QPlainTextEdit():
            field.setPlainText("\n".join(value))
        case QComboBox():
            field.setCurrentIndex(max(0, field.findData(value)))
        case QCheckBox():
            field.setChecked(value)


def _value_of(field: QWidget) -> Any:
    match field:
        case MoneyField():
            return field.value()
        case QLineEdit():
            return field.text().strip()
        case QPlainTextEdit():
            return lines_of(field)
        case QComboBox():
            return field.currentData()
        case QCheckBox():
            return field.isChecked()
    raise TypeError(f"no value in a {type(field).__name__}")
