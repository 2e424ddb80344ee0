"""The shop's owner in front of the settings page, and a keyring for the program."""

from typing import TypeVar

from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.settings.page import SettingsPage
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.worker.commands import CurrentSettings

W = TypeVar("W", bound=QWidget)


class Owner:
    """The shop's owner in front of the settings page."""

    def __init__(self, page: SettingsPage, qtbot: QtBot) -> None:
        self.page = page
        self._qtbot = qtbot
        self.changes: list[CurrentSettings] = []
        page.settingsChanged.connect(self.changes.append)

    def find(self, kind: type[W], name: str) -> W:
        """A part of the page."""
        found = self.page.findChild(kind, name)
        assert found is not None
        return found

    def fill(self, name: str, text: str) -> None:
        """Replace a field's text."""
        field = self.find(QLineEdit, name)
        field.selectAll()
        field.insert(text) if text else field.del_()

    def text(self, name: str) -> str:
        """What is in a field."""
        return self.find(QLineEdit, name).text()

    def press(self, name: str) -> str:
        """Press a button and read the message once the button can be pressed again."""
        message = self.find(Banner, "settingsMessage")
        message.clear()
        button = self.find(QPushButton, name)
        button.click()
        self._qtbot.waitUntil(lambda: button.isEnabled() and bool(message.text()), timeout=15_000)
        return message.text()

    def test(self) -> str:
        """Test the connection."""
        return self.press("settingsTest")

    def save(self) -> str:
        """Save."""
        return self.press("settingsSave")

    def type_credentials(self, server: TrainingServer) -> None:
        """Fill in the right pair."""
        self.fill("settingsToken", server.token)
        self.fill("settingsKey", server.key)

    def is_marked_wrong(self, name: str) -> bool:
        """Whether a field is framed as wrong."""
        return bool(self.find(QLineEdit, name).property("wrong") == "true")


class Keyring:
    """A keyring in memory, as the operating system's."""

    def __init__(self) -> None:
        self._secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """The stored secret."""
        return self._secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store."""
        self._secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget."""
        del self._secrets[service, username]


def files_with(paths: Paths, secret: str) -> set[str]:
    """The files of the data folder that hold a text."""
    return {file.name for file in paths.folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()}
