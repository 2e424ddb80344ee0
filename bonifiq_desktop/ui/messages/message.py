"""User message: tone, title, effect on points and records, next action, code."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Message:
    """Three sentences for the user. `tone`: `success`, `info`, `warning` or `danger`; `code`: one of `codes.CODES`."""

    tone: str
    title: str
    effect: str = ""
    action: str = ""
    code: str = ""


def nothing_registered() -> str:
    """Return the effect of a command that stopped before it stored or sent a request."""
    return translate("errors", "Nada foi registrado nem enviado.")


def nothing_changed() -> str:
    return translate("errors", "Nada mudou: foi só uma consulta.")


def rejection(title: str, action: str, tone: str = "danger", *, code: str) -> Message:
    return Message(tone, title, nothing_registered(), action, code)


def join_sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
