"""What every message to a person is made of."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Message:
    """A message in three parts, with the tone it is shown in (`success`, `info`, `warning`, `danger`)."""

    tone: str
    title: str
    effect: str = ""
    action: str = ""


def nothing_registered() -> str:
    """For everything that stopped before a request was made."""
    return translate("words", "Nada foi registrado nem enviado.")
