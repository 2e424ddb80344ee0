"""Preview of a slip: its picture as it is printed, and what can be done with it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bonifiq_desktop.domain.print_jobs import PrintJob
from bonifiq_desktop.domain.slips import Paper, Slip, SlipKind, SlipSubject
from bonifiq_desktop.printing.painter import paint
from bonifiq_desktop.printing.pdf import joined, pdf_bytes, png_bytes
from bonifiq_desktop.storage.printer_settings import PrinterSettings
from bonifiq_desktop.ui.main_window import MainWindow
from bonifiq_desktop.ui.messages.printing import no_printer_message, paper_name, slip_missing_message, slip_name
from bonifiq_desktop.ui.messages.slips import slip_warning_text
from bonifiq_desktop.ui.printing.slip_view import SlipView
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import ask_where_to_save
from bonifiq_desktop.ui.widgets.keys import ENTER
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings, Outcome, PrintSlip, ReadSettings, ReadSlip, SaveSlipFile

_WIDTH, _SIDE = 1000, 300  # pixels at 100 %; beside them fit the 576 dots of 80 mm


def open_preview(client: WorkerClient, subject: SlipSubject, parent: QWidget) -> "PreviewSheet":
    """Open the preview of a slip over the window of `parent`, and return it."""
    sheet = PreviewSheet(client, subject, parent)
    sheet.open()
    return sheet


class PreviewSheet(Sheet):
    """Enter prints on the paper of the printer; the other papers are for a file or the clipboard."""

    def __init__(self, client: WorkerClient, subject: SlipSubject, parent: QWidget) -> None:
        heading = slip_name(subject.kind)
        super().__init__(parent, "previewSheet", heading, _WIDTH, tall=True)
        self._client = client
        self._subject = subject
        self._printer: PrinterSettings | None = None
        self._slip: Slip | None = None
        self._message = Notice("previewMessage")
        self._view = SlipView("previewSlip")
        self._paper = Choice("previewPaper", [(paper.value, paper_name(paper)) for paper in Paper])
        self._paper.setAccessibleName(self.tr("Papel"))
        self._paper.changed.connect(self._show_slip)
        self._printer_name = UntrustedLabel("muted", "previewPrinter")
        self._print = ActionButton(
            "previewPrint", self.tr("Imprimir"), "Enter", self._print_pressed, look="primary", icon="print", tall=True
        )
        self._save_pdf = ActionButton(
            "previewPdf", self.tr("Salvar PDF"), "Ctrl+S", self._choose_pdf, icon="download", has_shortcut=True
        )
        self._save_picture = ActionButton("previewPicture", self.tr("Salvar imagem"), action=self._choose_picture)
        self._copy = ActionButton(
            "previewCopy", self.tr("Copiar imagem"), "Ctrl+C", self._copy_picture, icon="copy", has_shortcut=True
        )
        self._set_up = ActionButton(
            "previewSettings", self.tr("Ajustes › Impressora"), "F9", self._open_settings, has_shortcut=True
        )
        self._back = ActionButton("previewBack", self.tr("Voltar"), "Esc", self.reject, look="ghost", icon="arrow-left")
        self._arrange(heading)
        self._set_usable(usable=False)
        self._print.setFocus()
        client.submit(ReadSettings(), self._settings_read)
        client.submit(ReadSlip(subject), self._slip_read)

    def _arrange(self, heading: str) -> None:
        side = QVBoxLayout()
        side.setSpacing(px(8))
        for part in (
            label(self.tr("Papel"), "caption"),
            self._paper,
            self._printer_name,
            self._message,
            self._print,
            self._save_pdf,
            self._save_picture,
            self._copy,
            self._set_up,
        ):
            side.addWidget(part)
        side.addStretch(1)
        side.addWidget(self._back)
        for button in (self._print, self._save_pdf, self._save_picture, self._copy, self._set_up, self._back):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QWidget()
        column.setLayout(side)
        column.setFixedWidth(px(_SIDE))
        side.setContentsMargins(0, 0, 0, 0)
        columns = QHBoxLayout()
        columns.setSpacing(px(16))
        columns.addWidget(self._view, 1)
        columns.addWidget(column)
        layout = self.fill(label(heading, "section"), columns)
        layout.setStretchFactor(columns, 1)

    def _set_usable(self, *, usable: bool) -> None:
        for button in (self._save_pdf, self._save_picture, self._copy):
            button.setEnabled(usable)
        self._print.setEnabled(usable and bool(self._printer and self._printer.target))

    # --- what is shown

    def _settings_read(self, outcome: Outcome[CurrentSettings]) -> None:
        if outcome.value is None:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        printer = self._printer = outcome.value.settings.printer
        self._paper.set_value(printer.paper)
        target = printer.target
        if target:
            self._printer_name.setText(self.tr("Sai em {0}, papel {1}").format(target, paper_name(printer.paper)))
        else:
            self._message.show_message(no_printer_message())
        self._printer_name.setVisible(bool(target))
        self._set_up.setVisible(not target)
        self._print.setVisible(bool(target))
        if not target:
            self._save_pdf.setFocus()
        self._show_slip()

    def _slip_read(self, outcome: Outcome[Slip]) -> None:
        if outcome.value is not None:
            self._slip = outcome.value
            self._show_slip()
        elif isinstance(outcome.error, LookupError):
            self._message.show_message(slip_missing_message())
        else:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))

    @Slot()
    def _show_slip(self) -> None:
        """Paint the slip for the chosen paper, once the slip and the settings are there."""
        slip = self._slip
        if slip is None or self._printer is None:
            return
        self._view.show_slip(slip, paint(slip, self._chosen_paper()))
        if slip.warnings:
            texts = "\n".join(map(slip_warning_text, slip.warnings))
            self._message.say("warning", self.tr("Um arquivo da loja não foi usado."), texts, code="PAPEL-13")
        is_first = not self._save_pdf.isEnabled()
        self._set_usable(usable=True)
        if is_first:  # until now no button could take the focus
            (self._print if self._print.isEnabled() else self._save_pdf).setFocus()

    def _chosen_paper(self) -> Paper:
        return Paper(str(self._paper.value()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        screens = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()))
        if screens is not None:
            self._view.step(screens)
        elif event.key() in ENTER and not event.isAutoRepeat():
            self._print.click()
        else:
            super().keyPressEvent(event)

    # --- actions

    @Slot()
    def _print_pressed(self) -> None:
        if self._slip is None:
            return
        self._print.setEnabled(False)  # a second press prints no second slip
        self._client.submit(PrintSlip(self._subject), self._queued)

    def _queued(self, outcome: Outcome[PrintJob]) -> None:
        """Leave: the window says what becomes of the job."""
        if outcome.value is not None:
            self.accept()
        else:
            self._print.setEnabled(True)
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))

    @Slot()
    def _copy_picture(self) -> None:
        # In full colour, which every program takes. Not a QMimeData of ours: Python would delete it at the exit,
        # while the clipboard still refers to it.
        QApplication.clipboard().setImage(joined(self._view.pages).convertToFormat(QImage.Format.Format_RGB32))
        self._message.say("success", self.tr("Imagem copiada: cole onde quiser."))

    @Slot()
    def _choose_pdf(self) -> None:
        self._choose_file({self.tr("PDF (*.pdf)"): "pdf"}, self._save_as_pdf)

    @Slot()
    def _choose_picture(self) -> None:
        self._choose_file({self.tr("Imagem (*.png)"): "png"}, self._save_as_picture)

    def _choose_file(self, filters: dict[str, str], save: Callable[[str], None]) -> None:
        [ending] = filters.values()
        name = f"{self._file_name()}.{ending}"
        ask_where_to_save(
            self,
            "previewSaveDialog",
            self.tr("Salvar o comprovante"),
            file_name=name,
            filters=filters,
            save=save,
        )

    def _file_name(self) -> str:
        """A name that tells slips apart and says nothing of the customer."""
        number = self._slip.number if self._slip is not None else ""
        day = self._subject.id if self._subject.kind is SlipKind.DAY_CLOSE else ""
        return "-".join(filter(None, ("bonifiq", self._subject.kind.value.replace("_", "-"), number or day)))

    @Slot(str)
    def _save_as_pdf(self, path: str) -> None:
        self._save(path, pdf_bytes(self._view.pages, self._chosen_paper(), slip_name(self._subject.kind)))

    @Slot(str)
    def _save_as_picture(self, path: str) -> None:
        self._save(path, png_bytes(self._view.pages))

    def _save(self, path: str, content: bytes) -> None:
        self._client.submit(SaveSlipFile(path, content), self._saved)

    def _saved(self, outcome: Outcome[None]) -> None:
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("success", self.tr("Comprovante salvo."))

    @Slot()
    def _open_settings(self) -> None:
        window = self.window()
        self.reject()
        if isinstance(window, MainWindow):
            window.content.show_settings("printer")
