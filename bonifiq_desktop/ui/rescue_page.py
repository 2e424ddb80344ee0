"""The history cannot be used: what happened, and what a person may put in its place. Nothing is chosen by default."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from bonifiq_desktop.background.commands import LedgerBroken, MoveHere, Outcome, Restore, TryAgain, Ways
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.domain.people import Attendance
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.approval import submit_managed
from bonifiq_desktop.ui.formats import moment
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.person_dialog import ResetDialog
from bonifiq_desktop.ui.support_card import SupportCard
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import limit
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.parts import KeyButton, label
from bonifiq_desktop.ui.words import describe

_MAX_COPIES = 5
_MAX_NAME = 200
_NAME_WIDTH = 420


class RescuePage(QWidget):
    """Shown instead of the other screens until the history can be used again."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wishes: dict[QRadioButton, Callable[[str], Restore | MoveHere]] = {}
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._check)
        self._choices = QWidget()
        QVBoxLayout(self._choices).setContentsMargins(0, 0, 0, 0)
        self._effect = label("", "muted")
        self._effect.setWordWrap(True)
        self._name = QLineEdit()
        self._name.setObjectName("rescueName")
        limit(self._name, _MAX_NAME)
        self._name.setMaximumWidth(_NAME_WIDTH)
        self._name.setAccessibleName(self.tr("Quem decide"))
        self._name.textChanged.connect(self._check)
        self._message = Banner("rescueMessage")
        self._confirm = KeyButton("rescueConfirm", self.tr("Usar o escolhido"), "Enter", look="main", tall=True)
        self._confirm.clicked.connect(self._restore)
        self._retry = KeyButton("rescueRetry", self.tr("Tentar de novo"), "F5", has_shortcut=True, tall=True)
        self._retry.clicked.connect(self._try_again)
        self._forgot = KeyButton("rescueForgot", self.tr("Esqueci o PIN"), tall=True)
        self._forgot.clicked.connect(self._open_reset)
        self._decision = QWidget()
        EnterChain(self, self._name, self._confirm)
        self._arrange()
        desk.attendanceChanged.connect(self._show_attendance)

    def _arrange(self) -> None:
        decision = QVBoxLayout(self._decision)
        decision.setContentsMargins(0, 0, 0, 0)
        decision.setSpacing(10)
        decision.addWidget(label(self.tr("O que usar daqui em diante?"), "section"))
        decision.addWidget(self._choices)
        decision.addWidget(self._effect)
        self._who = label(self.tr("Quem decide"), "figureName")
        decision.addWidget(self._who)
        decision.addWidget(self._name)
        buttons = QHBoxLayout()
        buttons.addWidget(self._retry)
        buttons.addWidget(self._forgot)
        buttons.addStretch(1)
        buttons.addWidget(self._confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(14)
        layout.addWidget(label(self.tr("O histórico precisa de ajuda"), "title"))
        layout.addWidget(self._decision)
        layout.addWidget(self._message)
        layout.addLayout(buttons)
        layout.addStretch(1)
        layout.addWidget(SupportCard("rescue", self._desk))

    def show_trouble(self, broken: LedgerBroken) -> None:
        """Offer what can be done about it."""
        for button in self._wishes:
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self._wishes.clear()
        self._message.clear()
        self._decision.setVisible(broken.ways is not None)
        self._confirm.setVisible(broken.ways is not None)
        if broken.ways is not None:
            self._offer(broken.ways)
        if broken.sought:
            self._message.say(Words("info", self.tr("Procurando as cópias do histórico…")))
        self._show_attendance(self._desk.attendance)
        self._set_busy(busy=False)

    @Slot(object)
    def _show_attendance(self, attendance: Attendance) -> None:
        for widget in (self._who, self._name):  # where there are managers, the PIN says who decides
            widget.setVisible(not attendance.managers)
        self._forgot.setVisible(attendance.managed)
        if self._decision.isEnabled():
            self._check()

    def forget(self) -> None:
        """The next trouble is decided by whoever is there then."""
        self._name.clear()

    def _offer(self, ways: Ways) -> None:
        if ways.elsewhere:
            self._offer_to_move(ways)
            return
        self._effect.setText(
            self.tr(
                "O que foi feito neste caixa depois da cópia pode faltar nela. O que estava pendente só é enviado "
                "depois de conferido. O arquivo de agora fica guardado ao lado."
            )
        )
        if ways.as_it_is is not None:
            self._add("rescueAsItIs", self.tr("O arquivo que está aqui, mesmo sendo mais antigo"), ways.as_it_is)
        for number, backup in enumerate(ways.backups[:_MAX_COPIES]):
            text = self.tr("A cópia de {0}, com %n registro(s)", "", backup.operations)
            self._add(f"rescueBackup{number}", text.format(moment(backup.made_at)), backup.path)
        nothing = self.tr("Um histórico novo, vazio: só se não houver nenhuma cópia que sirva")
        self._add("rescueAnew", nothing, None)

    def _offer_to_move(self, ways: Ways) -> None:
        self._effect.setText(
            self.tr(
                "Numa cópia, as vendas ganham outros números, e o que estava pendente só é enviado depois de "
                "conferido: o outro computador também pode enviar. O arquivo de agora fica guardado ao lado."
            )
        )
        moved = self.tr("O caixa mudou para este computador: o outro não vai mais ser usado")
        self._add_wish("rescueMoved", moved, MoveHere)
        self._add("rescueCopied", self.tr("Isto é uma cópia: o outro computador continua em uso"), ways.as_it_is)

    def _add(self, name: str, text: str, source: Path | None) -> None:
        self._add_wish(name, text, lambda who: Restore(source, who))

    def _add_wish(self, name: str, text: str, wish: Callable[[str], Restore | MoveHere]) -> None:
        button = QRadioButton(text)
        button.setObjectName(name)
        self._group.addButton(button)
        self._wishes[button] = wish
        layout = self._choices.layout()
        if layout is not None:
            layout.addWidget(button)

    @Slot()
    def _check(self) -> None:
        chosen = any(button.isChecked() for button in self._wishes)
        self._confirm.setEnabled(chosen and bool(plain(self._name.text()) or self._desk.attendance.managers))

    @Slot()
    def _restore(self) -> None:
        chosen = next((wish for button, wish in self._wishes.items() if button.isChecked()), None)
        if chosen is not None:
            self._set_busy(busy=True)
            submit_managed(self, self._desk, chosen(plain(self._name.text())), self._answered)

    @Slot()
    def _open_reset(self) -> None:
        self._message.clear()
        ResetDialog(self._desk, self).open()

    @Slot()
    def _try_again(self) -> None:
        self._set_busy(busy=True)
        self._desk.submit(TryAgain(), self._answered)

    def _set_busy(self, *, busy: bool) -> None:
        self._decision.setEnabled(not busy)
        self._retry.setEnabled(not busy)
        if busy:
            self._confirm.setEnabled(False)
        else:
            self._check()

    def _answered(self, outcome: Outcome[None]) -> None:
        """Done means that it is opened anew: the window hears of that, well or ill."""
        if outcome.error is not None:
            self._set_busy(busy=False)
            self._message.say(describe(outcome.error))
