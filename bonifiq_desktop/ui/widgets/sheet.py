"""Sheet: a panel inside the window in place of a dialog of the operating system.

The rest of the window is dimmed and takes no input, except that the training mark stays in sight.
"""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from bonifiq_desktop.ui.theme import color, px
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out

_MARGIN, _PADDING, _GAP = 16, 24, 16  # pixels at 100 %


class Sheet(QDialog):
    """QDialog's calls and signals, and its role for screen readers; deleted when it closes. `open` does not block.

    Subclasses call `fill` once. `width`: pixels at 100 %; `tall`: as high as the window. The focus stays in the topmost
    sheet, Esc rejects it, and the shortcuts of the window are without effect meanwhile. While `is_waiting` the sheet
    cannot be left: an error would be said nowhere.
    """

    def __init__(
        self, parent: QWidget, name: str = "", heading: str = "", width: int = 560, *, tall: bool = False
    ) -> None:
        window = parent.window()
        super().__init__(window)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setObjectName(name)
        self.setWindowTitle(heading)
        self.setAccessibleName(heading)
        self.panel = QFrame()
        self.panel.setProperty("look", "sheet")
        self._width = width
        self._tall = tall
        self.is_waiting = False
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.panel)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = window
        self._focused_before = QApplication.focusWidget()  # a subclass may give its own field the focus before `open`
        self.hide()
        if parent is not window:
            parent.destroyed.connect(self.deleteLater)
        window.installEventFilter(self)
        self.panel.installEventFilter(self)

    @staticmethod
    def open_in(window: QWidget) -> "Sheet | None":
        """The topmost open sheet of a window."""
        shown = [child for child in window.children() if isinstance(child, Sheet) and child.isVisible()]
        return shown[-1] if shown else None

    def fill(self, title: QLabel, *content: QWidget | QLayout) -> QVBoxLayout:
        """Lay out the title and the content, top down."""
        margins = (px(_PADDING), px(_PADDING), px(_PADDING), px(_PADDING))
        return lay_out(self.panel, title, *content, margins=margins, spacing=px(_GAP))

    def open(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._focused_before = focused
        self._place()
        self.setResult(0)
        self.show()
        self.raise_()
        self._place()
        self._take_focus()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    def set_waiting(self, *fields: QWidget, waiting: bool) -> None:
        """Wait for the outcome of a command, or no more.

        `fields`: disabled meanwhile; all but the pressed button, whose focus would go to the one that leaves, and the
        next Enter with it.
        """
        self.is_waiting = waiting
        for widget in fields:
            widget.setEnabled(not waiting)

    @Slot()
    def reject(self) -> None:
        """Leave, unless the sheet waits."""
        if not self.is_waiting:
            super().reject()

    def done(self, result: int) -> None:
        if not self.isVisible():
            return
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._focus_changed)
        held_focus = self.isAncestorOf(QApplication.focusWidget() or self._window)
        self._window.removeEventFilter(self)
        super().done(result)
        if held_focus and self._focused_before is not None:
            self._focused_before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    # --- place

    def _place(self) -> None:
        """Cover the window below its training mark, with the panel in the middle and never higher than the window."""
        free = self._window.rect()
        mark = self._window.findChild(QWidget, "trainingMark")
        if mark is not None and mark.isVisible():
            free.setTop(mark.mapTo(self._window, mark.rect().bottomLeft()).y() + 1)
        self.setGeometry(free)
        width = min(px(self._width), free.width() - 2 * px(_MARGIN))
        layout = self.panel.layout()
        height = self.panel.sizeHint().height()
        if layout is not None:
            layout.activate()
            height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        room = free.height() - 2 * px(_MARGIN)
        height = room if self._tall else min(height, room)
        self._scroll.setGeometry(QRect((free.width() - width) // 2, (free.height() - height) // 2, width, height))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The window of a program that ends sends events to a sheet whose Python part is gone: no attribute is read.
        is_window = watched is self.parentWidget()
        if event.type() == (QEvent.Type.Resize if is_window else QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("scrim"))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click beside the panel reaches nothing below it

    # --- focus and keys

    def _focusable(self) -> list[QWidget]:
        found: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
            if takes_tab and widget.isEnabled() and widget.isVisible() and self.isAncestorOf(widget):
                found.append(widget)
            widget = widget.nextInFocusChain()
        return found

    def _take_focus(self) -> None:
        """Focus the widget that had the focus last, or that the subclass gave it, else the first one."""
        chosen: QWidget | None = self.focusWidget()
        target = chosen if chosen is not None and chosen.isEnabled() else next(iter(self._focusable()), self)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        ring = self._focusable()
        if not ring:
            return True
        focused = QApplication.focusWidget()
        place = ring.index(focused) if focused in ring else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        ring[(place + (1 if forward else -1)) % len(ring)].setFocus(reason)
        return True

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Take the focus back from a page that a late answer gave it to."""
        if new is None or new.window() is not self._window or Sheet.open_in(self._window) is not self:
            return
        if new is not self and not self.isAncestorOf(new):
            self._take_focus()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # otherwise the page below would react; `keyPressEvent` finds the shortcuts of this sheet
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = QKeySequence(event.keyCombination())
        for shortcut in self.findChildren(QShortcut):
            owner = shortcut.parent()
            is_usable = isinstance(owner, QWidget) and owner.isVisible() and owner.isEnabled()
            if is_usable and pressed in list(shortcut.keys()):
                shortcut.activated.emit()
                return
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        event.accept()
