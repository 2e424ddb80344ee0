"""Page object of the settings page."""

from typing import TypeVar

from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.settings.page import SettingsPage
from bonifiq_desktop.ui.settings.section_list import SectionList
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.worker.commands import CurrentSettings

W = TypeVar("W", bound=QWidget)


class Owner:
    """The shop's owner at the settings page. `changes`: every CurrentSettings that the page emitted."""

    def __init__(self, page: SettingsPage, qtbot: QtBot) -> None:
        self.page = page
        self._qtbot = qtbot
        self.changes: list[CurrentSettings] = []
        page.settingsChanged.connect(self.changes.append)
        self._open_every_section()

    def _open_every_section(self) -> None:
        """Make all fields: a section is made when it is shown first."""
        sections = self.find(SectionList, "settingsSections")
        for row in (*range(sections.count()), 0):
            sections.setCurrentRow(row)

    def find(self, kind: type[W], name: str) -> W:
        """Return a widget of the page."""
        found = self.page.findChild(kind, name)
        assert found is not None
        return found

    def fill(self, name: str, text: str) -> None:
        """Replace the text of a field."""
        field = self.find(QLineEdit, name)
        field.selectAll()
        field.insert(text) if text else field.del_()

    def choose(self, name: str, value: str) -> None:
        """Choose an entry of a list box."""
        box = self.find(QComboBox, name)
        box.setCurrentIndex(box.findData(value))

    def add_to_list(self, name: str, text: str, code: str = "") -> None:
        """Add a row to a list."""
        self.fill(f"{name}Name", text)
        self.fill(f"{name}Code", code)
        self.find(QPushButton, f"{name}Add").click()

    def text(self, name: str) -> str:
        """Return the text of a field."""
        return self.find(QLineEdit, name).text()

    def press(self, name: str) -> str:
        """Press a button; return the message once the button is enabled again."""
        message = self.find(Notice, "settingsMessage")
        message.clear()
        button = self.find(QPushButton, name)
        button.click()
        self._qtbot.waitUntil(lambda: button.isEnabled() and bool(message.text()), timeout=15_000)
        return message.text()

    def test(self) -> str:
        """Press the connection test."""
        return self.press("settingsTest")

    def save(self) -> str:
        """Press Save."""
        return self.press("settingsSave")

    def type_credentials(self, server: TrainingServer) -> None:
        """Fill in the server's token and key."""
        self.fill("settingsToken", server.token)
        self.fill("settingsKey", server.key)

    def is_marked_wrong(self, name: str) -> bool:
        """Return whether a field is framed as invalid."""
        return bool(self.find(QLineEdit, name).property("wrong") == "true")


def files_with(paths: Paths, secret: str) -> set[str]:
    """Return the names of the files below the data folder that hold `secret`."""
    return {file.name for file in paths.folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()}
