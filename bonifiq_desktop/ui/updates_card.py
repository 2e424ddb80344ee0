"""Whom to ask for newer versions, and what was said of one."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.background.commands import Status
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import captioned, line
from bonifiq_desktop.ui.widgets.parts import card, label


class UpdatesCard(QWidget):
    """A card of the settings page; `notice` is for the top of that page, where it is seen."""

    def __init__(self, desk: Desk, *, training: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = line("settingsUpdates")
        self.field.setPlaceholderText(self.tr("https://… # chave"))
        self.field.setDisabled(training)
        self.notice = Banner("settingsUpdateNotice")
        self._told: Release | None = None
        frame, inside = card()
        inside.addWidget(label(self.tr("Avisos de versão nova"), "section"))
        inside.addLayout(captioned((self.tr("Endereço dos avisos"), self.field)))
        about = self.tr("Vazio: ninguém é consultado. O programa só avisa; quem instala é o responsável.")
        note = label(about, "muted")
        note.setWordWrap(True)
        inside.addWidget(note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        desk.statusChanged.connect(self._follow)

    @Slot(object)
    def _follow(self, status: Status) -> None:
        if status.newer == self._told:
            return
        release = self._told = status.newer
        if release is None:
            self.notice.clear()
            return
        day = f"{release.published:%d/%m/%Y}"
        self.notice.say(
            Words(
                "info",
                self.tr("Há uma versão nova do programa: {0}, de {1}.").format(release.name, day),
                self.tr("Nada muda sozinho: o programa não baixa nem instala nada."),
                self.tr("Para instalar, feche o programa e siga: {0}").format(release.page),
            )
        )
