"""The main window: a bar with the screens and what is always known, and the first screen.

Painted before the rest is loaded, so that it takes keys at once. What is behind the first screen is in `interior.py`.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from bonifiq_desktop.ui.lookup.page import LookupPage
from bonifiq_desktop.ui.theme import apply_style, system_palette_is_dark
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.window_geometry import WindowGeometry
from bonifiq_desktop.worker.client import WorkerClient

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent

    from bonifiq_desktop.ui.main_window_parts import Interior

_SIDE_WIDTH = 210
_KEYS = {"navLookup": "F2", "navSale": "F3", "navHistory": "F4", "navSettings": "F9"}


class MainWindow(QMainWindow):
    """`training`: show the mark that nobody can miss; `place`: the file that keeps where the window stands. `painted`
    is told once, after the first full paint.

    `front` holds the shop, and in front of it what hides it; `pages` the screens, `notices` what is said above them.
    `leaving`: closing asks nobody any more.
    """

    painted = Signal()

    def __init__(self, client: WorkerClient, *, training: bool, place: Path) -> None:
        super().__init__()
        self._client = client
        self._training = training
        self._was_painted = False
        self._takes_keys = False
        self._interior: Interior | None = None
        self.leaving = False
        self.setObjectName("mainWindow")
        self.setWindowTitle(self.tr("BonifiQ Desktop — TREINAMENTO") if training else "BonifiQ Desktop")
        self._place = WindowGeometry(self, place)
        self.lookup = LookupPage(client)
        self.front = QStackedWidget()
        self.pages = QStackedWidget()
        self.notices = QVBoxLayout()
        self.side_bar = QVBoxLayout()
        self.navigation: dict[str, QPushButton] = {}
        self.link = label(self.tr("● Abrindo…"), name="connectionStatus")
        self.link.setWordWrap(True)
        self.pending = label("", name="pendingCount")
        self.pending.setWordWrap(True)
        self._arrange()
        apply_style(self, dark=system_palette_is_dark())

    def _arrange(self) -> None:
        shop = QWidget()
        body = QHBoxLayout(shop)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._side_bar())
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        body.addLayout(right, 1)
        self.notices.setSpacing(0)
        right.addLayout(self.notices)
        right.addWidget(self.pages, 1)
        self.pages.addWidget(self.lookup)
        middle = QWidget()
        whole = QVBoxLayout(middle)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._training_mark())
        whole.addWidget(self.front, 1)
        self.front.addWidget(shop)
        self.setCentralWidget(middle)
        self.navigation["navLookup"].setChecked(True)

    def _side_bar(self) -> QWidget:
        side = QWidget()
        side.setObjectName("sideBar")
        side.setFixedWidth(_SIDE_WIDTH)
        bar = self.side_bar
        side.setLayout(bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(2)
        bar.addWidget(label("BonifiQ", name="programName"))
        texts = (self.tr("Consultar"), self.tr("Nova venda"), self.tr("Histórico"), self.tr("Ajustes"))
        for (name, key), text in zip(_KEYS.items(), texts, strict=True):
            bar.addWidget(self._navigation_button(name, text, key))
        bar.addStretch(1)
        bar.addWidget(self.pending)
        bar.addWidget(self.link)
        return side

    def _training_mark(self) -> QLabel:
        mark = label(
            self.tr("TREINAMENTO: nada aqui vale. Pedidos, clientes e pontos são de mentira."), name="trainingMark"
        )
        mark.setVisible(self._training)
        return mark

    def _navigation_button(self, name: str, text: str, key: str) -> QPushButton:
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
        button.clicked.connect(lambda: self._go_to(name))
        self.navigation[name] = button
        return button

    def appear(self) -> None:
        """Show the window where it stood last, or where it fits."""
        self._place.show()

    # --- what is behind the first screen

    def make_next(self) -> bool:
        """Make the next piece of what the first paint did without, some milliseconds' work; False: all is there."""
        if self._interior is None:
            from bonifiq_desktop.ui.main_window_parts import Interior

            self._take_keys()
            self._interior = Interior(self, self._client, training=self._training)
        return self._interior.make_next()

    @property
    def interior(self) -> "Interior":
        """Everything behind the first screen. What is not made yet is made now: somebody wants it."""
        while self._interior is None or not self._interior.is_whole:
            self.make_next()
        return self._interior

    def paintEvent(self, event: "QPaintEvent") -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._after_first_paint)  # after the children's paint events of this same round

    @Slot()
    def _after_first_paint(self) -> None:
        self._take_keys()
        self.painted.emit()

    def _take_keys(self) -> None:
        if self._takes_keys:
            return
        self._takes_keys = True
        from PySide6.QtGui import QKeySequence, QShortcut

        for name, key in _KEYS.items():
            QShortcut(QKeySequence(key), self).activated.connect(partial(self._go_to, name))
        QShortcut(QKeySequence("Esc"), self).activated.connect(lambda: self.interior.show_screen("navLookup"))

    def _go_to(self, name: str) -> None:
        self.interior.go_to(name)

    @Slot()
    def prepare_to_leave(self) -> None:
        """Keep what is half typed; closing asks nobody from now on."""
        self.leaving = True
        if self._interior is not None and self._interior.is_whole:
            self._interior.sale.save_draft()

    @Slot()
    def leave(self) -> None:
        """Close, and ask nobody."""
        self.prepare_to_leave()
        self.close()

    def closeEvent(self, event: "QCloseEvent") -> None:
        self._place.save()
        # Before all is there nobody has typed anything, and nothing is known to be unfinished.
        if self._interior is None or not self._interior.is_whole or self._interior.may_close():
            super().closeEvent(event)
        else:
            event.ignore()
