"""Settings card: look, size, sounds and touch keys; in force at once and without the manager's PIN."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from bonifiq_desktop.storage.appearance import LOOKS, SCALES, Appearance
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.labels import card, label


class LookChoice(Choice):
    """Colours of the window."""

    def __init__(self, name: str) -> None:
        super().__init__(name, ())
        texts = self.tr("Como o sistema"), self.tr("Claro"), self.tr("Escuro"), self.tr("Alto contraste")
        self.set_entries(list(zip(LOOKS, texts, strict=True)))
        self.setAccessibleName(self.tr("Cores"))


class AppearanceCard(QWidget):
    """`chosen` carries changes: fields of `Appearance` and their new values."""

    chosen = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._look = LookChoice("settingsLook")
        self._scale = Choice("settingsScale", [(scale, f"{scale} %") for scale in SCALES])
        self._scale.setAccessibleName(self.tr("Tamanho"))
        self._sounds = QCheckBox(self.tr("Sons: pronto, recusado e leitura ignorada"))
        self._sounds.setObjectName("settingsSounds")
        self._key_strip = QCheckBox(self.tr("Teclas na tela, para tela sensível ao toque"))
        self._key_strip.setObjectName("settingsKeyStrip")
        self._key_strip.clicked.connect(lambda on: self.chosen.emit({"key_strip": on}))
        self._look.changed.connect(lambda look: self.chosen.emit({"look": look}))
        self._scale.changed.connect(lambda scale: self.chosen.emit({"scale": scale}))
        self._sounds.clicked.connect(lambda on: self.chosen.emit({"sounds": on}))
        frame, inside = card()
        for part in (
            label(self.tr("Aparência"), "section"),
            paragraph(self.tr("Vale na hora, só neste computador, e não pede PIN."), "muted"),
            label(self.tr("Cores"), "caption"),
            self._look,
            label(self.tr("Tamanho das letras e dos botões (Ctrl + e Ctrl −)"), "caption"),
            self._scale,
            self._sounds,
            self._key_strip,
        ):
            inside.addWidget(part)
        lay_out(self, frame)

    @Slot(object)
    def show_appearance(self, appearance: Appearance) -> None:
        self._look.set_value(appearance.look)
        self._scale.set_value(appearance.scale)
        self._sounds.setChecked(appearance.sounds)
        self._key_strip.setChecked(appearance.key_strip)
