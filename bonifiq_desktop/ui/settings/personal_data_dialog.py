"""What this till holds of one customer: shown in numbers, saved to a file, erased."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.personal_data import ErasureResult, PersonalDataReport
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.ui.widgets.scan_guard import TAKES_SCAN
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import ErasePersonalData, ExportPersonalData, FindPersonalData, Outcome

_WIDTH = 620


class PersonalDataDialog(QDialog):
    """Asks for a CPF, CNPJ or e-mail; saving and erasing are for the customer that was found with what is typed."""

    def __init__(self, client: WorkerClient, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("customerDialog")
        self.setWindowTitle(self.tr("Dados de um cliente"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._client = client
        self._search_request = 0
        self._erase_pressed_once = False
        self._field = text_field("customerField")
        self._field.setProperty(TAKES_SCAN, "document")
        self._field.setAccessibleName(self.tr("CPF, CNPJ, e-mail ou telefone do cliente"))
        self._field.textEdited.connect(self._clear_result)
        self._find = KeyButton("customerFind", self.tr("Procurar"), "Enter", look="main")
        self._find.clicked.connect(self._search)
        self._counts = label("", name="customerCounts")
        self._counts.setWordWrap(True)
        self._message = Banner("customerMessage")
        self._save = KeyButton("customerExport", self.tr("Salvar os dados"))
        self._save.clicked.connect(self._choose_file)
        self._erase = KeyButton("customerErase", self.tr("Apagar os dados"), look="danger")
        self._erase.clicked.connect(self._erase_data)
        self._close = KeyButton("customerClose", self.tr("Fechar"), "Esc")
        self._close.clicked.connect(self.reject)
        self._arrange()
        self._field.returnPressed.connect(self._search)
        self._clear_result()

    def _arrange(self) -> None:
        how = label(self.tr("Digite o CPF ou CNPJ; o e-mail só acha quem não tem documento no BonifiQ."), "muted")
        how.setWordWrap(True)
        search = QHBoxLayout()
        search.addWidget(self._field, 1)
        search.addWidget(self._find)
        buttons = QHBoxLayout()
        buttons.addWidget(self._close)
        buttons.addStretch(1)
        buttons.addWidget(self._save)
        buttons.addWidget(self._erase)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(label(self.tr("O que este caixa guarda de um cliente"), "title"))
        layout.addWidget(how)
        layout.addLayout(search)
        layout.addWidget(self._counts)
        layout.addWidget(self._message)
        layout.addLayout(buttons)

    @Slot()
    def _clear_result(self) -> None:
        """Another customer is typed: what was found is not theirs."""
        self._search_request = 0
        self._erase_pressed_once = False
        self._counts.clear()
        self._message.clear()
        self._save.setEnabled(False)
        self._erase.setEnabled(False)

    @Slot()
    def _search(self) -> None:
        self._clear_result()
        self._search_request = self._client.submit(FindPersonalData(self._field.text()), self._found)

    def _found(self, outcome: Outcome[PersonalDataReport]) -> None:
        if outcome.request_id != self._search_request:
            return
        if outcome.error is not None:
            self._show_message(message_for_error(outcome.error))
        elif outcome.value is not None:
            self._show(outcome.value)

    def _show(self, traces: PersonalDataReport) -> None:
        something = traces != PersonalDataReport(0, 0, 0, 0, 0)
        self._save.setEnabled(something)
        self._erase.setEnabled(something)
        if not something:
            self._show_counts(self.tr("Este caixa não guarda nada deste cliente."))
            return
        lines = [
            self.tr("Pedidos consultados aqui: {0}").format(traces.orders),
            self.tr("Registros: {0}, dos quais em andamento: {1}").format(traces.operations, traces.unfinished),
            self.tr("Cópias do histórico com dados: {0}").format(traces.copies),
            self.tr("Rascunhos com este documento ou e-mail: {0}").format(traces.drafts),
        ]
        self._show_counts("\n".join(lines))

    def _show_counts(self, counts: str) -> None:
        self._counts.setText(counts)
        self._fit()

    def _show_message(self, words: Message) -> None:
        self._message.show_message(words)
        self._fit()

    def _fit(self) -> None:
        """As high as what is said now."""
        self.adjustSize()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    # --- saving

    @Slot()
    def _choose_file(self) -> None:
        self._erase_pressed_once = False
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self.tr("Salvar os dados do cliente"), folder, self.tr("Arquivo (*.json)"))
        dialog.setObjectName("customerExportDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile("dados-do-cliente.json")
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    @Slot(str)
    def export_to(self, path: str) -> None:
        """Save what is held of the customer to a file."""
        self._client.submit_with_approval(ExportPersonalData(self._field.text(), path), self._saved, asker=self)

    def _saved(self, outcome: Outcome[int]) -> None:
        if outcome.error is not None:
            self._show_message(message_for_error(outcome.error))
            return
        self._show_message(
            Message(
                "success",
                self.tr("Dados do cliente salvos no arquivo."),
                action=self.tr("O arquivo é pessoal: entregue só ao cliente e apague-o depois."),
            )
        )

    # --- erasing

    @Slot()
    def _erase_data(self) -> None:
        if not self._erase_pressed_once:
            self._erase_pressed_once = True
            self._show_message(
                Message(
                    "warning",
                    self.tr("Apagar os dados deste cliente neste caixa e nas cópias?"),
                    self.tr("Os registros ficam, só com número, valor e protocolo. No BonifiQ nada muda."),
                    self.tr("Para apagar, aperte o botão outra vez."),
                )
            )
            return
        self._erase.setEnabled(False)
        self._save.setEnabled(False)
        self._client.submit_with_approval(ErasePersonalData(self._field.text()), self._erased, asker=self)

    def _erased(self, outcome: Outcome[ErasureResult]) -> None:
        self._erase_pressed_once = False
        if outcome.value is None:
            self._erase.setEnabled(True)
            self._save.setEnabled(True)
            self._show_message(message_for_error(outcome.error or RuntimeError("no outcome")))
            return
        self._counts.clear()
        if outcome.value.unchanged_copies:
            names = ", ".join(Path(name).name for name in outcome.value.unchanged_copies)
            self._show_message(
                Message(
                    "warning",
                    self.tr("Os dados foram apagados, menos em cópias que não puderam ser abertas."),
                    self.tr("Falta: {0}").format(names),
                    self.tr("Tente de novo mais tarde ou chame o suporte."),
                )
            )
        else:
            self._show_message(Message("success", self.tr("Os dados do cliente foram apagados deste caixa.")))
