"""All in the window behind its first screen: the other screens, the notices, the lock, and what the worker tells.

Made in pieces once the window is painted, so that no key waits for it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ui.access.lock import WindowLock
from bonifiq_desktop.ui.access.sign_in_page import SignInPage
from bonifiq_desktop.ui.close_dialog import CloseDialog
from bonifiq_desktop.ui.help.user_guide import HelpButton
from bonifiq_desktop.ui.history.page import HistoryScreen
from bonifiq_desktop.ui.lookup.scan_dialog import ScanDialog, close_dialogs, has_unsaved_dialog
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import operation_line
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_contradiction, message_for_operation
from bonifiq_desktop.ui.messages.pc_notices import PcNotices
from bonifiq_desktop.ui.recovery.page import RecoveryPage
from bonifiq_desktop.ui.sale.page import SalePage
from bonifiq_desktop.ui.settings.page import SettingsPage
from bonifiq_desktop.ui.theme import apply_style, is_dark, set_variant
from bonifiq_desktop.ui.update_notice import UpdateNotice
from bonifiq_desktop.ui.widgets.banner import Banner, OutcomeBanner
from bonifiq_desktop.ui.widgets.labels import KeyButton
from bonifiq_desktop.ui.widgets.scan_guard import ScanGuard
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings, LedgerUnavailable, Status

if TYPE_CHECKING:
    from bonifiq_desktop.ui.main_window import MainWindow


class Interior(QObject):
    """Made by calling `make_next` until `is_whole`; only then is anything else of it there."""

    sale: SalePage
    history: HistoryScreen
    settings: SettingsPage
    rescue: RecoveryPage
    lock: WindowLock

    def __init__(self, window: "MainWindow", client: WorkerClient, *, training: bool) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._training = training
        self._greeted = training
        self._unfinished: Status | None = None
        ScanGuard(window).scanned.connect(self.take_scan)
        self._screens: dict[str, QWidget] = {"navLookup": window.lookup}
        self._left_to_make: deque[Callable[[], object]] = deque(
            [
                lambda: window.lookup.result,
                self._make_notices,
                self._make_lock,
                self._make_rescue,
                self._make_sale,
                self._make_history,
                self._make_settings,
                lambda: self._add_screen("navSale", self.sale),
                lambda: self._add_screen("navHistory", self.history),
                lambda: self._add_screen("navSettings", self.settings),
                self._listen,
            ]
        )

    # --- making

    @property
    def is_whole(self) -> bool:
        """Whether everything is there."""
        return not self._left_to_make

    def make_next(self) -> bool:
        """Make the next piece; False when there is none left."""
        if self._left_to_make:
            self._left_to_make.popleft()()
        return not self.is_whole

    def _make_notices(self) -> None:
        self._stopped = Banner("workerMessage")
        self._broken = Banner("ledgerMessage")
        self._to_rescue = KeyButton(
            "rescueOpen", self.tr("Ver o que fazer"), "F10", look="dangerMain", has_shortcut=True
        )
        self._to_rescue.clicked.connect(self._show_rescue)
        self._to_rescue.hide()
        self._notice = Banner("operationNotice")
        self._fault = Banner("faultNotice")
        row = QWidget()  # a bare layout whose widgets are all hidden makes Qt give its neighbours half of the window
        trouble = QHBoxLayout(row)
        trouble.setContentsMargins(0, 0, 24, 0)
        trouble.setSpacing(12)
        notices = self._window.notices
        notices.addWidget(self._stopped)
        notices.addWidget(row)
        trouble.addWidget(self._broken, 1)
        trouble.addWidget(self._to_rescue)
        notices.addWidget(self._notice)
        notices.addWidget(self._fault)
        of_the_pc = PcNotices(self._client, self)
        notices.addWidget(of_the_pc.draft_banner)
        notices.addWidget(of_the_pc.clock_banner)

    def _make_lock(self) -> None:
        self.lock = WindowLock(self._client, self._window)
        self._lock_page = SignInPage(self._client)
        self._window.front.addWidget(self._lock_page)
        self._present = KeyButton(
            "presentPerson", self.tr("Sair do caixa"), "Ctrl+L", look="present", has_shortcut=True
        )
        self._present.hide()
        self._present.clicked.connect(self.lock.sign_out)
        self._update = UpdateNotice(self._client)
        bar = self._window.side_bar
        for widget in (self._update, self._present, HelpButton(self._window)):
            bar.insertWidget(bar.indexOf(self._window.pending), widget)

    def _make_rescue(self) -> None:
        self.rescue = RecoveryPage(self._client)
        self._window.pages.addWidget(self.rescue)

    def _make_sale(self) -> None:
        self.sale = SalePage(self._client)

    def _make_history(self) -> None:
        self.history = HistoryScreen(self._client)

    def _make_settings(self) -> None:
        self.settings = SettingsPage(self._client, training=self._training)

    def _add_screen(self, name: str, page: QWidget) -> None:
        self._screens[name] = page
        self._window.pages.addWidget(page)

    def _listen(self) -> None:
        desk = self._client
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self.settings.settingsChanged.connect(self._setup_changed)
        desk.statusChanged.connect(self._status_changed)
        desk.workerCrashed.connect(self._worker_ended)
        desk.ledgerUnavailable.connect(self._ledger_broken)
        desk.sessionChanged.connect(self._attendance_changed)
        self.lock.changed.connect(self._lock_changed)
        for name, button in self._window.navigation.items():
            button.toggled.connect(partial(self._toggled, name))
        desk.operationChanged.connect(self._operation_changed)
        self.settings.load()

    @Slot()
    def _dress(self) -> None:
        apply_style(self._window, dark=is_dark())

    # --- going from screen to screen

    def go_to(self, name: str) -> None:
        """A person goes to a screen, named by its button, and has read what was said quietly."""
        self._fault.clear()
        self.show_screen(name)

    def show_screen(self, name: str) -> None:
        """Show a screen, named by its button; none while the window is locked."""
        if self.lock.is_locked:
            return
        self._window.navigation[name].setChecked(True)
        self._window.pages.setCurrentWidget(self._screens[name])
        self._to_rescue.setVisible(self._broken.isVisibleTo(self._window))
        if name == "navHistory":
            self._notice.clear()
        if name == "navSettings":
            self._update.dismiss()
        if name == "navLookup":
            self._window.lookup.take_focus()

    def _toggled(self, name: str, chosen: bool) -> None:
        """A screen reader chooses a screen without a click."""
        if chosen and self._window.pages.currentWidget() is not self._screens[name]:
            self.show_screen(name)

    @Slot(str)
    def take_scan(self, code: str) -> None:
        """Look up a code that was scanned anywhere; ask first when a dialog is open that holds something typed."""
        if self._window.interior.lock.is_locked:  # made whole by that, if the scan came early
            return
        asking = self._window.findChild(ScanDialog)
        if asking is not None and asking.isVisible():
            asking.ask_about(code)
        elif has_unsaved_dialog(self._window):
            over = QApplication.activeModalWidget() or self._window
            question = ScanDialog(self._client, code, over)
            question.chosen.connect(self._look_up_scan)
            question.rejected.connect(over.activateWindow)
            question.open()
        else:
            self._look_up_scan(code)

    @Slot(str)
    def _look_up_scan(self, code: str) -> None:
        if close_dialogs(self._window):
            self.show_screen("navLookup")
            self._window.lookup.look_up_code(code)

    @Slot()
    def _show_rescue(self) -> None:
        for button in self._window.navigation.values():  # none of its screens is shown
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)
        self._window.pages.setCurrentWidget(self.rescue)
        self._to_rescue.hide()

    # --- who is there

    @Slot(object)
    def _setup_changed(self, setup: CurrentSettings) -> None:
        self.sale.set_setup(setup)
        self.lock.set_idle_minutes(setup.settings.lock_after)
        if (setup.shop_unconfirmed or not setup.has_key) and not self._greeted:
            if not setup.keyring_timed_out:  # then there is a pair, and nothing that a cashier could fill in
                self.show_screen("navSettings")
            self.settings.show_welcome()
        self._greeted = True

    @Slot(object)
    def _attendance_changed(self, attendance: Session) -> None:
        self._lock_page.show_people(attendance)
        self._present.setVisible(attendance.asks)
        if attendance.present is not None:
            self._present.set_label(self.tr("{0}: sair").format(attendance.present.name))

    @Slot()
    def _lock_changed(self) -> None:
        self._window.front.setCurrentIndex(1 if self.lock.is_locked else 0)
        if not self.lock.is_locked and self._window.pages.currentWidget() is self._window.lookup:
            self._window.lookup.take_focus()

    # --- what the worker tells

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        if self._broken.text():
            self._ledger_mended()
        self.history.set_status(status)
        for banner in self._window.findChildren(OutcomeBanner):
            banner.set_status(status)
        self._unfinished = status if status.pending or status.review else None
        self._say_link(*self._link_words(status))
        counts = []
        if status.contradictions:
            counts.append(self.tr("%n registro(s) para conferir no BonifiQ", "", status.contradictions))
        if status.review:
            counts.append(self.tr("%n registro(s) esperam decisão", "", status.review))
        if status.pending_for_other_shop:
            counts.append(
                self.tr("%n registro(s) de outra loja ou endereço esperam", "", status.pending_for_other_shop)
            )
        if status.pending > status.pending_for_other_shop:
            counts.append(self.tr("%n registro(s) em andamento", "", status.pending - status.pending_for_other_shop))
        self._window.pending.setText("\n".join(counts) or self.tr("Nada pendente"))
        is_bad = status.review or status.contradictions
        set_variant(self._window.pending, tone="danger" if is_bad else "warning" if status.pending else "neutral")

    def _say_link(self, text: str, tone: str) -> None:
        self._window.link.setText(f"● {text}")
        set_variant(self._window.link, tone=tone)

    def _link_words(self, status: Status) -> tuple[str, str]:
        if status.stopped_by_credentials:
            return self.tr("Token ou chave recusados: envio parado. Veja Ajustes (F9)."), "danger"
        if status.shop_unconfirmed:
            return self.tr("Token novo: falta dizer de que loja é (F9)"), "danger"
        return {
            ConnectionStatus.OPENING: (self.tr("Esperando o cofre de senhas deste computador…"), "neutral"),
            ConnectionStatus.NOT_SET_UP: (self.tr("Falta configurar (F9)"), "danger"),
            ConnectionStatus.UNTRIED: (self.tr("Pronto"), "neutral"),
            ConnectionStatus.ONLINE: (self.tr("Conectado ao BonifiQ"), "success"),
            ConnectionStatus.OFFLINE: (self.tr("Sem conexão com o BonifiQ"), "danger"),
            ConnectionStatus.CREDENTIALS: (self.tr("Token ou chave recusados (F9)"), "danger"),
            ConnectionStatus.TROUBLE: (self.tr("Sem resposta clara do BonifiQ"), "danger"),
        }[status.connection]

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        """Bad news about what is no longer in sight must not pass unseen."""
        if operation.contradicted:
            self._notify(operation, message_for_contradiction(operation))
            return
        if operation.state not in {State.REFUSED, State.REVIEW}:
            return
        for banner in self._window.findChildren(OutcomeBanner):
            shown = banner.operation
            if banner.isVisible() and shown is not None and shown.operation_id == operation.operation_id:
                return
        self._notify(operation, replace(message_for_operation(operation), action=self.tr("Veja no Histórico (F4).")))

    def _notify(self, operation: Operation, words: Message) -> None:
        title = f"{operation_line(operation)}  ·  {operation.order_id}: {words.title}"
        self._notice.show_message(replace(words, title=title))

    @Slot(object)
    def _ledger_broken(self, broken: LedgerUnavailable) -> None:
        if broken.options is not None and self._broken.text():  # known already; whoever went elsewhere stays there
            self.rescue.show_options(broken)
            return
        self._broken.show_message(message_for_error(broken.error))
        self._window.pending.setText(self.tr("Histórico fora de uso"))
        set_variant(self._window.pending, tone="danger")
        self._say_link(self.tr("Nada é enviado por enquanto"), "danger")
        self.rescue.show_options(broken)
        self._show_rescue()

    def _ledger_mended(self) -> None:
        self._broken.clear()
        self.rescue.clear_name()
        self._window.lookup.clear()  # another history may know another rest
        self.show_screen("navLookup")
        self.settings.load()

    @Slot(object)
    def _worker_ended(self, error: Exception) -> None:
        words = message_for_error(error)
        self._stopped.show_message(words)
        self._say_link(self.tr("Parado: feche e abra o programa"), words.tone)

    def tell_of_fault(self) -> None:
        """The last run died: say so once, until somebody goes on working."""
        self._fault.show_message(
            Message(
                "info",
                self.tr("O programa foi fechado de repente da última vez."),
                self.tr("O que já estava registrado continua guardado; o que estava pendente segue sozinho."),
                self.tr("Um relatório foi salvo; o suporte pode pedir o arquivo em Ajustes (F9)."),
            )
        )

    # --- leaving

    def may_close(self) -> bool:
        """Whether the window may close now; if something is unfinished, a person is asked first."""
        self.sale.save_draft()
        if self._unfinished is None or self._window.leaving:
            return True
        if self._window.findChild(CloseDialog) is None:
            dialog = CloseDialog(self._unfinished.pending, self._unfinished.review, self._window)
            dialog.accepted.connect(self._window.leave)
            dialog.rejected.connect(self._window.activateWindow)
            dialog.open()
        return False
