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
    title = translate("words", "Este pedido tem um registro em andamento: {0}, {1}.")
    action = (
        translate("words", "O responsável precisa decidir antes, no Histórico (F4).")
        if operation.state is State.REVIEW
        else translate("words", "Espere terminar, acontece sozinho; o andamento aparece no Histórico (F4).")
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
                _with_kind_and_state(translate("words", "Isto já estava registrado: {0}, {1}."), operation),
                translate("words", "Nada foi registrado de novo."),
                translate("words", "Confira no Histórico (F4)."),
            )
        case CommitUncertain():
            return Message(
                "danger",
                translate("words", "Não se sabe se o registro foi gravado neste PC."),
                translate("words", "Se foi, será enviado sozinho."),
                translate("words", "Confira no Histórico (F4) antes de repetir."),
            )
        case SaleNumberUsed():
            return rejection(
                translate("words", "Já existe um pedido com este número."),
                translate("words", "Confira o pedido (F2) ou deixe o número em branco."),
                "warning",
            )
        case TransitionRefused():
            return Message(
                "warning",
                translate("words", "Este registro mudou enquanto isso."),
                translate("words", "Este comando não mudou nada."),
                translate("words", "Veja a situação atual no Histórico (F4)."),
            )
        case LedgerError():
            return _message_for_unusable_ledger(error)
    return None


def _message_for_unusable_ledger(error: LedgerError) -> Message:
    file_untouched = translate("words", "O arquivo foi deixado como está. O responsável decide o que usar agora.")
    match error:
        case LedgerNewer():
            return rejection(
                translate("words", "O histórico foi gravado por uma versão mais nova do programa."),
                translate("words", "Instale a versão mais nova do BonifiQ Desktop."),
            )
        case LedgerForeign():
            return rejection(translate("words", "O arquivo do histórico é de outro programa."), file_untouched)
        case RowDamaged():
            return rejection(
                translate("words", "Um registro não pôde ser lido no histórico deste PC."),
                translate("words", "Os outros registros continuam em uso. Chame o suporte."),
            )
        case LedgerDamaged():
            return rejection(translate("words", "O arquivo do histórico está danificado."), file_untouched)
        case LedgerMissing():
            return rejection(
                translate("words", "O arquivo do histórico deste caixa sumiu."),
                translate("words", "Nenhum foi criado no lugar. O responsável decide o que usar agora."),
            )
        case LedgerOlder():
            return rejection(
                translate("words", "O arquivo do histórico não é o mais novo deste caixa."), file_untouched
            )
        case LedgerOfAnotherMachine():
            return rejection(
                translate("words", "O histórico deste caixa vem de outro computador."),
                translate("words", "O responsável diz se o caixa mudou de computador ou se isto é uma cópia."),
            )
        case LedgerInUnsafeLocation(location=location):
            network = translate("words", "O histórico está numa pasta da rede e pode se estragar.")
            synced = translate(
                "words", "O histórico está numa pasta sincronizada, como o OneDrive, e pode se estragar."
            )
            return rejection(
                network if location is UnsafeLocation.NETWORK else synced,
                translate("words", "Chame o suporte: a pasta de dados precisa ficar num disco deste PC."),
            )
    return rejection(
        translate("words", "O histórico não pôde ser gravado neste PC."),
        translate("words", "Veja se o disco está cheio ou protegido e tente de novo."),
    )
