"""Settings card: the staff of this till, the limits of refunds and rewards, the minutes until the lock."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from bonifiq_desktop.domain.staff import Person, Role, Session
from bonifiq_desktop.ui.access.person_dialog import PersonDialog, PinResetDialog, role_name
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, button_row, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.second_press import SecondPress
from bonifiq_desktop.ui.widgets.tables import fit_rows, set_headings, style_table
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings, Outcome, RemovePerson

_ROW_HEIGHT = 44
_MAX_ROWS = 5
_MINUTES = (2, 5, 10, 15, 30, 60)


class StaffCard(SettingsCard):
    """Changes to the staff are stored at once; limits and minutes are saved with the other settings."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(self.tr("Pessoas e PIN"))
        self._client = client
        self._people: tuple[Person, ...] = ()
        self._state = paragraph("", "muted", "peopleState")
        self._table = QTableWidget(0, 2)
        self._table.setObjectName("peopleTable")
        self._table.setAccessibleName(self.tr("Pessoas deste caixa"))
        style_table(self._table, _ROW_HEIGHT)
        set_headings(self._table, [self.tr("Nome"), self.tr("O que faz")], amounts=set())
        self._message = Notice("peopleMessage")
        self._second_press = SecondPress(self._message)
        self._add = ActionButton("peopleAdd", self.tr("Nova pessoa"), action=self._open_new)
        self._change = ActionButton("peopleChange", self.tr("Mudar PIN ou função"), action=self._open_selected)
        remove = self.tr("Tirar da lista")
        self._remove = ActionButton("peopleRemove", remove, action=self._remove_selected, look="dangerGhost")
        self._forgot = ActionButton("peopleForgot", self.tr("Esqueci o PIN"), action=self._open_reset, look="ghost")
        limit = self.bind("refund_limit", MoneyField("settingsRefundLimit"))
        limit.setPlaceholderText(self.tr("sem limite"))
        reward_limit = self.bind("reward_limit", MoneyField("settingsRewardLimit"))
        reward_limit.setPlaceholderText(self.tr("sem limite"))
        self._minutes = self.bind("lock_after", combo_box("settingsLockAfter", []))
        self._set_minutes(_MINUTES)
        add_all(
            self.inside,
            self._state,
            self._table,
            button_row(self._add, self._change, self._remove),
            self._message,
            button_row(self._forgot),
            captions_left(
                (self.tr("Devolução acima disto, no mesmo pedido, só com o responsável"), limit),
                (self.tr("Benefício acima disto só com o responsável"), reward_limit),
                (self.tr("Perguntar de novo quem está no caixa depois de"), self._minutes),
            ),
        )
        client.sessionChanged.connect(self._show_session)
        self._show_session(client.session)

    # --- saved with the settings

    def show_values(self, current: CurrentSettings) -> None:
        self._set_minutes(sorted({*_MINUTES, current.settings.lock_after}))
        super().show_values(current)

    def _set_minutes(self, minutes: Sequence[int]) -> None:
        self._minutes.clear()
        for number in minutes:
            self._minutes.addItem(self.tr("%n minuto(s)", "", number), number)

    # --- staff

    @Slot(object)
    def _show_session(self, session: Session) -> None:
        self._people = session.people
        self._state.setText(self._state_text(session))
        self._table.setRowCount(len(self._people))
        for row, person in enumerate(self._people):
            self._table.setItem(row, 0, QTableWidgetItem(person.name))
            self._table.setItem(row, 1, QTableWidgetItem(role_name(person.role)))
        fit_rows(self._table, _MAX_ROWS)
        for widget in (self._table, self._change, self._remove):
            widget.setVisible(bool(self._people))
        self._forgot.setVisible(session.requires_approval)
        self._add.setEnabled(not session.is_unreadable)
        self._minutes.setEnabled(session.requires_sign_in)

    def _state_text(self, session: Session) -> str:
        if session.is_unreadable:
            return self.tr(
                "A lista de pessoas deste caixa sumiu ou está danificada: ninguém pode autorizar nada. "
                "O dono inclui um responsável de novo em “Esqueci o PIN”."
            )
        if not session.requires_approval:
            return self.tr(
                "Sem pessoas na lista, quem está na frente do computador pode tudo: cancelar, decidir, mudar ajustes. "
                "Comece pelo responsável."
            )
        if not session.requires_sign_in:
            return self.tr(
                "O que é do responsável pede o PIN dele a cada vez. Inclua os caixas para o programa perguntar "
                "quem está trabalhando."
            )
        return self.tr("O programa pergunta quem está no caixa, e o que é do responsável pede o PIN dele a cada vez.")

    def _selected(self) -> Person | None:
        row = self._table.currentRow()
        return self._people[row] if 0 <= row < len(self._people) else None

    @Slot()
    def _open_new(self) -> None:
        self._message.clear()
        PersonDialog(self._client, None, Role.CASHIER if self._people else Role.MANAGER, self).open()

    @Slot()
    def _open_selected(self) -> None:
        person = self._selected()
        if person is not None:
            self._message.clear()
            PersonDialog(self._client, person, person.role, self).open()

    @Slot()
    def _open_reset(self) -> None:
        self._message.clear()
        PinResetDialog(self._client, self).open()

    @Slot()
    def _remove_selected(self) -> None:
        person = self._selected()
        if person is None:
            return
        question = Message(
            "warning",
            self.tr("Tirar {0} da lista?").format(person.name),
            self.tr("O que já foi registrado continua com este nome."),
            self.tr("Para tirar, aperte o botão outra vez."),
        )
        if self._second_press.confirms(person.name, question):
            self._client.submit_with_approval(RemovePerson(person.name), self._removed, asker=self)

    def _removed(self, outcome: Outcome[None]) -> None:
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.clear()
