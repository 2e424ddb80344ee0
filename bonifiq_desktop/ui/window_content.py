"""Everything in the main window behind its first screen: pages, notices, lock, and the reactions to the worker.

Loaded after the first paint, because the imports and widgets of the pages take longer than the paint itself.
"""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ledger.history_filter import Waiting
from bonifiq_desktop.ui.access.lock import WindowLock
from bonifiq_desktop.ui.access.sign_in_page import SignInPage
from bonifiq_desktop.ui.appearance import AppearanceControl
from bonifiq_desktop.ui.assistance import Assistance
from bonifiq_desktop.ui.close_dialog import CloseDialog
from bonifiq_desktop.ui.day.page import DayPage
from bonifiq_desktop.ui.help.user_guide import HelpButton
from bonifiq_desktop.ui.history.page import HistoryPage
from bonifiq_desktop.ui.lookup.scan_dialog import ScanDialog, close_dialogs, has_unsaved_input
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.notices import Notices
from bonifiq_desktop.ui.person_button import PersonButton
from bonifiq_desktop.ui.recovery.page import RecoveryPage
from bonifiq_desktop.ui.sale.page import SalePage
from bonifiq_desktop.ui.settings.first_start import FirstStartPage
from bonifiq_desktop.ui.settings.page import SettingsPage
from bonifiq_desktop.ui.widgets.banner import OutcomeBanner
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings, LedgerUnavailable, Status

if TYPE_CHECKING:
    from bonifiq_desktop.ui.main_window import MainWindow


