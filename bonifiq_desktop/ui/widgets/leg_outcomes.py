"""Outcomes of the legs of one return: a banner for each system, the one that needs a person most on top."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ui.messages.money_legs import worst_first
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import OutcomeBanner
from bonifiq_desktop.worker.commands import Status


class LegOutcomes(QWidget):
    """Banners named `legOutcome`, with the dynamic properties `system`, `connection` and `state` of their legs.

    They make no sound and no announcement: the panel around them speaks for all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: list[OutcomeBanner] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(8))
        self.hide()

    def show_legs(self, operations: Sequence[Operation], status: Status | None) -> None:
        while len(self._banners) < len(operations):
            banner = OutcomeBanner("legOutcome")
            banner.is_quiet = True
            banner.setProperty("compact", "true")
            self._banners.append(banner)
            self._column.addWidget(banner)
        for banner, operation in zip(self._banners, worst_first(operations), strict=False):
            banner.setProperty("system", operation.system)
            banner.setProperty("connection", operation.connection)
            if status is not None:
                banner.use_status(status)
            banner.show_operation(operation)
        self.show()

    def clear(self) -> None:
        for banner in self._banners:
            self._column.removeWidget(banner)
            banner.setParent(None)
            banner.deleteLater()
        self._banners = []
        self.hide()

    def text(self) -> str:
        return "\n".join(banner.text() for banner in self._banners)
