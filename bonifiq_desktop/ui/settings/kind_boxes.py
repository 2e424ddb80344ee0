"""Check boxes for the kinds of slips that are printed without being asked for."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from bonifiq_desktop.domain.slips import SlipKind
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.flow_layout import FlowLayout


class KindBoxes(QWidget):
    """The values are those of `SlipKind`. `edited`: the person ticked a box."""

    edited = Signal()

    def __init__(self, name: str, texts: dict[SlipKind, str]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.boxes = {kind: QCheckBox(text) for kind, text in texts.items()}
        for kind, box in self.boxes.items():
            box.setObjectName(f"{name}_{kind.value}")
            box.toggled.connect(self.edited)
        layout = FlowLayout(self, spacing=px(12))
        for box in self.boxes.values():
            layout.addWidget(box)

    def values(self) -> tuple[str, ...]:
        return tuple(kind.value for kind, box in self.boxes.items() if box.isChecked())

    def set_values(self, values: Iterable[str]) -> None:
        for kind, box in self.boxes.items():
            box.setChecked(kind.value in values)
