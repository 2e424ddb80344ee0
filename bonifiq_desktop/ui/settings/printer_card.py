"""Settings card of the slip printer: how slips reach it, its paper, what is printed at once, and a test page."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from bonifiq_desktop.domain.print_jobs import PrinterInfo, PrintJob
from bonifiq_desktop.domain.slips import Paper, SlipKind, SlipSubject
from bonifiq_desktop.storage.printer_settings import PrintRoute
from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.printing import paper_name
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.settings.kind_boxes import KindBoxes
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box, limited_text_field
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings, ListPrinters, Outcome, PrintSlip

_MAX_HOST, _MAX_PORT = 253, 5  # characters
_CAPTIONS = 130  # pixels at 100 %


class PrinterCard(SettingsCard):
    """Shows `Settings.printer`. The printers of this PC are asked for when the card is shown with their route."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(self.tr("Impressora de comprovantes"))
        self._client = client
        self._printers: dict[str, PrinterInfo] = {}
        self._is_asking = self._has_asked = False
        self._route = self._bound_box(
            "route",
            "settingsPrintRoute",
            [
                (self.tr("Nenhuma"), PrintRoute.NONE),
                (self.tr("Impressora deste PC"), PrintRoute.DRIVER),
                (self.tr("Impressora de rede (ESC/POS)"), PrintRoute.NETWORK),
            ],
        )
        self._name = self._bound_box("name", "settingsPrinter", [])
        self._form = self._bound_box("form", "settingsPrintForm", [])
        self._host = self.bind("host", limited_text_field("settingsPrintHost", max_length=_MAX_HOST))
        self._host.setPlaceholderText("192.168.0.50")
        self._port = self.bind("port", limited_text_field("settingsPrintPort", max_length=_MAX_PORT))
        self._paper = self._bound_box("paper", "settingsPaper", [])
        self._cuts = self.bind("cuts", QCheckBox(self.tr("Cortar o papel depois de cada comprovante")))
        self._cuts.setObjectName("settingsPrintCuts")
        self._at_once = self.bind("at_once", KindBoxes("settingsPrintAtOnce", _kind_texts()))
        self._refresh = ActionButton(
            "settingsPrinterList", self.tr("Procurar impressoras"), action=self._ask_for_printers, look="ghost"
        )
        self._test = ActionButton("settingsTestPage", self.tr("Página de teste"), action=self._print_test, icon="print")
        self._message = Notice("settingsPrinterMessage")
        for setting in ("name", "host", "port"):
            self.fields[f"printer.{setting}"] = self.fields[setting]
        self.enter_chain += [self._route, self._name, self._form, self._host, self._port, self._paper, self._cuts]
        self._arrange()
        self._route.currentIndexChanged.connect(self._route_changed)
        self._name.currentIndexChanged.connect(self._show_forms)

    def _bound_box(self, setting: str, name: str, entries: list[tuple[str, str]]) -> QComboBox:
        box = self.bind(setting, combo_box(name, [(text, str(value)) for text, value in entries]))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)  # a driver's name may be as long as the window
        return box

    def _arrange(self) -> None:
        self._driver_part, self._network_part, self._paper_part = QWidget(), QWidget(), QWidget()
        driver = lay_out(
            self._driver_part,
            _captions((self.tr("Impressora"), self._name), (self.tr("Papel do driver"), self._form)),
            button_row(right=(self._refresh,)),
            spacing=px(4),
        )
        driver.setAlignment(Qt.AlignmentFlag.AlignTop)
        address = _captions((self.tr("Endereço"), self._host), (self.tr("Porta"), self._port))
        lay_out(self._network_part, address, self._cuts, spacing=px(8))
        at_once = label(self.tr("Imprimir na hora, sem apertar F11"), "caption")
        self._at_once.setAccessibleName(at_once.text())
        note = self.tr("Sai quando o resultado é conhecido. Registrar nunca espera pela impressora.")
        lay_out(
            self._paper_part,
            _captions((self.tr("Papel"), self._paper)),
            at_once,
            self._at_once,
            paragraph(note, "muted"),
            button_row(self._test),
            spacing=px(8),
        )
        self.inside.addLayout(_captions((self.tr("Como imprimir"), self._route)))
        for part in (self._driver_part, self._network_part, self._paper_part, self._message):
            self.inside.addWidget(part)
        self._show_parts()

    # --- values

    def part_of(self, settings: Settings) -> Any:
        return settings.printer

    def show_values(self, current: CurrentSettings) -> None:
        printer = current.settings.printer
        self._show_names(printer.name)
        self._show_form_entries(printer.name, printer.form)
        self._show_papers(printer.route, printer.paper)
        super().show_values(current)
        self._show_parts()

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with this printer. Raises SettingsError for a route without its printer."""
        values = self.values()
        port = values["port"]
        if not (port.isascii() and port.isdecimal()):
            raise SettingsError("printer.port")
        if values["route"] == PrintRoute.DRIVER and not values["name"]:
            raise SettingsError("printer.name")
        if values["route"] == PrintRoute.NETWORK and not values["host"]:
            raise SettingsError("printer.host")
        return replace(settings, printer=replace(settings.printer, **{**values, "port": int(port)}))

    @Slot()
    def _route_changed(self) -> None:
        self._message.clear()
        self._show_papers(str(self._route.currentData()), str(self._paper.currentData()))
        self._show_parts()
        self._ask_once()

    def _show_parts(self) -> None:
        route = self._route.currentData()
        self._driver_part.setVisible(route == PrintRoute.DRIVER)
        self._network_part.setVisible(route == PrintRoute.NETWORK)
        self._paper_part.setVisible(route != PrintRoute.NONE)

    def _show_papers(self, route: str, chosen: str) -> None:
        """List the papers; a network printer is a roll printer."""
        papers = [paper for paper in Paper if route != PrintRoute.NETWORK or paper is not Paper.A4]
        _fill(self._paper, [(paper_name(paper), paper.value) for paper in papers], chosen)

    # --- the printers of this PC

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._message.clear()
        self._ask_once()

    def _ask_once(self) -> None:
        if self._route.currentData() == PrintRoute.DRIVER and not self._has_asked:
            self._ask_for_printers()

    @Slot()
    def _ask_for_printers(self) -> None:
        if not self._is_asking:
            self._is_asking = self._has_asked = True
            self._refresh.setEnabled(False)
            self._message.say("info", self.tr("Procurando as impressoras deste PC…"))
            self._client.submit(ListPrinters(), self._listed)

    def _listed(self, outcome: Outcome[tuple[PrinterInfo, ...]]) -> None:
        self._is_asking = False
        self._refresh.setEnabled(True)
        if outcome.value is None:
            self._has_asked = False
            self._say_not_listed(outcome.error)
            return
        self._printers = {printer.name: printer for printer in outcome.value}
        chosen, form = str(self._name.currentData() or ""), str(self._form.currentData() or "")
        was_showing, self._is_showing = self._is_showing, True
        self._show_names(chosen)
        self._show_form_entries(chosen, form)
        self._is_showing = was_showing
        self._message.clear()
        if not self._printers and self._driver_part.isVisible():
            self._message.say(
                "warning",
                self.tr("Este PC não tem impressora instalada."),
                "",
                self.tr("Instale o driver dela no sistema, ou use a impressora de rede."),
                code="PAPEL-14",
            )

    def _say_not_listed(self, error: Exception | None) -> None:
        if isinstance(error, TimeoutError | OSError):
            self._message.say(
                "warning",
                self.tr("O driver de uma impressora deste PC não respondeu."),
                self.tr("O caixa continua funcionando."),
                self.tr("Desligue e ligue a impressora, e procure de novo."),
                code="PAPEL-08",
            )
        else:
            self._message.show_message(message_for_error(error or RuntimeError("outcome without value")))

    def _show_names(self, chosen: str) -> None:
        """List the printers; the chosen one stays in the list when it is gone, and says so."""
        entries = [(self.tr("Escolha…"), "")]
        for printer in self._printers.values():
            text = self.tr("{0} (padrão do sistema)").format(printer.name) if printer.is_default else printer.name
            entries.append((text, printer.name))
        if chosen and chosen not in self._printers:
            gone = self.tr("{0} (não encontrada)").format(chosen) if self._printers else chosen
            entries.append((gone, chosen))
        _fill(self._name, entries, chosen)

    @Slot()
    def _show_forms(self) -> None:
        if not self._is_showing:
            self._show_form_entries(str(self._name.currentData() or ""), str(self._form.currentData() or ""))

    def _show_form_entries(self, printer: str, chosen: str) -> None:
        """List the papers of a printer's driver, first the roll that is as long as the slip."""
        known = self._printers.get(printer)
        forms = known.forms if known is not None else (chosen,) if chosen else ()
        entries = [(self.tr("Rolo, do tamanho do comprovante"), ""), *((form, form) for form in forms)]
        _fill(self._form, entries, chosen)

    # --- the test page

    @Slot()
    def _print_test(self) -> None:
        """Print with the settings in force, which are the saved ones."""
        if self.is_changed():
            self._message.say("info", self.tr("Salve os ajustes antes da página de teste (Ctrl+S)."))
            return
        self._test.setEnabled(False)
        self._client.submit(PrintSlip(SlipSubject(SlipKind.TEST)), self._test_queued)

    def _test_queued(self, outcome: Outcome[PrintJob]) -> None:
        self._test.setEnabled(True)
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("info", self.tr("Página de teste na fila: a lista abaixo diz o que aconteceu."))


def _captions(*entries: tuple[str, QWidget]) -> QGridLayout:
    """Captions at the left, of one width in all parts of the card."""
    grid = captions_left(*entries)
    grid.setColumnMinimumWidth(0, px(_CAPTIONS))
    return grid


def _fill(box: QComboBox, entries: list[tuple[str, str]], chosen: str) -> None:
    """Replace the entries of a list without a signal; a value that is not among them becomes the first one."""
    blocked = box.blockSignals(True)
    box.clear()
    for text, value in entries:
        box.addItem(text, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(blocked)


def _kind_texts() -> dict[SlipKind, str]:
    return {
        SlipKind.SALE: translate("PrinterCard", "Venda"),
        SlipKind.REFUND: translate("PrinterCard", "Devolução"),
        SlipKind.RETURN: translate("PrinterCard", "Devolução em vários sistemas"),
        SlipKind.CANCELLATION: translate("PrinterCard", "Cancelamento do pedido inteiro"),
        SlipKind.REDEMPTION: translate("PrinterCard", "Benefício usado"),
        SlipKind.DAY_CLOSE: translate("PrinterCard", "Fechamento do dia"),
    }
