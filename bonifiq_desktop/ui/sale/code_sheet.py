"""Sheet in which the customer is identified by a one-time code, before a reward is used."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.domain.contacts import MAX_EMAIL, ContactError, read_email, read_phone
from bonifiq_desktop.domain.rewards import CodeChecked, CodeRequest, CodeSent
from bonifiq_desktop.ui.messages.codes import FIELD_CODES
from bonifiq_desktop.ui.messages.order_errors import quote_bonifiq
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain, is_enter
from bonifiq_desktop.ui.widgets.labels import label, set_invalid
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CheckCode, Outcome, SendCode

_WIDTH = 560
_MAX_CODE = 12  # characters; the API names no length
_RESEND_SECONDS = 60
"""Wait before another code can be asked for. The API names no limit; a message takes some seconds to arrive."""


class CodeSheet(Sheet):
    """Asks for a code at once. `confirmed`: the customer named the right one.

    A wrong code leaves the field open. `shows_test_code`: in training, where the code goes to no phone.
    """

    confirmed = Signal()

    def __init__(self, client: WorkerClient, request: CodeRequest, parent: QWidget, *, shows_test_code: bool) -> None:
        super().__init__(parent, "codeSheet", self.tr("Confirmar quem é o cliente"), _WIDTH)
        self._client = client
        self._request = request
        self._shows_test_code = shows_test_code
        self._is_checking = False
        self._seconds = 0
        self._asked_contact = ""
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._count_down)
        self._told = paragraph("", "", "codeTold")
        self._message = Notice("codeMessage")
        self._message.fit_text()
        self._contact = limited_text_field("codeContact", max_length=MAX_EMAIL)
        self._contact_name = label("", "figureName", "codeContactName")
        self._contact_name.setBuddy(self._contact)
        self._send = ActionButton("codeSend", self.tr("Enviar código"), "Enter", self._send_to_contact, tall=True)
        self._code = limited_text_field("rewardCode", self.tr("Código que o cliente recebeu"), _MAX_CODE)
        self._code.setProperty("look", "big")
        self._code_name = label(self.tr("Código que o cliente recebeu"), "figureName")
        self._code_name.setBuddy(self._code)
        self._resend = ActionButton("codeResend", "", action=self._send_again, look="ghost")
        self._confirm = ActionButton(
            "codeConfirm", self.tr("Confirmar"), "Enter", self._check, look="primary", icon="check", tall=True
        )
        self._code.textChanged.connect(self._code_edited)
        self._arrange()
        EnterChain(self, self._contact, self._send)
        self._code.installEventFilter(self)
        self._ask()

    def _arrange(self) -> None:
        back = ActionButton("codeBack", self.tr("Voltar"), "Esc", self.reject, tall=True)
        contact = QHBoxLayout()
        contact.setSpacing(px(8))
        contact.addWidget(self._contact, 1)
        contact.addWidget(self._send)
        self._contact_part = QWidget()
        lay_out(self._contact_part, self._contact_name, contact, spacing=px(4))
        again = QHBoxLayout()
        again.setSpacing(px(8))
        again.addWidget(self._code, 1)
        again.addWidget(self._resend)
        self._code_part = QWidget()
        lay_out(self._code_part, self._code_name, again, spacing=px(4))
        self.fill(
            paragraph(self.windowTitle(), "title"),
            self._told,
            self._message,
            self._contact_part,
            self._code_part,
            button_row(back, right=(self._confirm,)),
        )
        self._show_parts()

    # --- sending

    def _ask(self) -> None:
        self._tell(self.tr("Pedindo o código ao BonifiQ…"))
        self._seconds = 0
        self._resend.setEnabled(False)
        self._client.submit(SendCode(self._request), self._sent)

    def _sent(self, outcome: Outcome[CodeSent]) -> None:
        sent = outcome.value
        if sent is None:
            self._not_sent()
            if outcome.error is not None:
                self._message.show_error(outcome.error)
        elif sent.was_sent:
            self._was_sent(sent)
        elif sent.test_code and self._shows_test_code:
            self._was_sent(sent)
            self._tell(self.tr("Treinamento: nenhum código é enviado. Use {0}.").format(sent.test_code))
        elif (sent.asks_phone or sent.asks_email) and not self._asked_contact:
            self._ask_contact("phone" if sent.asks_phone else "email")
        else:
            self._not_sent()
            self._message.say(
                "warning",
                self.tr("O BonifiQ não enviou o código."),
                quote_bonifiq(sent.message),
                self.tr("Peça de novo, ou volte e registre a venda sem o benefício."),
                code="BENEF-24",
            )

    def _tell(self, text: str) -> None:
        self._told.setText(text)
        self._told.setVisible(bool(text))

    def _was_sent(self, sent: CodeSent) -> None:
        self._message.clear()
        if sent.by_sms and not sent.by_email:
            self._tell(self.tr("O cliente recebeu um código por SMS. Peça que ele diga o código."))
        elif sent.by_email and not sent.by_sms:
            self._tell(self.tr("O cliente recebeu um código por e-mail. Peça que ele diga o código."))
        else:
            self._tell(self.tr("O cliente recebeu um código. Peça que ele diga o código."))
        self._contact_part.hide()
        self._show_parts(code=True)
        self._seconds = _RESEND_SECONDS
        self._show_wait()
        self._timer.start()
        self._code.setFocus()

    def _not_sent(self) -> None:
        self._tell("")
        self._show_parts(code=True)
        self._show_wait()
        self._resend.setFocus()

    def _ask_contact(self, contact: str) -> None:
        """Ask for the contact that BonifiQ lacks, once."""
        self._asked_contact = contact
        is_phone = contact == "phone"
        self._tell(
            self.tr("O BonifiQ não tem o celular deste cliente.")
            if is_phone
            else self.tr("O BonifiQ não tem o e-mail deste cliente.")
        )
        name = self.tr("Celular com DDD") if is_phone else self.tr("E-mail")
        self._contact_name.setText(name)
        self._contact.setAccessibleName(name)
        self._show_parts(contact=True)
        self._contact.setFocus()

    @Slot()
    def _send_to_contact(self) -> None:
        is_phone = self._asked_contact == "phone"
        try:
            contact = (read_phone if is_phone else read_email)(self._contact.text())
        except ContactError:
            set_invalid(self._contact, wrong=True)
            self._message.say(
                "danger",
                self.tr("O telefone não parece certo: use DDD e número.")
                if is_phone
                else self.tr("O e-mail não parece certo."),
                code=FIELD_CODES["phone" if is_phone else "email"],
            )
            self._contact.setFocus()
            return
        set_invalid(self._contact, wrong=False)
        self._message.clear()
        asked = self._request
        self._request = replace(asked, phone=contact) if is_phone else replace(asked, email=contact)
        self._show_parts()
        self._ask()

    @Slot()
    def _send_again(self) -> None:
        self._message.clear()
        self._code.clear()
        self._ask()

    @Slot()
    def _count_down(self) -> None:
        self._seconds = max(0, self._seconds - 1)
        if not self._seconds:
            self._timer.stop()
        self._show_wait()

    def _show_wait(self) -> None:
        wait = self._seconds
        again = self.tr("Reenviar código")
        self._resend.set_label(f"{again}  {wait // 60}:{wait % 60:02}" if wait else again)
        self._resend.setEnabled(not wait)

    # --- the code

    def _show_parts(self, *, contact: bool = False, code: bool = False) -> None:
        self._contact_part.setVisible(contact)
        self._code_part.setVisible(code)
        self._confirm.setVisible(code)
        self._code_edited()

    @Slot()
    def _code_edited(self) -> None:
        set_invalid(self._code, wrong=False)
        self._confirm.setEnabled(bool(self._code.text().strip()) and not self._is_checking)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the field confirms: the code is typed to be checked, and a wrong one costs nothing."""
        if watched is self._code and is_enter(event):
            self._check()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _check(self) -> None:
        code = self._code.text().strip()
        if not code or self._is_checking:
            return
        self._set_checking(checking=True)
        self._message.clear()
        self._client.submit(CheckCode(self._request, code), self._checked)

    def _set_checking(self, *, checking: bool) -> None:
        self._is_checking = checking
        self._code.setReadOnly(checking)
        self._confirm.set_label(self.tr("Conferindo…") if checking else self.tr("Confirmar"))
        self._code_edited()

    def _checked(self, outcome: Outcome[CodeChecked]) -> None:
        self._set_checking(checking=False)
        if outcome.value is not None and outcome.value.is_right:
            self.accept()
            self.confirmed.emit()
            return
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            said = quote_bonifiq(outcome.value.message) if outcome.value is not None else ""
            self._message.say(
                "warning",
                self.tr("O código não confere."),
                said,
                self.tr("Confira com o cliente e digite de novo, ou reenvie."),
                code="BENEF-25",
            )
            set_invalid(self._code, wrong=True)
        self._code.setFocus()
        self._code.selectAll()


def is_in_training(window: QWidget) -> bool:
    """Whether the window bears the training mark."""
    mark = window.window().findChild(QWidget, "trainingMark")
    return mark is not None and mark.isVisibleTo(window.window())
