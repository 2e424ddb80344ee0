"""Base of the settings page's cards."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.worker.commands import CurrentSettings


class SettingsCard(QWidget):
    """A framed group of settings under a heading; subclasses fill the layout `inside`.

    `fields`: the fields to frame when the setting of that name is invalid.
    """

    def __init__(self, heading: str) -> None:
        super().__init__()
        frame, self.inside = card()
        self.inside.addWidget(label(heading, "section"))
        self.fields: dict[str, tuple[QWidget, ...]] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    def show_settings(self, current: CurrentSettings) -> None:
        """Show the settings in force."""
        raise NotImplementedError

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with this card's values. Raises SettingsError."""
        raise NotImplementedError
