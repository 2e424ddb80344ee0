"""Messages for pending operations while credentials are refused or missing, so that nothing is sent."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.worker.commands import Status

translate = QCoreApplication.translate


def with_stop_reason(message: Message, operation: Operation, status: Status | None) -> Message:
    """An operation's message, with the stop reason in place of "it goes on by itself"."""
    reason = _stop_reason(status) if status is not None else ""
    if not reason or operation.state not in {State.QUEUED, State.SENDING, State.UNKNOWN}:
        return message
    if operation.state is State.QUEUED:
        message = replace(message, title=translate("stopped", "Registrado neste PC, ainda não enviado."))
    return replace(message, tone="warning", action=reason)


def _stop_reason(status: Status) -> str:
    if status.stopped_by_credentials or status.connection is ConnectionStatus.CREDENTIALS:
        return translate(
            "stopped",
            "O envio está parado: o BonifiQ não aceitou o token e a chave. O responsável precisa conferi-los em "
            "Ajustes (F9); depois segue sozinho. Não registre de novo.",
        )
    if status.connection is ConnectionStatus.NOT_SET_UP:
        return translate(
            "stopped",
            "O envio está parado: faltam o token e a chave. O responsável precisa digitá-los em Ajustes (F9); depois "
            "segue sozinho. Não registre de novo.",
        )
    return ""
