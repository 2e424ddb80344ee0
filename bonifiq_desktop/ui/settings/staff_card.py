"""The people of this till, in the settings: who is a cashier, who may allow things, and from when on."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.staff import Person, Role, Session
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.access.person_dialog import PersonDialog, PinResetDialog, role_name
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box
from bonifiq_desktop.ui.widgets.labels import KeyButton, card, label
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.tables import fit_rows, set_headings, style_table
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, RemovePerson

_ROW_HEIGHT = 34
_MAX_ROWS = 5
_MINUTES = (2, 5, 10, 15, 30, 60)


class StaffCard(QWidget):
    """Changes to people count at once; the limit and the minutes are saved with the other settings."""

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._people: tuple[Person, ...] = ()
        self._removal_to_confirm = ""
        self._state = label("", "muted", "peopleState")
        self._state.setWordWrap(True)
        self._table = _table()
        self._table.setAccessibleName(self.tr("Pessoas deste caixa"))
        set_headings(self._table, [self.tr("Nome"), self.tr("O que faz")], amounts=set())
        self._message = Banner("peopleMessage")
        self._add = KeyButton("peopleAdd", self.tr("Nova pessoa"))
        self._change = KeyButton("peopleChange", self.tr("Mudar PIN ou função"))
        self._remove = KeyButton("peopleRemove", self.tr("Tirar da lista"), look="danger")
        self._forgot = KeyButton("peopleForgot", self.tr("Esqueci o PIN"))
        self._add.clicked.connect(self._open_new)
        self._change.clicked.connect(self._open_chosen)
        self._remove.clicked.connect(self._remove_chosen)
        self._forgot.clicked.connect(self._open_reset)
        self._limit = MoneyField("settingsRefundLimit")
        self._limit.setPlaceholderText(self.tr("sem limite"))
        self._minutes = combo_box("settingsLockAfter", [])
        self._offer_minutes(_MINUTES)
        self._arrange()
        client.sessionChanged.connect(self._show_session)
        self._show_session(client.session)

    def _arrange(self) -> None:
        frame, inside = card()
        inside.addWidget(label(self.tr("Pessoas e PIN"), "section"))
        inside.addWidget(self._state)
        inside.addWidget(self._table)
        buttons = QHBoxLayout()
        for button in (self._add, self._change, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._forgot)
        inside.addLayout(buttons)
        inside.addWidget(self._message)
        inside.addLayout(
            captions_left(
                (self.tr("Devolução acima disto, no mesmo pedido, só com o responsável"), self._limit),
                (self.tr("Perguntar de novo quem está no caixa depois de"), self._minutes),
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    # --- what is saved with the settings

    @property
    def refund_limit(self) -> Cents:
        """Cents; 0: no limit."""
        return self._limit.value()

    @property
    def lock_after(self) -> int:
        """Minutes."""
        return int(self._minutes.currentData())

    def show_settings(self, settings: Settings) -> None:
        """Show what is in force."""
        self._limit.set_value(settings.refund_limit)
        self._offer_minutes(sorted({*_MINUTES, settings.lock_after}))
        self._minutes.setCurrentIndex(self._minutes.findData(settings.lock_after))

    def _offer_minutes(self, minutes: Sequence[int]) -> None:
        self._minutes.clear()
        for number in minutes:
            self._minutes.addItem(self.tr("%n minuto(s)", "", number), number)

    # --- people

    @Slot(object)
    def _show_session(self, attendance: Session) -> None:
        self._people = attendance.people
        self._state.setText(self._state_text(attendance))
        self._table.setVisible(bool(self._people))
        self._table.setRowCount(len(self._people))
        for row, person in enumerate(self._people):
            self._table.setItem(row, 0, QTableWidgetItem(person.name))
            self._table.setItem(row, 1, QTableWidgetItem(role_name(person.role)))
        fit_rows(self._table, _MAX_ROWS)
        self._change.setVisible(bool(self._people))
        self._remove.setVisible(bool(self._people))
        self._forgot.setVisible(attendance.managed)
        self._add.setEnabled(not attendance.lost)
        self._minutes.setEnabled(attendance.asks)

    def _state_text(self, attendance: Session) -> str:
        if attendance.lost:
            return self.tr(
                "A lista de pessoas deste caixa sumiu ou está danificada: ninguém pode autorizar nada. "
                "O dono inclui um responsável de novo em “Esqueci o PIN”."
            )
        if not attendance.managed:
            return self.tr(
                "Sem pessoas na lista, quem está na frente do computador pode tudo: cancelar, decidir, mudar ajustes. "
                "Comece pelo responsável."
            )
        if not attendance.asks:
            return self.tr(
                "O que é do responsável pede o PIN dele a cada vez. Inclua os caixas para o programa perguntar "
                "quem está trabalhando."
            )
        return self.tr("O programa pergunta quem está no caixa, e o que é do responsável pede o PIN dele a cada vez.")

    def _chosen(self) -> Person | None:
        row = self._table.currentRow()
        return self._people[row] if 0 <= row < len(self._people) else None

    def _open(self, person: Person | None) -> None:
        role = person.role if person else Role.CASHIER if self._people else Role.MANAGER
        self._message.clear()
        PersonDialog(self._client, person, role, self).open()

    @Slot()
    def _open_new(self) -> None:
        self._open(None)

    @Slot()
    def _open_chosen(self) -> None:
        person = self._chosen()
        if person is not None:
            self._open(person)

    @Slot()
    def _open_reset(self) -> None:
        self._message.clear()
        PinResetDialog(self._client, self).open()

    @Slot()
    def _remove_chosen(self) -> None:
        person = self._chosen()
        if person is None:
            return
        if self._removal_to_confirm != person.name:
            self._removal_to_confirm = person.name
            self._message.show_message(
                Message(
                    "warning",
                    self.tr("Tirar {0} da lista?").format(person.name),
                    self.tr("O que já foi registrado continua com este nome."),
                    self.tr("Para tirar, aperte o botão outra vez."),
                )
            )
            return
        self._removal_to_confirm = ""
        self._client.submit_with_approval(RemovePerson(person.name), self._removed, asker=self)

    def _removed(self, outcome: Outcome[None]) -> None:
        if outcome.error is not None:
            self._message.show_message(message_for_error(outcome.error))
        else:
            self._message.clear()


def _table() -> QTableWidget:
    table = QTableWidget(0, 2)
    table.setObjectName("peopleTable")
    style_table(table, _ROW_HEIGHT)
    return table
