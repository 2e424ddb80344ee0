"""Question after a scan while a dialog is open: close the dialog and look the code up?"""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.help.user_guide import UserGuideDialog
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import SmallDialog, button_row, paragraph
from bonifiq_desktop.ui.widgets.labels import KeyButton
from bonifiq_desktop.ui.widgets.operation_dialog import OperationDialog
from bonifiq_desktop.ui.widgets.operation_page import OperationPage, PageWithDraft
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import LookUp, Outcome

_WIDTH = 560


def has_unsaved_dialog(window: QWidget) -> bool:
    dialogs = (dialog for dialog in _open_dialogs(window) if not isinstance(dialog, UserGuideDialog))
    return any(not isinstance(dialog, OperationDialog | OperationPage) or dialog.is_half_typed() for dialog in dialogs)


def close_dialogs(window: QWidget) -> bool:
    """Close all dialogs and operation pages, the last one first; False when one of them refuses."""
    for dialog in reversed(_open_dialogs(window)):
        dialog.reject()
    return not _open_dialogs(window)


def _open_dialogs(window: QWidget) -> list[QDialog | OperationPage]:
    """The visible dialogs, and below them the page of a refund or cancel."""
    found: list[QDialog | OperationPage] = [*window.findChildren(OperationPage), *window.findChildren(QDialog)]
    return [dialog for dialog in found if dialog.isVisible()]


class ScanDialog(SmallDialog):
    """Looks the code up at once and shows the order. `chosen` carries the code when the user confirms."""

    chosen = Signal(str)

    def __init__(self, client: WorkerClient, code: str, parent: QWidget) -> None:
        super().__init__("scanDialog", translate("ScanDialog", "Código lido"), _WIDTH, parent)
        self._client = client
        self._code = code
        self._request_id = 0
        self._title = paragraph("", "title", "scanTitle")
        self._found = Banner("scanFound")
        keeps = any(page.isVisible() for page in parent.window().findChildren(PageWithDraft))
        rest = paragraph(
            self.tr("A devolução começada fica guardada.")
            if keeps
            else self.tr("O que foi começado na janela aberta não é gravado."),
            name="scanRest",
        )
        go = KeyButton("scanGo", self.tr("Deixar e consultar"), "Enter", self._accept_code, look="main", tall=True)
        stay = KeyButton("scanStay", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self.fill(self._title, self._found, rest, button_row(stay, right=(go,)))
        self.ask_about(code)
        go.setFocus()

    def ask_about(self, code: str) -> None:
        self._code = code
        self._title.setText(self.tr("Deixar esta janela e consultar o código lido?"))
        self._found.say("info", self.tr("Consultando o BonifiQ…"))
        self._request_id = self._client.submit(LookUp(code), self._order_received)

    def _order_received(self, outcome: Outcome[LookupResult]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.error is not None:
            self._found.show_error(outcome.error)
        elif outcome.value is not None:
            order = outcome.value.order
            number = self.tr("Pedido {0}").format(order.order_id)
            self._found.say("info", f"{number}  ·  {format_reais(order.total)}")
        self.adjustSize()

    @Slot()
    def _accept_code(self) -> None:
        code = self._code
        self.accept()
        self.chosen.emit(code)
