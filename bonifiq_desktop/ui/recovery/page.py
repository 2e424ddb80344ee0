"""Recovery page: offers backups and other ledgers when the history is unusable."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.access.person_dialog import PinResetDialog
from bonifiq_desktop.ui.messages.formats import date_and_time
from bonifiq_desktop.ui.settings.support_card import SupportCard
from bonifiq_desktop.ui.settings.version_switch import VersionSwitch
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import limited_text_field
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
    """Replaces the other screens until the history is usable again. Nothing is preselected."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._commands: dict[QRadioButton, RestoreLedger | AdoptLedger] = {}
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._check)
        self._choices = QWidget()
        self._choice_layout = lay_out(self._choices)
        self._effect = paragraph("", "muted")
        who_decides = self.tr("Quem decide")
        self._name_label = label(who_decides, "figureName")
        self._name = limited_text_field("rescueName", who_decides, _MAX_NAME)
        self._name.setMaximumWidth(_NAME_WIDTH)
        self._name.textChanged.connect(self._check)
        self._message = Banner("rescueMessage")
        use, retry = self.tr("Usar o escolhido"), self.tr("Tentar de novo")
        self._confirm = KeyButton("rescueConfirm", use, "Enter", self._submit_choice, look="main", tall=True)
        self._retry = KeyButton("rescueRetry", retry, "F5", self._reopen, has_shortcut=True, tall=True)
        self._forgot = KeyButton("rescueForgot", self.tr("Esqueci o PIN"), action=self._open_reset, tall=True)
        self._decision = QWidget()
        EnterChain(self, self._name, self._confirm)
        self._arrange()
        client.sessionChanged.connect(self._show_session)

    def _arrange(self) -> None:
        question = label(self.tr("O que usar daqui em diante?"), "section")
        lay_out(self._decision, question, self._choices, self._effect, self._name_label, self._name, spacing=10)
        layout = lay_out(
            self,
            label(self.tr("O histórico precisa de ajuda"), "title"),
            self._decision,
            self._message,
            button_row(self._retry, self._forgot, right=(self._confirm,)),
            VersionSwitch("rescue", self._client),
            margins=(24, 16, 24, 16),
            spacing=14,
        )
        layout.addStretch(1)
        layout.addWidget(SupportCard("rescue", self._client))

    def show_options(self, unavailable: LedgerUnavailable) -> None:
        for button in self._commands:
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self._commands.clear()
        self._message.clear()
        options = unavailable.options
        self._decision.setVisible(options is not None)
        self._confirm.setVisible(options is not None)
        if options is not None and options.from_other_pc:
            self._offer_adoption(options)
        elif options is not None:
            self._offer(options)
        if unavailable.is_searching:
            self._message.say("info", self.tr("Procurando as cópias do histórico…"))
        self._show_session(self._client.session)
        self._set_busy(busy=False)

    @Slot(object)
    def _show_session(self, session: Session) -> None:
        for widget in (self._name_label, self._name):  # a manager's PIN says who decides
            widget.setVisible(not session.managers)
        self._forgot.setVisible(session.requires_approval)
        self._check()

    def clear_name(self) -> None:
        self._name.clear()

    def _offer(self, options: RecoveryOptions) -> None:
        self._effect.setText(
            self.tr(
                "O que foi feito neste caixa depois da cópia pode faltar nela. O que estava pendente só é enviado "
                "depois de conferido. O arquivo de agora fica guardado ao lado."
            )
        )
        if options.usable_file is not None:
            older = self.tr("O arquivo que está aqui, mesmo sendo mais antigo")
            self._add_choice("rescueAsItIs", older, RestoreLedger(options.usable_file, ""))
        for number, backup in enumerate(options.backups[:_MAX_COPIES]):
            text = self.tr("A cópia de {0}, com %n registro(s)", "", backup.operations)
            made_at = date_and_time(backup.made_at)
            self._add_choice(f"rescueBackup{number}", text.format(made_at), RestoreLedger(backup.path, ""))
        empty = self.tr("Um histórico novo, vazio: só se não houver nenhuma cópia que sirva")
        self._add_choice("rescueAnew", empty, RestoreLedger(None, ""))

    def _offer_adoption(self, options: RecoveryOptions) -> None:
        self._effect.setText(
            self.tr(
                "Numa cópia, as vendas ganham outros números, e o que estava pendente só é enviado depois de "
                "conferido: o outro computador também pode enviar. O arquivo de agora fica guardado ao lado."
            )
        )
        moved = self.tr("O caixa mudou para este computador: o outro não vai mais ser usado")
        self._add_choice("rescueMoved", moved, AdoptLedger(""))
        copied = self.tr("Isto é uma cópia: o outro computador continua em uso")
        self._add_choice("rescueCopied", copied, RestoreLedger(options.usable_file, ""))

    def _add_choice(self, name: str, text: str, command: RestoreLedger | AdoptLedger) -> None:
        button = QRadioButton(text)
        button.setObjectName(name)
        self._group.addButton(button)
        self._commands[button] = command
        self._choice_layout.addWidget(button)

    def _chosen(self) -> RestoreLedger | AdoptLedger | None:
        return next((command for button, command in self._commands.items() if button.isChecked()), None)

    @Slot()
    def _check(self) -> None:
        has_name = bool(plain(self._name.text()) or self._client.session.managers)
        self._confirm.setEnabled(self._decision.isEnabled() and self._chosen() is not None and has_name)

    @Slot()
    def _submit_choice(self) -> None:
        command = self._chosen()
        if command is not None:
            self._set_busy(busy=True)
            command = replace(command, decided_by=plain(self._name.text()))
            self._client.submit_with_approval(command, self._answered, asker=self)

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
        self._check()

    def _answered(self, outcome: Outcome[None]) -> None:
        """Show an error; after a success the worker reopens the ledger and tells the window."""
        if outcome.error is not None:
            self._set_busy(busy=False)
            self._message.show_error(outcome.error)
