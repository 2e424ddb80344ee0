"""Card of a closed day: who closed it and when, the reason, and the code to read out."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.day_close import ClosedDay
from bonifiq_desktop.ui.messages.day_close import open_text, record_text, spoken_code
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, card, label


class RecordCard(QWidget):
    """Hidden while the day is open."""

    def __init__(self) -> None:
        super().__init__()
        frame, inside = card("dayRecord")
        self._who = UntrustedLabel("field", "dayRecordWho")
        self._reason = UntrustedLabel("muted", "dayRecordReason")
        self._code = label("", "section", "dayRecordCode")
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts, code = QVBoxLayout(), QVBoxLayout()
        texts.setSpacing(px(4))
        code.setSpacing(0)
        add_all(texts, self._who, self._reason)
        add_all(code, label(self.tr("Código, para ler em voz alta"), "caption"), self._code)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addLayout(texts, 1)
        row.addLayout(code)
        inside.addLayout(row)
        lay_out(self, frame)
        self.hide()

    def show_record(self, closed: ClosedDay | None) -> None:
        self.setVisible(closed is not None)
        if closed is None:
            return
        unchanged = self.tr("Os números abaixo são os do fechamento e não mudam mais.")
        self._who.setText(f"{record_text(closed)} {unchanged}")
        reason = self.tr("Fechado com {0}. Motivo: {1}").format(open_text(closed.open_operations), closed.reason)
        self._reason.setText(reason if closed.open_operations else closed.reason)
        self._reason.setVisible(bool(self._reason.text()))
        self._code.setText(spoken_code(closed.code))
