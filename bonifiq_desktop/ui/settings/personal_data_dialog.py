"""Sheet for one customer's data at this till: count, save to a file, erase (LGPD)."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.domain.personal_data import ErasureResult, PersonalDataReport
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import ask_where_to_save, button_row, paragraph
from bonifiq_desktop.ui.widgets.forms import text_field
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.progress_row import ProgressRow
from bonifiq_desktop.ui.widgets.scan_guard import TAKES_SCAN
from bonifiq_desktop.ui.widgets.second_press import SecondPress
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import ErasePersonalData, ExportPersonalData, FindPersonalData, Outcome

_WIDTH = 620


class PersonalDataDialog(Sheet):
    """Saving and erasing work on the customer that was found with the typed number or e-mail."""

    def __init__(self, client: WorkerClient, parent: QWidget) -> None:
        super().__init__(parent, "customerDialog", self.tr("Dados de um cliente"), _WIDTH)
        self._client = client
        self._search_request = 0
        self._field = text_field("customerField")
        self._field.setProperty(TAKES_SCAN, "document")
        self._field.setAccessibleName(self.tr("CPF, CNPJ, e-mail ou telefone do cliente"))
        self._field.textEdited.connect(self._clear_result)
        find = ActionButton("customerFind", self.tr("Procurar"), "Enter", self._search, look="primary")
        self._counts = paragraph("", name="customerCounts")
        self._finding = ProgressRow(client, "customerFind")
        self._erasing = ProgressRow(client, "customerErase", can_stop=False)
        self._message = Notice("customerMessage")
        self._second_press = SecondPress(self._message)
        self._save = ActionButton("customerExport", self.tr("Salvar os dados"), action=self._choose_file)
        erase = self.tr("Apagar os dados")
        self._erase = ActionButton("customerErase", erase, action=self._erase_data, look="dangerGhost")
        close = ActionButton("customerClose", self.tr("Fechar"), "Esc", self.reject)
        how = self.tr("Digite o CPF ou CNPJ; o e-mail só acha quem não tem documento no BonifiQ.")
        search = QHBoxLayout()
        search.addWidget(self._field, 1)
        search.addWidget(find)
        self.fill(
            label(self.tr("O que este caixa guarda de um cliente"), "title"),
            paragraph(how, "muted"),
            search,
            self._counts,
            self._finding,
            self._erasing,
            self._message,
            button_row(close, right=(self._save, self._erase)),
        )
        self._field.returnPressed.connect(self._search)
        self._clear_result()

    @Slot()
    def _clear_result(self) -> None:
        """Drop the result: it belongs to the number that was typed before."""
        self._search_request = 0
        self._finding.end()
        self._counts.clear()
        self._message.clear()
        self._enable_actions(enabled=False)

    def _enable_actions(self, *, enabled: bool) -> None:
        self._save.setEnabled(enabled)
        self._erase.setEnabled(enabled)

    @Slot()
    def _search(self) -> None:
        self._clear_result()
        self._finding.begin(FindPersonalData, self.tr("Procurando nas cópias do histórico…"))
        self._search_request = self._client.submit(FindPersonalData(self._field.text()), self._found)

    def _found(self, outcome: Outcome[PersonalDataReport]) -> None:
        if outcome.request_id != self._search_request:
            return
        self._finding.end()
        report = outcome.value
        if report is None:
            self._show_error(outcome.error)
            return
        has_data = report != PersonalDataReport(0, 0, 0, 0, 0)
        self._enable_actions(enabled=has_data)
        lines = [
            self.tr("Pedidos consultados aqui: {0}").format(report.orders),
            self.tr("Registros: {0}, dos quais em andamento: {1}").format(report.operations, report.unfinished),
            self.tr("Cópias do histórico com dados: {0}").format(report.copies),
            self.tr("Rascunhos com este documento ou e-mail: {0}").format(report.drafts),
        ]
        nothing = self.tr("Este caixa não guarda nada deste cliente.")
        self._counts.setText("\n".join(lines) if has_data else nothing)

    def _say(self, tone: str, title: str, effect: str = "", action: str = "") -> None:
        self._message.say(tone, title, effect, action)

    def _show_error(self, error: Exception | None) -> None:
        self._message.show_error(error or RuntimeError("outcome without value"))

    # --- saving

    @Slot()
    def _choose_file(self) -> None:
        self._second_press.withdraw()
        ask_where_to_save(
            self,
            "customerExportDialog",
            self.tr("Salvar os dados do cliente"),
            file_name="dados-do-cliente.json",
            filters={self.tr("Arquivo (*.json)"): "json"},
            save=self.export_to,
        )

    @Slot(str)
    def export_to(self, path: str) -> None:
        self._client.submit_with_approval(ExportPersonalData(self._field.text(), path), self._saved, asker=self)

    def _saved(self, outcome: Outcome[int]) -> None:
        if outcome.error is not None:
            self._show_error(outcome.error)
            return
        self._say(
            "success",
            self.tr("Dados do cliente salvos no arquivo."),
            action=self.tr("O arquivo é pessoal: entregue só ao cliente e apague-o depois."),
        )

    # --- erasing

    @Slot()
    def _erase_data(self) -> None:
        question = Message(
            "warning",
            self.tr("Apagar os dados deste cliente neste caixa e nas cópias?"),
            self.tr("Os registros ficam, só com número, valor e protocolo. No BonifiQ nada muda."),
            self.tr("Para apagar, aperte o botão outra vez."),
        )
        if not self._second_press.confirms("erase", question):
            return
        self._enable_actions(enabled=False)
        self._erasing.begin(ErasePersonalData, self.tr("Apagando nas cópias do histórico…"))
        self._client.submit_with_approval(ErasePersonalData(self._field.text()), self._erased, asker=self)

    def _erased(self, outcome: Outcome[ErasureResult]) -> None:
        self._erasing.end()
        if outcome.value is None:
            self._enable_actions(enabled=True)
            self._show_error(outcome.error)
            return
        self._counts.clear()
        if outcome.value.unchanged_copies:
            names = ", ".join(Path(name).name for name in outcome.value.unchanged_copies)
            self._say(
                "warning",
                self.tr("Os dados foram apagados, menos em cópias que não puderam ser abertas."),
                self.tr("Falta: {0}").format(names),
                self.tr("Tente de novo mais tarde ou chame o suporte."),
            )
        else:
            self._say("success", self.tr("Os dados do cliente foram apagados deste caixa."))