class WindowContent(QObject):
    """The pages `sale`, `history`, `day`, `settings` and `recovery`, the `lock` and the `notices`.

    The pages that few starts need (`recovery`, `first_start`, `sign_in`) are made when they are used first.
    """

    practiceRequested = Signal()

    def __init__(self, window: "MainWindow", client: WorkerClient, *, training: bool, appearance: Path) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self.appearance = AppearanceControl(window, appearance)
        self.assistance = Assistance(window, self.appearance)
        self._welcomed = training
        self._status: Status | None = None
        window.lookup.load_views()
        self.notices = Notices(client)
        self.lock = WindowLock(client, window)
        self.sale = SalePage(client)
        self.history = HistoryPage(client)
        self.day = DayPage(client)
        self.settings = SettingsPage(client, training=training)
        self._person = PersonButton()
        self._person.hide()
        self._pages = {
            "navLookup": window.lookup,
            "navSale": self.sale,
            "navHistory": self.history,
            "navDay": self.day,
            "navSettings": self.settings,
        }
        self._arrange()
        self._connect()
        self.settings.load()

    def _arrange(self) -> None:
        window = self._window
        window.page_layout.insertWidget(0, self.notices)
        for page in (self.sale, self.history, self.day, self.settings):
            window.pages.addWidget(page)
        window.side_bar.add_below(HelpButton(window), self._person)
        window.side_bar.show_icons()
        window.status_strip.start()

    def _connect(self) -> None:
        client = self._client
        client.statusChanged.connect(self._status_changed)
        client.shopDatabaseChanged.connect(self._window.status_strip.show_shop_database)
        client.workerCrashed.connect(self._worker_crashed)
        client.ledgerUnavailable.connect(self._ledger_unavailable)
        client.sessionChanged.connect(self._session_changed)
        self.settings.settingsChanged.connect(self._settings_changed)
        self.lock.changed.connect(self._lock_changed)
        self.appearance.changed.connect(self._window.side_bar.restyle)
        self._connect_set_up(self.settings)
        self._person.appearanceChosen.connect(lambda: self.show_settings("appearance"))
        self._person.leaving.connect(self.lock.sign_out)
        self._window.side_bar.pendingChosen.connect(self._show_pending)
        self.notices.recoveryRequested.connect(self._show_recovery)
        self.notices.printing.settingsWanted.connect(lambda: self.show_settings("printer"))
        self._window.lookup.pageWanted.connect(self.show_page)
        self._window.lookup.checkoutChosen.connect(self._continue_checkout)
        self.assistance.scanned.connect(self.take_scan)
        self.sale.openRequested.connect(self._look_up)
        self.history.orderRequested.connect(self._look_up)
        self.day.orderRequested.connect(self._look_up)
        self.day.historyRequested.connect(self._show_history)
        self.day.homeRequested.connect(self._show_home)
        for name, button in self._window.side_bar.buttons.items():
            button.toggled.connect(partial(self._button_toggled, name))

    def _connect_set_up(self, page: SettingsPage | FirstStartPage) -> None:
        page.practiceRequested.connect(self.practiceRequested)
        page.appearanceChosen.connect(self._choose_appearance)
        self.appearance.changed.connect(page.show_appearance)
        page.show_appearance(self.appearance.current)

    # --- pages

    @cached_property
    def recovery(self) -> RecoveryPage:
        page = RecoveryPage(self._client)
        self._window.pages.addWidget(page)
        return page

    @cached_property
    def sign_in(self) -> SignInPage:
        page = SignInPage(self._client)
        self._window.front.addWidget(page)
        return page

    @cached_property
    def first_start(self) -> FirstStartPage:
        page = FirstStartPage(self._client)
        self._window.pages.addWidget(page)
        self._connect_set_up(page)
        page.settingsSaved.connect(self.settings.load)
        page.finished.connect(self._finish_first_start)
        return page

    def go_to(self, name: str) -> None:
        """Show the page of a side-bar button that was pressed. F2 on its own page leaves an open refund or cancel."""
        self.notices.last_crash.clear()
        if name == "navLookup" and self._window.pages.currentWidget() is self._window.lookup:
            self._window.lookup.leave_operation()
        self.show_page(name)

    def show_page(self, name: str) -> None:
        """Show the page of a side-bar button, by the button's object name; a locked window shows none."""
        if self.lock.is_locked:
            return
        self._window.side_bar.buttons[name].setChecked(True)
        self._window.pages.setCurrentWidget(self._pages[name])
        self._window.show_title(self._window.side_bar.buttons[name].text())
        self.notices.offer_recovery(offered=True)
        if name == "navHistory":
            self.notices.operation.clear()
        elif name == "navDay":
            self.day.open()
        elif name == "navSettings":
            self._window.side_bar.dismiss_update()
            self.settings.open()
        elif name == "navLookup":
            self._window.lookup.take_focus()

    def _button_toggled(self, name: str, checked: bool) -> None:
        """Show a page whose button a screen reader checked without a click."""
        self._window.side_bar.buttons[name].show_icon()
        if checked and self._window.pages.currentWidget() is not self._pages[name]:
            self.show_page(name)

    @Slot(str)
    def _continue_checkout(self, checkout_id: str) -> None:
        self.show_page("navSale")
        self.sale.continue_checkout(checkout_id)

    @Slot()
    def _show_pending(self) -> None:
        """Open the list of what is unfinished; what a person must decide comes first."""
        status = self._status
        self.go_to("navHistory")
        if status is not None and not self.lock.is_locked:
            needs_person = status.review or status.contradictions
            self.history.show_waiting(
                Waiting.PERSON if needs_person else Waiting.PENDING if status.pending else Waiting.ANYTHING
            )

    @Slot()
    def _show_home(self) -> None:
        self.show_page("navLookup")
        self._window.lookup.clear()

    @Slot(Waiting, str)
    def _show_history(self, waiting: Waiting, search: str) -> None:
        self.show_page("navHistory")
        self.history.show_waiting(waiting, search)

    @Slot()
    def _show_recovery(self) -> None:
        self._window.side_bar.uncheck_all()
        self._window.pages.setCurrentWidget(self.recovery)
        self._window.show_title(self.tr("Histórico fora de uso"))
        self.notices.offer_recovery(offered=False)

    @Slot(str)
    def take_scan(self, code: str) -> None:
        """Look a scanned code up; ask first where a dialog holds unsaved input. A locked window ignores the code."""
        if self.lock.is_locked:
            self.assistance.ignore_scan(self.tr("Leitura ignorada: entre no caixa primeiro."))
            return
        open_dialog = self._window.findChild(ScanDialog)
        if open_dialog is not None and open_dialog.isVisible():
            open_dialog.ask_about(code)
        elif QApplication.activeModalWidget() is not None:  # a file dialog, which would cover the question
            self.assistance.ignore_scan(self.tr("Leitura ignorada: feche primeiro a janela aberta."))
        elif has_unsaved_input(self._window):
            dialog = ScanDialog(self._client, code, self._window)
            dialog.chosen.connect(self._look_up)
            dialog.open()
        else:
            self._look_up(code)

    @Slot(str)
    def _look_up(self, code: str) -> None:
        if close_dialogs(self._window):
            self.show_page("navLookup")
            self._window.lookup.look_up_code(code)

    # --- settings and session

    @Slot(object)
    def _settings_changed(self, current: CurrentSettings) -> None:
        self.sale.form.use_settings(current)
        self.lock.set_idle_minutes(current.settings.lock_after)
        self._window.status_strip.set_till(current.settings.till)
        if "first_start" in vars(self):  # made already
            self.first_start.use_settings(current)
        if (current.shop_unconfirmed or not current.has_key) and not self._welcomed:
            self._welcome(current)
        self._welcomed = True

    def _welcome(self, current: CurrentSettings) -> None:
        """Show what a till without usable credentials needs."""
        if not (current.shop_unconfirmed or current.credentials_withheld or current.keyring_timed_out):
            self._show_first_start(current)
            return
        if not current.keyring_timed_out:  # then the credentials exist, and typing them again would not help
            self.show_page("navSettings")
        self.settings.show_welcome()

    def _show_first_start(self, current: CurrentSettings) -> None:
        """Show the steps, unless the person is on another page already."""
        if not self.lock.is_locked and self._window.pages.currentWidget() is self._window.lookup:
            self._window.side_bar.uncheck_all()
            self.first_start.use_settings(current)
            self._window.pages.setCurrentWidget(self.first_start)
            self._window.show_title(self.tr("Primeiro uso"))
            self.first_start.take_focus()

    @Slot()
    def _finish_first_start(self) -> None:
        self.show_page("navLookup")
        Toast.show_in(self._window, self.tr("Tudo pronto. Leia ou digite o primeiro pedido."))

    @Slot(dict)
    def _choose_appearance(self, changes: dict[str, object]) -> None:
        self.appearance.choose(**changes)

    @Slot(str)
    def show_settings(self, section: str) -> None:
        """Show a section of the settings page, unless the window is locked."""
        if not self.lock.is_locked:
            self.show_page("navSettings")
            self.settings.show_section(section)

    @Slot(object)
    def _session_changed(self, session: Session) -> None:
        if session.requires_sign_in:
            self.sign_in.show_people(session)
        self._person.setVisible(session.requires_sign_in)
        if session.current_user is not None:
            self._person.show_person(session.current_user.name)

    @Slot()
    def _lock_changed(self) -> None:
        if self.lock.is_locked:
            self._window.front.setCurrentWidget(self.sign_in)
            return
        self._window.front.setCurrentIndex(0)
        if self._window.pages.currentWidget() is self._window.lookup:
            self._window.lookup.take_focus()

    # --- the worker

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        if self.notices.shows_ledger_error:
            self._ledger_reopened()
        for banner in self._window.findChildren(OutcomeBanner):
            banner.set_status(status)
        self._status = status
        self._window.side_bar.show_status(status)
        self._window.status_strip.show_status(status)

    @Slot(object)
    def _ledger_unavailable(self, unavailable: LedgerUnavailable) -> None:
        is_known = self.notices.shows_ledger_error
        self.recovery.show_options(unavailable)
        if unavailable.options is not None and is_known:
            return  # the cashier may have left the recovery page, and stays where he is
        self.notices.ledger_error.show_error(unavailable.error)
        self._window.side_bar.pending.show_ledger_unavailable()
        self._window.status_strip.show_ledger_unavailable()
        self._show_recovery()

    def _ledger_reopened(self) -> None:
        self.notices.ledger_error.clear()
        self.recovery.clear_name()
        self._window.lookup.clear()  # the restored ledger may know other refunds of the order
        self.show_page("navLookup")
        self.settings.load()

    @Slot(object)
    def _worker_crashed(self, error: Exception) -> None:
        message = message_for_error(error)
        self.notices.worker_crash.show_message(message)
        self._window.status_strip.show_worker_crash(message.tone)

    # --- closing

    def may_close(self) -> bool:
        """Whether the window may close now. Unfinished operations open a question first."""
        self.sale.draft.flush()
        status = self._status
        if status is None or not (status.pending or status.review) or self._window.leaving:
            return True
        if self._window.findChild(CloseDialog) is None:
            dialog = CloseDialog(status.pending, status.review, self._window)
            dialog.accepted.connect(self._window.leave)
            dialog.rejected.connect(self._window.activateWindow)
            dialog.open()
        return False
