"""What the window says of the PC under it: a draft that is not kept, and a clock that is wrong."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from bonifiq_desktop.background.commands import Status
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.pc_words import clock_words
from bonifiq_desktop.ui.widgets.banner import Banner


class PcNotices(QObject):
    """Banners that stay as long as what they say is so."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.draft = Banner("draftNotice")
        self.clock = Banner("clockNotice")
        desk.draftSaved.connect(self._draft_saved)
        desk.statusChanged.connect(self._status_changed)

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        if status.clock is None:
            self.clock.clear()
        else:
            to_do = self.tr("Acerte a data e a hora do computador; até lá cada venda pergunta antes de ser registrada.")
            self.clock.say(replace(clock_words(status.clock), moved="", to_do=to_do))

    @Slot(object)
    def _draft_saved(self, error: Exception | None) -> None:
        if error is None:
            self.draft.clear()
            return
        self.draft.say(
            Words(
                "warning",
                self.tr("O que está sendo digitado não está sendo guardado neste PC."),
                self.tr("O que já foi registrado continua guardado."),
                self.tr("Termine antes de fechar o programa, e veja se o disco está cheio ou protegido."),
            )
        )
