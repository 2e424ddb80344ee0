"""Settings card: address of the update notices, the notice itself, and the installed versions."""

from PySide6.QtCore import Slot

from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.settings.version_switch import VersionSwitch
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, text_field
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status


class UpdatesCard(SettingsCard):
    """`notice`: the banner of a newer version, for the top of the page."""

    def __init__(self, client: WorkerClient, *, training: bool) -> None:
        super().__init__(self.tr("Avisos de versão nova"))
        self.feed_field = self.bind("update_feed", text_field("settingsUpdates"))
        self.feed_field.setPlaceholderText(self.tr("https://… # chave"))
        self.feed_field.setDisabled(training)
        self.notice = Banner("settingsUpdateNotice")
        self._announced: Release | None = None
        self.inside.addLayout(captions_left((self.tr("Endereço dos avisos"), self.feed_field)))
        about = self.tr("Vazio: ninguém é consultado. O programa só avisa; quem instala é o responsável.")
        self.inside.addWidget(paragraph(about, "muted"))
        if not training:
            self.inside.addWidget(VersionSwitch("settings", client))
        client.statusChanged.connect(self._show_release)

    @Slot(object)
    def _show_release(self, status: Status) -> None:
        release = status.newer_release
        if release == self._announced:
            return
        self._announced = release
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
