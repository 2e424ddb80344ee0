"""Recovery page: offers backups and other ledgers when the history is unusable."""

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.access.person_dialog import PinResetDialog
from bonifiq_desktop.ui.messages.formats import date_and_time
from bonifiq_desktop.ui.recovery.copies import ranked_copies
from bonifiq_desktop.ui.settings.support_card import SupportCard
from bonifiq_desktop.ui.settings.version_switch import VersionSwitch
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.choice_card import ChoiceCard
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.ui.widgets.progress_row import ProgressRow
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
_NAME_WIDTH, _GAP = 300, 12  # pixels at 100 %


class RecoveryPage(QWidget):
    """Replaces the other screens until the history is usable again. Nothing is preselected."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self.setObjectName("recovery")
        self._client = client
        self._commands: dict[QRadioButton, RestoreLedger | AdoptLedger] = {}
        self._cards: list[ChoiceCard] = []
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._check)
        self._choices = QWidget()
        self._choice_layout = lay_out(self._choices, spacing=px(8))
        self._effect = paragraph("", "muted")
        who_decides = self.tr("Quem decide")
        self._name_label = label(who_decides, "figureName")
        self._name = limited_text_field("rescueName", who_decides, _MAX_NAME)
        self._name.setFixedWidth(px(_NAME_WIDTH))
        self._name.textChanged.connect(self._check)
        self._progress = ProgressRow(client, "rescue")
        self._message = Notice("rescueMessage")
        use, retry = self.tr("Usar o escolhido"), self.tr("Tentar de novo")
        self._confirm = ActionButton("rescueConfirm", use, "Enter", self._submit_choice, look="primary", tall=True)
        self._retry = ActionButton("rescueRetry", retry, "F5", self._reopen, has_shortcut=True, tall=True)
        self._forgot = ActionButton(
            "rescueForgot", self.tr("Esqueci o PIN"), action=self._open_reset, look="ghost", tall=True
        )
        self._decision = QWidget()
        EnterChain(self, self._name, self._confirm)
        self._arrange()
        client.sessionChanged.connect(self._show_session)

    def _arrange(self) -> None:
        question = label(self.tr("O que usar daqui em diante?"), "section")
        self._choices.setObjectName("page")
        self._choice_layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._choices)
        frame, inside = card()
        add_all(inside, question, self._effect)
        inside.addWidget(scroll, 1)
        lay_out(self._decision, frame)
        person = QVBoxLayout()
        person.setSpacing(0)
        add_all(person, self._name_label, self._name)
        last = button_row(self._retry, self._forgot)
        last.addLayout(person)
        last.addWidget(self._confirm, 0, Qt.AlignmentFlag.AlignBottom)
        for button in (self._retry, self._forgot):
            last.setAlignment(button, Qt.AlignmentFlag.AlignBottom)
        layout = lay_out(self, margins=(px(24), px(16), px(24), px(16)), spacing=px(_GAP))
        layout.addWidget(label(self.tr("O histórico precisa de ajuda"), "title"))
        layout.addWidget(self._decision, 1)
        add_all(layout, self._progress, self._message, last, VersionSwitch("rescue", self._client))
        layout.addStretch(0)
        layout.addWidget(SupportCard("rescue", self._client))

    def show_options(self, unavailable: LedgerUnavailable) -> None:
        for offered in self._cards:
            self._group.removeButton(offered.button)
            offered.setParent(None)
            offered.deleteLater()
        self._cards.clear()
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
            widget.setVisible(bool(self._cards) and not session.managers)
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
        best, others, empty = ranked_copies(options.backups)
        shown = [best, *others][: _MAX_COPIES - len(empty[:1])] if best else []
        for number, backup in enumerate([*shown, *empty[:1]]):
            text = self.tr("A cópia de {0}, com %n registro(s)", "", backup.operations)
            if not backup.operations:
                text = self.tr("Uma cópia vazia, de {0}")
            command = RestoreLedger(backup.path, "")
            copy = self._add_choice(f"rescueBackup{number}", text.format(date_and_time(backup.made_at)), command)
            if backup is best:
                copy.show_advice(self.tr("A melhor cópia: a que tem mais registros, e a mais nova delas."))
            elif not backup.operations:
                copy.show_advice(self.tr("Não tem nenhum registro: só se nenhuma outra servir."), tone="warning")
        anew = self._add_choice("rescueAnew", self.tr("Um histórico novo, vazio"), RestoreLedger(None, ""))
        anew.show_advice(
            self.tr("Só se nenhuma cópia servir: o caixa esquece todas as vendas e devoluções que já registrou."),
            tone="warning",
        )

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

    def _add_choice(self, name: str, text: str, command: RestoreLedger | AdoptLedger) -> ChoiceCard:
        offered = ChoiceCard(name, text)
        self._group.addButton(offered.button)
        self._commands[offered.button] = command
        self._cards.append(offered)
        self._choice_layout.insertWidget(self._choice_layout.count() - 1, offered)
        return offered

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
            if isinstance(command, RestoreLedger):
                self._progress.begin(RestoreLedger, self.tr("Conferindo e copiando o histórico…"))
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
        self._progress.end()
        if outcome.error is not None:
            self._set_busy(busy=False)
            self._message.show_error(outcome.error)
