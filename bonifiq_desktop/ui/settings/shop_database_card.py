"""Settings card: the shop database that the tills of a shop share, its state, and what is known of each till."""

from PySide6.QtCore import QTimer, QTimerEvent, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QTableWidget, QTableWidgetItem, QWidget

from bonifiq_desktop.domain.shop_database import KnownTill, ShopDatabaseError, ShopDatabaseStatus
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import age_text, joined, short_date_and_time
from bonifiq_desktop.ui.messages.message import Message, join_sentences
from bonifiq_desktop.ui.messages.shop_database import NEEDS_BEGINNING, message_for_trouble, till_name
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.ui.widgets.second_press import SecondPress
from bonifiq_desktop.ui.widgets.tables import fit_rows, set_headings, style_table
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    BeginIncarnation,
    LeaveShopDatabase,
    Outcome,
    ReadShopDatabase,
    SyncShopDatabase,
)

_ROW_HEIGHT, _MAX_ROWS = 44, 6
_UPDATE_MS = 5000


class ShopDatabaseCard(QWidget):
    """Each change is in force at once, so that the card has nothing to save.

    `changed`: this till joined or left, and with it its name may have changed.
    """

    changed = Signal()

    def __init__(self, client: WorkerClient, *, training: bool) -> None:
        super().__init__()
        self._client = client
        self._training = training
        self._keyring_usable = False
        self._is_syncing = self._is_beginning = False
        self._about = paragraph("", "muted", "shopAbout")
        self._state = paragraph("", name="shopState")
        self._trouble = Notice("shopTrouble")
        self._message = Notice("shopMessage")
        for notice in (self._trouble, self._message):
            notice.fit_text()
        self._second_press = SecondPress(self._message)
        self._table = QTableWidget(0, 3)
        self._table.setObjectName("shopTills")
        self._table.setAccessibleName(self.tr("Os outros caixas da loja"))
        style_table(self._table, _ROW_HEIGHT)
        set_headings(
            self._table, [self.tr("Caixa"), self.tr("Última notícia"), self.tr("Falta receber")], amounts=set()
        )
        self._join = ActionButton(
            "shopJoin", self.tr("Entrar no banco da loja"), action=self._open_join, look="primary"
        )
        self._join.setEnabled(False)
        self._sync = ActionButton("shopSync", self.tr("Trocar agora"), action=self._sync_now)
        self._invite = ActionButton("shopInvite", self.tr("Convidar outro caixa"), action=self._open_invite)
        self._begin = ActionButton("shopBegin", self.tr("Começar de novo"), action=self._begin_anew, look="primary")
        self._leave = ActionButton("shopLeave", self.tr("Sair"), action=self._leave_shop, look="dangerGhost")
        frame, inside = card()
        add_all(
            inside,
            label(self.tr("Banco da loja"), "section"),
            self._about,
            self._state,
            self._trouble,
            self._table,
            button_row(self._join, self._sync, self._invite, self._begin, right=(self._leave,)),
            self._message,
        )
        lay_out(self, frame)
        client.shopDatabaseChanged.connect(self._show_last)
        self._show(client.shop_database)
        self.startTimer(_UPDATE_MS)

    def set_keyring_usable(self, *, usable: bool) -> None:
        """Whether a secret can be sealed here; otherwise the sheet asks for consent to a file.

        No sheet opens before this is known.
        """
        self._keyring_usable = usable
        self._join.setDisabled(self._training)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._second_press.withdraw()
        self._show_last()

    def timerEvent(self, event: QTimerEvent) -> None:
        """Let the ages grow while nothing is exchanged."""
        del event
        if self.isVisible():
            self._show_last()

    def _received(self, outcome: Outcome[ShopDatabaseStatus | None]) -> None:
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._show(outcome.value)

    @Slot()
    def _show_last(self) -> None:
        self._show(self._client.shop_database)

    # --- what is shown

    def _show(self, status: ShopDatabaseStatus | None) -> None:
        is_member = status is not None
        had_focus = any(button.hasFocus() for button in (self._join, self._sync, self._begin, self._leave))
        self._about.setText(
            self.tr("Os caixas contam um ao outro o que fizeram. Sem resposta do banco, cada um continua atendendo.")
            if is_member
            else self.tr(
                "Com mais de um caixa na loja, um banco de dados em comum mostra em cada um o que os outros "
                "devolveram. Um caixa sozinho não precisa dele."
            )
        )
        self._join.setVisible(not is_member)
        for part in (self._state, self._sync, self._invite, self._leave):
            part.setVisible(is_member)
        needs_beginning = status is not None and status.trouble in NEEDS_BEGINNING
        self._begin.setVisible(needs_beginning)
        self._table.setVisible(status is not None and bool(status.tills))
        if status is None or status.trouble is None:
            self._trouble.clear()
        else:
            self._trouble.show_message(message_for_trouble(status.trouble, status.newer_till))
        if status is not None:
            self._state.setText(self._state_text(status))
            self._show_tills(status.tills)
        if had_focus and not self.isAncestorOf(QApplication.focusWidget() or self.window()):
            self._take_focus()  # the button that had it is hidden now

    def _take_focus(self) -> None:
        (self._sync if self._sync.isVisible() else self._join).setFocus()

    def _state_text(self, status: ShopDatabaseStatus) -> str:
        at = status.synced_at
        exchanged = (
            self.tr("Última troca: {0}, {1}.").format(short_date_and_time(at), age_text(at))
            if at is not None
            else self.tr("Ainda não trocou nada.")
        )
        waiting = self.tr("%n registro(s) deste caixa a mandar.", "", status.unpushed) if status.unpushed else ""
        named = joined(status.shop, self.tr("aqui é o {0}").format(till_name(status.till)))
        return "\n".join((named, " ".join(filter(None, (exchanged, waiting)))))

    def _show_tills(self, tills: tuple[KnownTill, ...]) -> None:
        self._table.setRowCount(len(tills))
        for row, known in enumerate(tills):
            missing = self.tr("%n registro(s)", "", known.pending) if known.pending else self.tr("nada")
            for column, text in enumerate((till_name(known.till), age_text(known.heard_at), missing)):
                self._table.setItem(row, column, QTableWidgetItem(text))
        fit_rows(self._table, _MAX_ROWS)

    # --- actions

    @Slot()
    def _open_join(self) -> None:
        from bonifiq_desktop.ui.settings.join_sheet import JoinSheet  # needed once in the life of a till

        self._message.clear()
        sheet = JoinSheet(self._client, self, keyring_usable=self._keyring_usable)
        sheet.joined.connect(self._joined)
        sheet.open()

    @Slot(object)
    def _joined(self, status: ShopDatabaseStatus) -> None:
        self._show(status)
        self._take_focus()
        self.changed.emit()
        self._message.say(
            "success",
            self.tr("Este caixa entrou no banco da loja."),
            self.tr("O que os outros fizeram chega agora, aos poucos; pode levar alguns minutos."),
        )

    @Slot()
    def _open_invite(self) -> None:
        from bonifiq_desktop.ui.settings.invite_sheet import InviteSheet  # needed once for each till of the shop

        self._message.clear()
        sheet = InviteSheet(self._client, self)
        sheet.invited.connect(self._invited)
        sheet.open()

    @Slot(str)
    def _invited(self, till: str) -> None:
        self._message.say(
            "success",
            self.tr("Convite feito para o {0}.").format(till_name(till)),
            self.tr("Ele entra com o arquivo e o código nas próximas 24 horas."),
        )

    @Slot()
    def _sync_now(self) -> None:
        if self._is_syncing:
            return
        self._is_syncing = True  # not disabled: the focus would go to another button
        self._message.say("info", self._syncing_text())
        self._client.submit(SyncShopDatabase(), self._synced)

    def _syncing_text(self) -> str:
        return self.tr("Trocando com o banco da loja…")

    def _synced(self, outcome: Outcome[None]) -> None:
        self._is_syncing = False
        if outcome.error is not None and not isinstance(outcome.error, ShopDatabaseError):
            self._message.show_message(message_for_error(outcome.error))
            return
        if self._message.text() == self._syncing_text():  # a question that was asked meanwhile stays
            self._message.clear()
        if outcome.error is None:  # else the state that was published before says it
            self._client.submit(ReadShopDatabase(), self._received)

    @Slot()
    def _begin_anew(self) -> None:
        if self._is_beginning:
            return
        question = Message(
            "warning",
            self.tr("Começar de novo com o histórico deste PC?"),
            self.tr("Este caixa conta outra vez todo o seu histórico ao banco da loja. Nada é enviado ao BonifiQ."),
            self.tr(
                "Antes, veja se outro PC usa o mesmo nome de caixa: dê um nome a cada um. Para começar, aperte o "
                "botão outra vez."
            ),
        )
        if self._confirmed("begin", question):
            self._is_beginning = True
            self._client.submit_with_approval(BeginIncarnation(), self._begun, asker=self)

    def _begun(self, outcome: Outcome[ShopDatabaseStatus]) -> None:
        self._is_beginning = False
        if outcome.value is None:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        self._show(outcome.value)
        self._message.say("success", self.tr("Começado de novo: a troca continua."))

    @Slot()
    def _leave_shop(self) -> None:
        status = self._client.shop_database
        effect = self.tr(
            "O histórico deste caixa fica. O que os outros caixas fizeram some daqui, e eles deixam de ver o que "
            "este fizer."
        )
        if status is not None and status.trouble is not None and status.unpushed:
            untold = self.tr("%n registro(s) deste caixa nunca chegarão aos outros.", "", status.unpushed)
            effect = join_sentences(effect, untold)
        question = Message(
            "warning", self.tr("Sair do banco da loja?"), effect, self.tr("Para sair, aperte o botão outra vez.")
        )
        if self._confirmed("leave", question):
            self._client.submit_with_approval(LeaveShopDatabase(), self._left, asker=self)

    def _left(self, outcome: Outcome[None]) -> None:
        if outcome.error is not None:
            self._message.show_error(outcome.error)
            return
        self._show(None)
        self.changed.emit()
        self._message.say(
            "success",
            self.tr("Este caixa saiu do banco da loja."),
            action=self.tr("Lá ele continua na lista dos caixas até o suporte retirá-lo."),
        )

    def _confirmed(self, what: str, question: Message) -> bool:
        """Whether this press answers the question; otherwise it is asked, in sight also on a small screen."""
        is_confirmed = self._second_press.confirms(what, question)
        if not is_confirmed:
            QTimer.singleShot(0, self, self._show_message)
        return is_confirmed

    @Slot()
    def _show_message(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self._message)
