"""What this till holds of one customer: shown in numbers, saved to a file, erased."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.background.commands import EraseCustomer, ExportCustomer, FindTraces, Outcome
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.services.values import Erased, Traces
from bonifiq_desktop.ui.approval import submit_managed
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import line
from bonifiq_desktop.ui.widgets.parts import KeyButton, label
from bonifiq_desktop.ui.widgets.scan_guard import TAKES_SCAN
from bonifiq_desktop.ui.words import describe

_WIDTH = 620


class CustomerDialog(QDialog):
    """Asks for a CPF, CNPJ or e-mail; saving and erasing are for the customer that was found with what is typed."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("customerDialog")
        self.setWindowTitle(self.tr("Dados de um cliente"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._desk = desk
        self._ticket = 0
        self._sure = False
        self._field = line("customerField")
        self._field.setProperty(TAKES_SCAN, "document")
        self._field.setAccessibleName(self.tr("CPF, CNPJ, e-mail ou telefone do cliente"))
        self._field.textEdited.connect(self._forget)
        self._find = KeyButton("customerFind", self.tr("Procurar"), "Enter", look="main")
        self._find.clicked.connect(self._seek)
        self._counts = label("", name="customerCounts")
        self._counts.setWordWrap(True)
        self._message = Banner("customerMessage")
        self._save = KeyButton("customerExport", self.tr("Salvar os dados"))
        self._save.clicked.connect(self._ask_where)
        self._erase = KeyButton("customerErase", self.tr("Apagar os dados"), look="danger")
        self._erase.clicked.connect(self._erase_data)
        self._close = KeyButton("customerClose", self.tr("Fechar"), "Esc")
        self._close.clicked.connect(self.reject)
        self._arrange()
        self._field.returnPressed.connect(self._seek)
        self._forget()

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
    def _forget(self) -> None:
        """Another customer is typed: what was found is not theirs."""
        self._ticket = 0
        self._sure = False
        self._counts.clear()
        self._message.clear()
        self._save.setEnabled(False)
        self._erase.setEnabled(False)

    @Slot()
    def _seek(self) -> None:
        self._forget()
        self._ticket = self._desk.submit(FindTraces(self._field.text()), self._found)

    def _found(self, outcome: Outcome[Traces]) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            self._say(describe(outcome.error))
        elif outcome.value is not None:
            self._show(outcome.value)

    def _show(self, traces: Traces) -> None:
        something = traces != Traces(0, 0, 0, 0, 0)
        self._save.setEnabled(something)
        self._erase.setEnabled(something)
        if not something:
            self._tell(self.tr("Este caixa não guarda nada deste cliente."))
            return
        lines = [
            self.tr("Pedidos consultados aqui: {0}").format(traces.orders),
            self.tr("Registros: {0}, dos quais em andamento: {1}").format(traces.operations, traces.unfinished),
            self.tr("Cópias do histórico com dados: {0}").format(traces.copies),
            self.tr("Rascunhos com este documento ou e-mail: {0}").format(traces.drafts),
        ]
        self._tell("\n".join(lines))

    def _tell(self, counts: str) -> None:
        self._counts.setText(counts)
        self._fit()

    def _say(self, words: Words) -> None:
        self._message.say(words)
        self._fit()

    def _fit(self) -> None:
        """As high as what is said now."""
        self.adjustSize()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    # --- saving

    @Slot()
    def _ask_where(self) -> None:
        self._sure = False
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
        submit_managed(self, self._desk, ExportCustomer(self._field.text(), path), self._saved)

    def _saved(self, outcome: Outcome[int]) -> None:
        if outcome.error is not None:
            self._say(describe(outcome.error))
            return
        self._say(
            Words(
                "success",
                self.tr("Dados do cliente salvos no arquivo."),
                to_do=self.tr("O arquivo é pessoal: entregue só ao cliente e apague-o depois."),
            )
        )

    # --- erasing

    @Slot()
    def _erase_data(self) -> None:
        if not self._sure:
            self._sure = True
            self._say(
                Words(
                    "warning",
                    self.tr("Apagar os dados deste cliente neste caixa e nas cópias?"),
                    self.tr("Os registros ficam, só com número, valor e protocolo. No BonifiQ nada muda."),
                    self.tr("Para apagar, aperte o botão outra vez."),
                )
            )
            return
        self._erase.setEnabled(False)
        self._save.setEnabled(False)
        submit_managed(self, self._desk, EraseCustomer(self._field.text()), self._erased)

    def _erased(self, outcome: Outcome[Erased]) -> None:
        self._sure = False
        if outcome.value is None:
            self._erase.setEnabled(True)
            self._save.setEnabled(True)
            self._say(describe(outcome.error or RuntimeError("no outcome")))
            return
        self._counts.clear()
        if outcome.value.left:
            names = ", ".join(Path(name).name for name in outcome.value.left)
            self._say(
                Words(
                    "warning",
                    self.tr("Os dados foram apagados, menos em cópias que não puderam ser abertas."),
                    self.tr("Falta: {0}").format(names),
                    self.tr("Tente de novo mais tarde ou chame o suporte."),
                )
            )
        else:
            self._say(Words("success", self.tr("Os dados do cliente foram apagados deste caixa.")))
