"""Question after a scan while a dialog is open: close the dialog and look the code up?"""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.search import SearchResult
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.help.user_guide import UserGuideDialog
from bonifiq_desktop.ui.lookup.page import LookupPage
from bonifiq_desktop.ui.lookup.texts import not_found_message
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.operation_page import OperationPage, PageWithDraft
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import LookUp, Outcome, Search


def has_unsaved_input(window: QWidget) -> bool:
    """Whether a dialog or an operation in the window holds input that a look-up would leave."""
    dialogs = (dialog for dialog in _open_dialogs(window) if not isinstance(dialog, UserGuideDialog))
    return any(not isinstance(dialog, OperationPage) or dialog.is_half_typed() for dialog in dialogs)


def close_dialogs(window: QWidget) -> bool:
    """Close all dialogs, the last one first, and the open operation; False when one of them refuses."""
    for dialog in reversed(_open_dialogs(window)):
        dialog.reject()
    return not _open_dialogs(window)


def _open_dialogs(window: QWidget) -> list[QDialog | OperationPage]:
    """The visible dialogs, and below them the open operation, also while another page covers it."""
    dialogs: list[QDialog | OperationPage] = [each for each in window.findChildren(QDialog) if each.isVisible()]
    operation = _open_operation(window)
    return dialogs if operation is None else [operation, *dialogs]


def _open_operation(window: QWidget) -> OperationPage | None:
    page = window.findChild(LookupPage)
    return page.operation if page is not None else None


class ScanDialog(Sheet):
    """Says what the code is before it is looked up. `chosen` carries the code when the user confirms.

    Only an order number goes out; any other code is looked for in this till alone.
    """

    chosen = Signal(str)

    def __init__(self, client: WorkerClient, code: str, parent: QWidget) -> None:
        super().__init__(parent, "scanDialog", translate("ScanDialog", "Código lido"))
        self._client = client
        self._code = code
        self._request_id = 0
        self._title = paragraph("", "title", "scanTitle")
        self._found = Notice("scanFound")
        operation = _open_operation(parent.window())
        keeps = isinstance(operation, PageWithDraft)
        rest = paragraph(
            self.tr("A devolução começada fica guardada.")
            if keeps
            else self.tr("O que foi começado na janela aberta não é gravado."),
            name="scanRest",
        )
        go = ActionButton(
            "scanGo", self.tr("Deixar e consultar"), "Enter", self._accept_code, look="primary", tall=True
        )
        stay = ActionButton("scanStay", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self.fill(self._title, self._found, rest, button_row(stay, right=(go,)))
        self.ask_about(code)
        go.setFocus()

    def ask_about(self, code: str) -> None:
        self._code = code
        self._title.setText(self.tr("Deixar esta janela e consultar o código lido?"))
        self._found.say("info", self.tr("Consultando o BonifiQ…"))
        self._request_id = self._client.submit(Search(code), self._search_received)

    def _search_received(self, outcome: Outcome[SearchResult]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.value is None or outcome.value.order_id:
            self._request_id = self._client.submit(LookUp(self._code), self._order_received)
        elif not outcome.value.hits:
            self._found.show_message(not_found_message(self._code, self._client.shop_database))
        elif len(outcome.value.hits) > 1:
            self._found.say("info", self.tr("%n pedidos encontrados neste caixa.", "", len(outcome.value.hits)))
        else:
            self._show_order(outcome.value.hits[0].order_id, outcome.value.hits[0].value)

    def _order_received(self, outcome: Outcome[LookupResult]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.error is not None:
            self._found.show_error(outcome.error)
        elif outcome.value is not None:
            self._show_order(outcome.value.order.order_id, outcome.value.order.total)

    def _show_order(self, order_id: str, value: Cents) -> None:
        self._found.say("info", joined(self.tr("Pedido {0}").format(order_id), format_reais(value)))

    @Slot()
    def _accept_code(self) -> None:
        code = self._code
        self.accept()
        self.chosen.emit(code)
