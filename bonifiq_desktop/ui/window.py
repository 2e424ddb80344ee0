"""The main window: a bar with the screens and what is always known, and the screens."""

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from bonifiq_desktop.background.commands import LedgerBroken, Setup, Status
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.people import Attendance
from bonifiq_desktop.services.values import Link
from bonifiq_desktop.ui.formats import short_operation
from bonifiq_desktop.ui.history_page import HistoryScreen
from bonifiq_desktop.ui.leave_dialog import LeaveDialog
from bonifiq_desktop.ui.lock import Lock
from bonifiq_desktop.ui.lock_page import LockPage
from bonifiq_desktop.ui.lookup_page import LookupPage
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.outcomes import describe_contradiction, describe_operation
from bonifiq_desktop.ui.rescue_page import RescuePage
from bonifiq_desktop.ui.sale_page import SalePage
from bonifiq_desktop.ui.settings_page import SettingsPage
from bonifiq_desktop.ui.theme import set_look
from bonifiq_desktop.ui.update_notice import UpdateNotice
from bonifiq_desktop.ui.widgets.banner import Banner, OutcomeBanner
from bonifiq_desktop.ui.widgets.parts import KeyButton, label
from bonifiq_desktop.ui.words import describe

_SIDE_WIDTH = 210


class MainWindow(QMainWindow):
    """`training`: show the mark that nobody can miss. `painted` is told once, after the first full paint."""

    painted = Signal()

    def __init__(self, desk: Desk, *, training: bool) -> None:
        super().__init__()
        self._was_painted = False
        self._unfinished: Status | None = None
        self._leaving = False
        self.setObjectName("mainWindow")
        self.setWindowTitle(self.tr("BonifiQ Desktop — TREINAMENTO") if training else "BonifiQ Desktop")
        self.resize(1180, 720)
        self.setMinimumSize(900, 560)
        self.lookup = LookupPage(desk)
        self.sale = SalePage(desk)
        self.history = HistoryScreen(desk)
        self.settings = SettingsPage(desk, training=training)
        self._pages = QStackedWidget()
        self._navigation: list[QPushButton] = []
        self._link = label("", name="connectionStatus")
        self._link.setWordWrap(True)
        self._pending = label("", name="pendingCount")
        self._pending.setWordWrap(True)
        self.rescue = RescuePage(desk)
        self._stopped = Banner("workerMessage")
        self._broken = Banner("ledgerMessage")
        self._to_rescue = KeyButton("rescueOpen", self.tr("Ver o que fazer"), "F10", look="dangerMain", scope=self)
        self._to_rescue.clicked.connect(self._show_rescue)
        self._to_rescue.hide()
        self._notice = Banner("operationNotice")
        self.lock = Lock(desk, self)
        self._lock_page = LockPage(desk)
        self._front = QStackedWidget()
        self._present = KeyButton("presentPerson", self.tr("Sair do caixa"), "Ctrl+L", look="present", scope=self)
        self._present.clicked.connect(self.lock.leave)
        self._present.hide()
        self._fault = Banner("faultNotice")
        self._update = UpdateNotice(desk)
        self._greeted = training
        self._arrange(training=training)
        self.settings.setupChanged.connect(self._setup_changed)
        desk.statusChanged.connect(self._status_changed)
        desk.workerEnded.connect(self._worker_ended)
        desk.ledgerBroken.connect(self._ledger_broken)
        desk.attendanceChanged.connect(self._attendance_changed)
        self.lock.changed.connect(self._lock_changed)
        desk.operationChanged.connect(self._operation_changed)
        QShortcut(QKeySequence("Esc"), self).activated.connect(lambda: self._show_page(self.lookup))
        self.settings.load()

    def _arrange(self, *, training: bool) -> None:
        side = QWidget()
        side.setObjectName("sideBar")
        side.setFixedWidth(_SIDE_WIDTH)
        bar = QVBoxLayout(side)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(2)
        bar.addWidget(label("BonifiQ", name="programName"))
        for name, text, key, page in (
            ("navLookup", self.tr("Consultar"), "F2", self.lookup),
            ("navSale", self.tr("Nova venda"), "F3", self.sale),
            ("navHistory", self.tr("Histórico"), "F4", self.history),
            ("navSettings", self.tr("Ajustes"), "F9", self.settings),
        ):
            bar.addWidget(self._navigation_button(name, text, key, page))
        self._pages.addWidget(self.rescue)
        bar.addStretch(1)
        bar.addWidget(self._update)
        bar.addWidget(self._present)
        bar.addWidget(self._pending)
        bar.addWidget(self._link)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        trouble = QHBoxLayout()
        trouble.setContentsMargins(0, 0, 24, 0)
        trouble.setSpacing(12)
        trouble.addWidget(self._broken, 1)
        trouble.addWidget(self._to_rescue)
        right.addWidget(self._stopped)
        right.addLayout(trouble)
        right.addWidget(self._notice)
        right.addWidget(self._fault)
        right.addWidget(self._pages, 1)
        shop = QWidget()
        body = QHBoxLayout(shop)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(side)
        body.addLayout(right, 1)
        middle = QWidget()
        whole = QVBoxLayout(middle)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._training_mark(training=training))
        self._front.addWidget(shop)
        self._front.addWidget(self._lock_page)
        whole.addWidget(self._front, 1)
        self.setCentralWidget(middle)
        self._navigation[0].setChecked(True)

    def _training_mark(self, *, training: bool) -> QLabel:
        mark = label(
            self.tr("TREINAMENTO: nada aqui vale. Pedidos, clientes e pontos são de mentira."), name="trainingMark"
        )
        mark.setVisible(training)
        return mark

    def _navigation_button(self, name: str, text: str, key: str, page: QWidget) -> QPushButton:
        button = QPushButton(text)
        hint = QHBoxLayout(button)
        hint.setContentsMargins(0, 0, 14, 0)
        hint.addStretch(1)
        hint.addWidget(label(key))
        button.setObjectName(name)
        button.setProperty("look", "nav")
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setAccessibleName(text)
        self._pages.addWidget(page)
        button.toggled.connect(lambda chosen: self._pages.setCurrentWidget(page) if chosen else None)
        button.clicked.connect(lambda: self._go_to(page))
        QShortcut(QKeySequence(key), self).activated.connect(lambda: self._go_to(page))
        self._navigation.append(button)
        return button

    def _go_to(self, page: QWidget) -> None:
        """A person goes there, and has read what was said quietly."""
        self._fault.clear()
        self._show_page(page)

    def _show_page(self, page: QWidget) -> None:
        if self.lock.is_locked:
            return
        self._navigation[self._pages.indexOf(page)].setChecked(True)
        self._pages.setCurrentWidget(page)
        self._to_rescue.setVisible(self._broken.isVisibleTo(self))
        if page is self.history:
            self._notice.clear()
        if page is self.settings:
            self._update.was_read()
        if page is self.lookup:
            self.lookup.take_focus()

    @Slot(object)
    def _setup_changed(self, setup: Setup) -> None:
        self.sale.set_setup(setup)
        self.lock.set_minutes(setup.settings.lock_after)
        if not setup.has_key and not self._greeted:
            self._show_page(self.settings)
            self.settings.welcome()
        self._greeted = True

    @Slot(object)
    def _attendance_changed(self, attendance: Attendance) -> None:
        self._lock_page.show_people(attendance)
        self._present.setVisible(attendance.asks)
        if attendance.present is not None:
            self._present.set_label(self.tr("{0}: sair").format(attendance.present.name))

    @Slot()
    def _lock_changed(self) -> None:
        self._front.setCurrentIndex(1 if self.lock.is_locked else 0)
        if not self.lock.is_locked and self._pages.currentWidget() is self.lookup:
            self.lookup.take_focus()

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        if self._broken.text():
            self._ledger_mended()
        self._unfinished = status if status.pending or status.review else None
        text, tone = self._link_words(status)
        self._link.setText(f"● {text}")
        set_look(self._link, tone=tone)
        counts = []
        if status.contradicted:
            counts.append(self.tr("%n registro(s) para conferir no BonifiQ", "", status.contradicted))
        if status.review:
            counts.append(self.tr("%n registro(s) esperam decisão", "", status.review))
        if status.pending:
            counts.append(self.tr("%n registro(s) em andamento", "", status.pending))
        self._pending.setText("\n".join(counts) or self.tr("Nada pendente"))
        is_bad = status.review or status.contradicted
        set_look(self._pending, tone="danger" if is_bad else "warning" if status.pending else "neutral")

    def _link_words(self, status: Status) -> tuple[str, str]:
        if status.stopped_by_credentials:
            return self.tr("Token ou chave recusados: envio parado. Veja Ajustes (F9)."), "danger"
        return {
            Link.NOT_SET_UP: (self.tr("Falta configurar (F9)"), "danger"),
            Link.UNTRIED: (self.tr("Pronto"), "neutral"),
            Link.ONLINE: (self.tr("Ligado ao BonifiQ"), "success"),
            Link.OFFLINE: (self.tr("Sem ligação com o BonifiQ"), "danger"),
            Link.CREDENTIALS: (self.tr("Token ou chave recusados (F9)"), "danger"),
            Link.TROUBLE: (self.tr("Sem resposta clara do BonifiQ"), "danger"),
        }[status.link]

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        """Bad news about what is no longer in sight must not pass unseen."""
        if operation.contradicted:
            self._notify(operation, describe_contradiction(operation))
            return
        if operation.state not in {State.REFUSED, State.REVIEW}:
            return
        for banner in self.findChildren(OutcomeBanner):
            shown = banner.operation
            if banner.isVisible() and shown is not None and shown.operation_id == operation.operation_id:
                return
        self._notify(operation, replace(describe_operation(operation), to_do=self.tr("Veja no Histórico (F4).")))

    def _notify(self, operation: Operation, words: Words) -> None:
        title = f"{short_operation(operation)}  ·  {operation.order_id}: {words.title}"
        self._notice.say(replace(words, title=title))

    @Slot(object)
    def _ledger_broken(self, broken: LedgerBroken) -> None:
        if broken.ways is not None and self._broken.text():  # known already; whoever went elsewhere stays there
            self.rescue.show_trouble(broken)
            return
        self._broken.say(describe(broken.error))
        self._pending.setText(self.tr("Histórico fora de uso"))
        set_look(self._pending, tone="danger")
        self.rescue.show_trouble(broken)
        self._show_rescue()

    @Slot()
    def _show_rescue(self) -> None:
        for button in self._navigation:  # none of its screens is shown
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)
        self._pages.setCurrentWidget(self.rescue)
        self._to_rescue.hide()

    def _ledger_mended(self) -> None:
        self._broken.clear()
        self.rescue.forget()
        self.lookup.forget()  # another history may know another rest
        self._show_page(self.lookup)
        self.settings.load()

    @Slot(object)
    def _worker_ended(self, error: Exception) -> None:
        words = describe(error)
        self._stopped.say(words)
        text = self.tr("Parado: feche e abra o programa")
        self._link.setText(f"● {text}")
        set_look(self._link, tone=words.tone)

    def tell_of_fault(self) -> None:
        """The last run died: say so once, until somebody goes on working."""
        self._fault.say(
            Words(
                "info",
                self.tr("O programa foi fechado de repente da última vez."),
                self.tr("O que já estava registrado continua guardado; o que estava pendente segue sozinho."),
                self.tr("Um relatório foi salvo; o suporte pode pedir o arquivo em Ajustes (F9)."),
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)  # after the children's paint events of this same round

    @Slot()
    def prepare_to_leave(self) -> None:
        """Keep what is half typed; closing asks nobody from now on."""
        self._leaving = True
        self.sale.keep_draft()

    @Slot()
    def leave(self) -> None:
        """Close, and ask nobody."""
        self.prepare_to_leave()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.sale.keep_draft()
        if self._unfinished is None or self._leaving:
            super().closeEvent(event)
            return
        event.ignore()
        if self.findChild(LeaveDialog) is None:
            dialog = LeaveDialog(self._unfinished.pending, self._unfinished.review, self)
            dialog.accepted.connect(self.leave)
            dialog.rejected.connect(self.activateWindow)
            dialog.open()
