"""The words for what is wrong with the PC under the program."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.services.clock import ClockDoubt
from bonifiq_desktop.ui.formats import moment
from bonifiq_desktop.ui.message import Words, nothing_moved

translate = QCoreApplication.translate


def clock_words(doubt: ClockDoubt) -> Words:
    """The words for a clock of this PC that is wrong, where something is to carry its date."""
    title = (
        translate("words", "O relógio deste PC está errado: marca {0}, e no BonifiQ são {1}.")
        if doubt.right
        else translate("words", "O relógio deste PC parece errado: marca {0}, antes de {1}, que já passou.")
    )
    return Words(
        "warning",
        title.format(moment(doubt.pc), moment(doubt.right or doubt.after)),
        nothing_moved(),
        translate("words", "Acerte a data e a hora do computador e registre de novo, ou registre assim mesmo."),
    )
