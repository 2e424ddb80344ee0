"""The main window: the side bar and the pages.

The window is painted with the look-up page alone, so that it takes keys at once. Its content is made after that paint.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from bonifiq_desktop.storage.appearance import SYSTEM, read_appearance
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.ui.lookup.page import LookupPage
from bonifiq_desktop.ui.side_bar import SCREEN_KEYS, SideBar
from bonifiq_desktop.ui.status_strip import StatusStrip
from bonifiq_desktop.ui.theme import FIRST_SHEETS, apply_style, px, set_size, system_look
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.window_geometry import WindowGeometry
from bonifiq_desktop.worker.client import WorkerClient

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent

    from bonifiq_desktop.ui.window_content import WindowContent


_RAIL_BELOW = 1200  # logical pixels


class MainWindow(QMainWindow):
    """`training`: show the training mark; `paths`: of the window's geometry and appearance.

    Layers: `front` holds the sign-in page before the shop; the shop is the side bar and, in `page_layout`, the notices,
    the `pages` and the `status_strip`. `painted` follows the first full paint. `leaving`: closing asks no question.
    """

    painted = Signal()

    def __init__(self, client: WorkerClient, *, training: bool, paths: Paths) -> None:
        super().__init__()
        self._client = client
        self._training = training
        self._is_painted = False
        self._has_shortcuts = False
        self._content: WindowContent | None = None
        self.leaving = False
        self.setObjectName("mainWindow")
        self._geometry = WindowGeometry(self, paths.window_placement)
        stored = read_appearance(paths.appearance)
        set_size(stored.scale)
        self.lookup = LookupPage(client)
        self.side_bar = SideBar()
        self.side_bar.screenChosen.connect(self._go_to)
        self.status_strip = StatusStrip()
        self.front = QStackedWidget()
        self.pages = QStackedWidget()
        self.page_layout = QVBoxLayout()
        self._arrange()
        self._fit_side_bar(self._geometry.first_width)  # before the style, so that it is applied once
        self.show_title(self.side_bar.buttons["navLookup"].text())
        apply_style(self, system_look() if stored.look == SYSTEM else stored.look, stored.scale, FIRST_SHEETS)
        self._paths = paths

    def _arrange(self) -> None:
        shop = QWidget()
        body = QHBoxLayout(shop)
        body.addWidget(self.side_bar)
        body.addLayout(self.page_layout, 1)
        self.page_layout.addWidget(self.pages, 1)
        self.page_layout.addWidget(self.status_strip)
        self.pages.addWidget(self.lookup)
        self.front.addWidget(shop)
        everything = QWidget()
        layout = QVBoxLayout(everything)
        text = self.tr("TREINAMENTO: nada aqui vale. Pedidos, clientes e pontos são de mentira.")
        mark = label(text, name="trainingMark")
        layout.addWidget(mark)
        mark.setVisible(self._training)
        layout.addWidget(self.front, 1)
        for box in (body, self.page_layout, layout):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
        self.setCentralWidget(everything)

    def appear(self) -> None:
        """Show the window where it stood last, or where it fits."""
        self._geometry.show()

    def show_title(self, page: str) -> None:
        """Show the page's name in the title. Qt adds the program's name where a title does not end with it."""
        training = self.tr("TREINAMENTO · ") if self._training else ""
        self.setWindowTitle(f"{training}{page} — BonifiQ Desktop")

    def resizeEvent(self, event: "QResizeEvent") -> None:
        super().resizeEvent(event)
        if (self.width() < px(_RAIL_BELOW)) is not self.side_bar.is_rail:
            self._fit_side_bar(self.width())

    def _fit_side_bar(self, width: int) -> None:
        is_narrow = width < px(_RAIL_BELOW)
        self.side_bar.set_rail(rail=is_narrow)
        if is_narrow:
            self.status_strip.take_pending(self.side_bar.pending)

    # --- the content behind the first screen

    @property
    def content(self) -> "WindowContent":
        """Everything behind the first screen, made on first use."""
        if self._content is None:
            from bonifiq_desktop.ui.window_content import WindowContent

            self._add_shortcuts()
            self._content = WindowContent(
                self, self._client, training=self._training, appearance=self._paths.appearance
            )
        return self._content

    def paintEvent(self, event: "QPaintEvent") -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._after_first_paint)  # after the children's paint events of this same round

    @Slot()
    def _after_first_paint(self) -> None:
        self._add_shortcuts()
        self.painted.emit()

    def _add_shortcuts(self) -> None:
        if self._has_shortcuts:
            return
        self._has_shortcuts = True
        from PySide6.QtGui import QKeySequence, QShortcut  # see widgets/labels.py

        for name, key in SCREEN_KEYS.items():
            QShortcut(QKeySequence(key), self).activated.connect(partial(self._go_to, name))
        QShortcut(QKeySequence("Esc"), self).activated.connect(lambda: self.content.show_page("navLookup"))

    @Slot(str)
    def _go_to(self, name: str) -> None:
        self.content.go_to(name)

    # --- closing

    @Slot()
    def prepare_to_leave(self) -> None:
        """Save the drafts; closing asks no question from now on."""
        self.leaving = True
        if self._content is not None:
            self._content.sale.draft.flush()

    @Slot()
    def leave(self) -> None:
        self.prepare_to_leave()
        self.close()

    def closeEvent(self, event: "QCloseEvent") -> None:
        self._geometry.save()
        # Without the content no draft and no unfinished operation is known.
        if self._content is None or self._content.may_close():
            super().closeEvent(event)
        else:
            event.ignore()
