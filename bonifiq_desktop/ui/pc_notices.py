"""What the window says of the PC under it: a draft that is not kept, and a clock that is wrong."""

from PySide6.QtCore import QObject, Slot

from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.widgets.banner import Banner


class PcNotices(QObject):
    """Banners that stay as long as what they say is so."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.draft = Banner("draftNotice")
        desk.draftSaved.connect(self._draft_saved)

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
