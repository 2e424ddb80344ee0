"""Try-out of the code scanner: says what was read, how fast, and whether the scanner ends its codes."""

from datetime import datetime
from time import monotonic

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from bonifiq_desktop.domain.query import read_query
from bonifiq_desktop.domain.search import QueryKind
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out, paragraph
from bonifiq_desktop.ui.widgets.keys import ENTER
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.ui.widgets.scan_guard import MAX_PAUSE, MIN_KEYS, TAKES_SCAN

_END_WAIT_MS = 600


class _ScanField(QLineEdit):
    """`finished` carries the text, the seconds from the first key to the last, and the name of the end key, if any."""

    finished = Signal(str, float, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "big")
        self.setProperty(TAKES_SCAN, True)
        self._times: list[float] = []
        self._end = QTimer(self, singleShot=True, interval=_END_WAIT_MS)
        self._end.timeout.connect(lambda: self._finish(""))

    def event(self, event: QEvent) -> bool:
        """Take Tab as the end of a code, which Qt would take for a move of the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._times:
            if event.key() in ENTER:
                self._finish("Enter")
                return True
            if event.text() == "\t" and monotonic() - self._times[-1] < MAX_PAUSE:
                self._finish("Tab")
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isprintable() and event.text():
            if not self._times:
                self.clear()
            self._times.append(monotonic())
            self._end.start()
        super().keyPressEvent(event)

    def _finish(self, end_key: str) -> None:
        self._end.stop()
        times, self._times = self._times, []
        if times:
            self.finished.emit(self.text(), times[-1] - times[0], end_key)
            self.selectAll()


class ScannerTest(QWidget):
    """`prefix`: first part of the object names. `worked`: a code was read as it should be."""

    worked = Signal()

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.field = _ScanField(f"{prefix}Scan")
        self.field.setPlaceholderText(self.tr("Leia um código qualquer agora"))
        self.field.setAccessibleName(self.tr("Teste do leitor"))
        self.field.finished.connect(self._show_result)
        self._result = Notice(f"{prefix}ScanResult", reserved=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(12))
        what = self.tr("Clique no campo e leia o código de um cupom ou produto. Nada é consultado nem guardado.")
        add_all(layout, paragraph(what, "muted"), self.field, self._result)

    @Slot(str, float, str)
    def _show_result(self, code: str, seconds: float, end_key: str) -> None:
        pause = seconds / max(len(code) - 1, 1)
        if len(code) < MIN_KEYS or pause > MAX_PAUSE:
            self._result.say(
                "info",
                self.tr("Isto foi digitado, não lido."),
                action=self.tr("Aponte o leitor para um código e aperte o gatilho."),
            )
        elif not end_key:
            self._result.say(
                "warning",
                self.tr("O leitor leu “{0}”, mas não mandou Enter no fim.").format(code),
                action=self.tr("Ligue o sufixo Enter (CR) com o código do manual do leitor e leia de novo."),
            )
        else:
            speed = self.tr("%n letra(s) em {0} ms, terminadas com {1}.", "", len(code))
            self._result.say(
                "success",
                self.tr("O leitor funciona."),
                " ".join(filter(None, (self._kind_text(code), speed.format(round(seconds * 1000), end_key)))),
            )
            self.worked.emit()

    def _kind_text(self, code: str) -> str:
        kind = read_query(code, datetime.now().astimezone().date()).kind
        if QueryKind.ACCESS_KEY in kind:
            return self.tr("É a chave de um cupom fiscal.")
        if QueryKind.DOCUMENT in kind:
            return self.tr("É um CPF ou CNPJ.")
        return self.tr("Serve como número de pedido.") if QueryKind.ORDER_NUMBER in kind else ""


class ScannerCard(QWidget):
    """The try-out on the settings page, which has nothing to save."""

    def __init__(self) -> None:
        super().__init__()
        frame, inside = card()
        add_all(inside, label(self.tr("Leitor de código"), "section"), ScannerTest("settings"))
        lay_out(self, frame)
