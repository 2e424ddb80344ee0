"""User messages for ledger errors: busy orders, refused registrations, unusable files."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.ledger.errors import (
    AlreadyRegistered,
    CommitUncertain,
    LedgerDamaged,
    LedgerError,
    LedgerForeign,
    LedgerInUnsafeLocation,
    LedgerMissing,
    LedgerNewer,
    LedgerOfAnotherMachine,
    LedgerOlder,
    OrderBusy,
    RowDamaged,
    SaleNumberUsed,
    TransitionRefused,
)
from bonifiq_desktop.ledger.unsafe_location import UnsafeLocation
from bonifiq_desktop.ui.messages.formats import kind_name, state_name
from bonifiq_desktop.ui.messages.message import Message, nothing_registered, rejection

translate = QCoreApplication.translate


def message_for_busy_order(operation: Operation, effect: str) -> Message:
    """Build the message for an order whose `operation` is unfinished."""
    title = translate("errors", "Este pedido tem um registro em andamento: {0}, {1}.")
    action = (
        translate("errors", "O responsável precisa decidir antes, no Histórico (F4).")
        if operation.state is State.REVIEW
        else translate("errors", "Espere terminar, acontece sozinho; o andamento aparece no Histórico (F4).")
    )
    return Message("warning", _with_kind_and_state(title, operation), effect, action)


def _with_kind_and_state(sentence: str, operation: Operation) -> str:
    return sentence.format(kind_name(operation.kind).lower(), state_name(operation.state).lower())


def message_for_ledger_error(error: Exception) -> Message | None:
    """Convert a ledger error into a message; None for any other error."""
    match error:
        case OrderBusy(other=operation):
            return message_for_busy_order(operation, nothing_registered())
        case AlreadyRegistered(operation=operation):
            return Message(
                "warning",
                _with_kind_and_state(translate("errors", "Isto já estava registrado: {0}, {1}."), operation),
                translate("errors", "Nada foi registrado de novo."),
                translate("errors", "Confira no Histórico (F4)."),
            )
        case CommitUncertain():
            return Message(
                "danger",
                translate("errors", "Não se sabe se o registro foi gravado neste PC."),
                translate("errors", "Se foi, será enviado sozinho."),
                translate("errors", "Confira no Histórico (F4) antes de repetir."),
            )
        case SaleNumberUsed():
            return rejection(
                translate("errors", "Já existe um pedido com este número."),
                translate("errors", "Confira o pedido (F2) ou deixe o número em branco."),
                "warning",
            )
        case TransitionRefused():
            return Message(
                "warning",
                translate("errors", "Este registro mudou enquanto isso."),
                translate("errors", "Este comando não mudou nada."),
                translate("errors", "Veja a situação atual no Histórico (F4)."),
            )
        case LedgerError():
            return _message_for_unusable_ledger(error)
    return None


def _message_for_unusable_ledger(error: LedgerError) -> Message:
    file_untouched = translate("errors", "O arquivo foi deixado como está. O responsável decide o que usar agora.")
    match error:
        case LedgerNewer():
            return rejection(
                translate("errors", "O histórico foi gravado por uma versão mais nova do programa."),
                translate("errors", "Instale a versão mais nova do BonifiQ Desktop."),
            )
        case LedgerForeign():
            return rejection(translate("errors", "O arquivo do histórico é de outro programa."), file_untouched)
        case RowDamaged():
            return rejection(
                translate("errors", "Um registro não pôde ser lido no histórico deste PC."),
                translate("errors", "Os outros registros continuam em uso. Chame o suporte."),
            )
        case LedgerDamaged():
            return rejection(translate("errors", "O arquivo do histórico está danificado."), file_untouched)
        case LedgerMissing():
            return rejection(
                translate("errors", "O arquivo do histórico deste caixa sumiu."),
                translate("errors", "Nenhum foi criado no lugar. O responsável decide o que usar agora."),
            )
        case LedgerOlder():
            return rejection(
                translate("errors", "O arquivo do histórico não é o mais novo deste caixa."), file_untouched
            )
        case LedgerOfAnotherMachine():
            return rejection(
                translate("errors", "O histórico deste caixa vem de outro computador."),
                translate("errors", "O responsável diz se o caixa mudou de computador ou se isto é uma cópia."),
            )
        case LedgerInUnsafeLocation(location=location):
            network = translate("errors", "O histórico está numa pasta da rede e pode se estragar.")
            synced = translate(
                "errors", "O histórico está numa pasta sincronizada, como o OneDrive, e pode se estragar."
            )
            return rejection(
                network if location is UnsafeLocation.NETWORK else synced,
                translate("errors", "Chame o suporte: a pasta de dados precisa ficar num disco deste PC."),
            )
    return rejection(
        translate("errors", "O histórico não pôde ser gravado neste PC."),
        translate("errors", "Veja se o disco está cheio ou protegido e tente de novo."),
    )
