"""Whom to ask for newer versions, and what was said of one."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import captions_left, text_field
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status


class UpdatesCard(QWidget):
    """A card of the settings page; `notice` is for the top of that page, where it is seen."""

    def __init__(self, client: WorkerClient, *, training: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feed_field = text_field("settingsUpdates")
        self.feed_field.setPlaceholderText(self.tr("https://… # chave"))
        self.feed_field.setDisabled(training)
        self.notice = Banner("settingsUpdateNotice")
        self._announced: Release | None = None
        frame, inside = card()
        inside.addWidget(label(self.tr("Avisos de versão nova"), "section"))
        inside.addLayout(captions_left((self.tr("Endereço dos avisos"), self.feed_field)))
        about = self.tr("Vazio: ninguém é consultado. O programa só avisa; quem instala é o responsável.")
        note = label(about, "muted")
        note.setWordWrap(True)
        inside.addWidget(note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        client.statusChanged.connect(self._show_release)

    @Slot(object)
    def _show_release(self, status: Status) -> None:
        if status.newer_release == self._announced:
            return
        release = self._announced = status.newer_release
        if release is None:
            self.notice.clear()
            return
        day = f"{release.published:%d/%m/%Y}"
        self.notice.show_message(
            Message(
                "info",
                self.tr("Há uma versão nova do programa: {0}, de {1}.").format(release.name, day),
                self.tr("Nada muda sozinho: o programa não baixa nem instala nada."),
                self.tr("Para instalar, feche o programa e siga: {0}").format(release.page),
            )
        )
