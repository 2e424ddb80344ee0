"""User messages for the errors of commands; each family of errors has its own module."""

import logging

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.completions import NotCompletable
from bonifiq_desktop.domain.decisions import DecisionIncomplete, DecisionTooEarly
from bonifiq_desktop.domain.personal_data import CustomerBusy, CustomerNotNamed, CustomersHidden
from bonifiq_desktop.ui.messages.access_errors import message_for_access_error
from bonifiq_desktop.ui.messages.field_errors import message_for_field_error
from bonifiq_desktop.ui.messages.ledger_errors import message_for_ledger_error
from bonifiq_desktop.ui.messages.lookup_errors import message_for_lookup_error, nothing_changed
from bonifiq_desktop.ui.messages.message import Message, rejection
from bonifiq_desktop.ui.messages.pc_errors import message_for_pc_error
from bonifiq_desktop.ui.messages.refund_errors import message_for_refund_error
from bonifiq_desktop.ui.messages.shop_errors import message_for_shop_error
from bonifiq_desktop.worker.commands import WorkerCrashed

translate = QCoreApplication.translate
_log = logging.getLogger(__name__)


def message_for_error(error: Exception) -> Message:
    """Convert the error of a command into a message; log an error that has none."""
    for convert in (
        message_for_field_error,
        message_for_lookup_error,
        message_for_ledger_error,
        message_for_refund_error,
        message_for_access_error,
        message_for_shop_error,
        _message_for_decision_error,
        _message_for_personal_data_error,
        _message_for_program_error,
        message_for_pc_error,
    ):
        message = convert(error)
        if message is not None:
            return message
    _log.error("unexpected error shown", exc_info=error)
    return Message(
        "danger",
        translate("errors", "Aconteceu algo que o programa não esperava."),
        translate("errors", "O que já estava registrado continua guardado."),
        translate("errors", "Confira o Histórico (F4) antes de repetir e avise o suporte."),
    )


def _message_for_decision_error(error: Exception) -> Message | None:
    nothing_decided = translate("errors", "Nada foi decidido.")
    match error:
        case DecisionTooEarly(until=until):
            return Message(
                "warning",
                translate("errors", "Ainda é cedo: uma cópia do envio pode chegar ao BonifiQ."),
                nothing_decided,
                translate("errors", "Isto pode ser decidido a partir de {0}.").format(f"{until.astimezone():%H:%M:%S}"),
            )
        case DecisionIncomplete():
            return Message(
                "danger",
                translate("errors", "A decisão precisa do nome de quem decide e de um motivo."),
                nothing_decided,
                translate("errors", "Preencha os dois e confirme de novo."),
            )
        case NotCompletable():
            return rejection(
                translate("errors", "Esta venda não pode ser concluída por aqui."),
                translate(
                    "errors", "Consulte o pedido de novo (F2): ela pode já estar concluída, cancelada ou mudada."
                ),
                "warning",
            )
    return None


def _message_for_personal_data_error(error: Exception) -> Message | None:
    match error:
        case CustomerNotNamed():
            return Message(
                "danger",
                translate("errors", "Isto não é um CPF, um CNPJ, um e-mail nem um telefone."),
                nothing_changed(),
                translate("errors", "Confira com o cliente e digite de novo."),
            )
        case CustomerBusy():
            return Message(
                "warning",
                translate("errors", "Um registro deste cliente ainda está em andamento."),
                translate("errors", "Nada foi apagado."),
                translate("errors", "Veja no Histórico (F4) e apague os dados quando ele terminar."),
            )
        case CustomersHidden():
            return Message(
                "danger",
                translate("errors", "A chave que acha os clientes não pôde ser lida neste PC."),
                translate("errors", "Nada foi apagado nem salvo."),
                translate("errors", "Chame o suporte."),
            )
    return None


def _message_for_program_error(error: Exception) -> Message | None:
    if not isinstance(error, WorkerCrashed):
        return None
    return Message(
        "danger",
        translate("errors", "Uma parte do programa parou de funcionar."),
        translate("errors", "O que já estava registrado está guardado neste PC e não se perde."),
        translate("errors", "Feche o programa e abra de novo; confira o Histórico (F4) antes de repetir algo."),
    )
