"""The history cannot be used: what happened, and what a person may put in its place. Nothing is chosen by default."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.access.person_dialog import PinResetDialog
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import date_and_time
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.settings.support_card import SupportCard
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import limit_length
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    AdoptLedger,
    LedgerUnavailable,
    Outcome,
    RecoveryOptions,
    ReopenLedger,
    RestoreLedger,
)

_MAX_COPIES = 5
_MAX_NAME = 200
_NAME_WIDTH = 420


class RecoveryPage(QWidget):
    """Shown instead of the other screens until the history can be used again."""

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._commands: dict[QRadioButton, Callable[[str], RestoreLedger | AdoptLedger]] = {}
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._check)
        self._choices = QWidget()
        QVBoxLayout(self._choices).setContentsMargins(0, 0, 0, 0)
        self._effect = label("", "muted")
        self._effect.setWordWrap(True)
        self._name = QLineEdit()
        self._name.setObjectName("rescueName")
        limit_length(self._name, _MAX_NAME)
        self._name.setMaximumWidth(_NAME_WIDTH)
        self._name.setAccessibleName(self.tr("Quem decide"))
        self._name.textChanged.connect(self._check)
        self._message = Banner("rescueMessage")
        self._confirm = KeyButton("rescueConfirm", self.tr("Usar o escolhido"), "Enter", look="main", tall=True)
        self._confirm.clicked.connect(self._submit_choice)
        self._retry = KeyButton("rescueRetry", self.tr("Tentar de novo"), "F5", has_shortcut=True, tall=True)
        self._retry.clicked.connect(self._reopen)
        self._forgot = KeyButton("rescueForgot", self.tr("Esqueci o PIN"), tall=True)
        self._forgot.clicked.connect(self._open_reset)
        self._decision = QWidget()
        EnterChain(self, self._name, self._confirm)
        self._arrange()
        client.sessionChanged.connect(self._show_attendance)

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
        layout.addWidget(SupportCard("rescue", self._client))

    def show_options(self, broken: LedgerUnavailable) -> None:
        """Offer what can be done about it."""
        for button in self._commands:
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self._commands.clear()
        self._message.clear()
        self._decision.setVisible(broken.options is not None)
        self._confirm.setVisible(broken.options is not None)
        if broken.options is not None:
            self._offer(broken.options)
        if broken.is_searching:
            self._message.show_message(Message("info", self.tr("Procurando as cópias do histórico…")))
        self._show_attendance(self._client.session)
        self._set_busy(busy=False)

    @Slot(object)
    def _show_attendance(self, session: Session) -> None:
        for widget in (self._who, self._name):  # where there are managers, the PIN says who decides
            widget.setVisible(not session.managers)
        self._forgot.setVisible(session.requires_approval)
        if self._decision.isEnabled():
            self._check()

    def clear_name(self) -> None:
        """The next trouble is decided by whoever is there then."""
        self._name.clear()

    def _offer(self, ways: RecoveryOptions) -> None:
        if ways.from_other_pc:
            self._offer_adoption(ways)
            return
        self._effect.setText(
            self.tr(
                "O que foi feito neste caixa depois da cópia pode faltar nela. O que estava pendente só é enviado "
                "depois de conferido. O arquivo de agora fica guardado ao lado."
            )
        )
        if ways.usable_file is not None:
            self._add_file_choice(
                "rescueAsItIs", self.tr("O arquivo que está aqui, mesmo sendo mais antigo"), ways.usable_file
            )
        for number, backup in enumerate(ways.backups[:_MAX_COPIES]):
            text = self.tr("A cópia de {0}, com %n registro(s)", "", backup.operations)
            self._add_file_choice(f"rescueBackup{number}", text.format(date_and_time(backup.made_at)), backup.path)
        nothing = self.tr("Um histórico novo, vazio: só se não houver nenhuma cópia que sirva")
        self._add_file_choice("rescueAnew", nothing, None)

    def _offer_adoption(self, ways: RecoveryOptions) -> None:
        self._effect.setText(
            self.tr(
                "Numa cópia, as vendas ganham outros números, e o que estava pendente só é enviado depois de "
                "conferido: o outro computador também pode enviar. O arquivo de agora fica guardado ao lado."
            )
        )
        moved = self.tr("O caixa mudou para este computador: o outro não vai mais ser usado")
        self._add_choice("rescueMoved", moved, AdoptLedger)
        self._add_file_choice(
            "rescueCopied", self.tr("Isto é uma cópia: o outro computador continua em uso"), ways.usable_file
        )

    def _add_file_choice(self, name: str, text: str, source: Path | None) -> None:
        self._add_choice(name, text, lambda who: RestoreLedger(source, who))

    def _add_choice(self, name: str, text: str, wish: Callable[[str], RestoreLedger | AdoptLedger]) -> None:
        button = QRadioButton(text)
        button.setObjectName(name)
        self._group.addButton(button)
        self._commands[button] = wish
        layout = self._choices.layout()
        if layout is not None:
            layout.addWidget(button)

    @Slot()
    def _check(self) -> None:
        chosen = any(button.isChecked() for button in self._commands)
        self._confirm.setEnabled(chosen and bool(plain(self._name.text()) or self._client.session.managers))

    @Slot()
    def _submit_choice(self) -> None:
        chosen = next((wish for button, wish in self._commands.items() if button.isChecked()), None)
        if chosen is not None:
            self._set_busy(busy=True)
            self._client.submit_with_approval(chosen(plain(self._name.text())), self._answered, asker=self)

    @Slot()
    def _open_reset(self) -> None:
        self._message.clear()
        PinResetDialog(self._client, self).open()

    @Slot()
    def _reopen(self) -> None:
        self._set_busy(busy=True)
        self._client.submit(ReopenLedger(), self._answered)

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
            self._message.show_message(message_for_error(outcome.error))
