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
from bonifiq_desktop.ui.messages.message import Message, nothing_registered

translate = QCoreApplication.translate


def message_for_busy_order(operation: Operation, effect: str) -> Message:
    """The words for an order that has something unfinished."""
    title = translate("words", "Este pedido tem um registro em andamento: {0}, {1}.")
    to_do = (
        translate("words", "O responsável precisa decidir antes, no Histórico (F4).")
        if operation.state is State.REVIEW
        else translate("words", "Espere terminar, acontece sozinho; o andamento aparece no Histórico (F4).")
    )
    return Message(
        "warning", title.format(kind_name(operation.kind).lower(), state_name(operation.state).lower()), effect, to_do
    )


def message_for_ledger_error(error: LedgerError) -> Message:
    """Convert a ledger error into a user message: what happened, what changed, what to do."""
    if isinstance(error, OrderBusy):
        return message_for_busy_order(error.other, nothing_registered())
    if isinstance(error, AlreadyRegistered):
        return Message(
            "warning",
            translate("words", "Isto já estava registrado: {0}, {1}.").format(
                kind_name(error.operation.kind).lower(), state_name(error.operation.state).lower()
            ),
            translate("words", "Nada foi registrado de novo."),
            translate("words", "Confira no Histórico (F4)."),
        )
    if isinstance(error, CommitUncertain):
        return Message(
            "danger",
            translate("words", "Não se sabe se o registro foi gravado neste PC."),
            translate("words", "Se foi, será enviado sozinho."),
            translate("words", "Confira no Histórico (F4) antes de repetir."),
        )
    if isinstance(error, SaleNumberUsed):
        return Message(
            "warning",
            translate("words", "Já existe um pedido com este número."),
            nothing_registered(),
            translate("words", "Confira o pedido (F2) ou deixe o número em branco."),
        )
    if isinstance(error, TransitionRefused):
        return Message(
            "warning",
            translate("words", "Este registro mudou enquanto isso."),
            translate("words", "Este comando não mudou nada."),
            translate("words", "Veja a situação atual no Histórico (F4)."),
        )
    return Message("danger", _title(error), nothing_registered(), _action(error))


def _title(error: LedgerError) -> str:
    match error:
        case LedgerNewer():
            return translate("words", "O histórico foi gravado por uma versão mais nova do programa.")
        case LedgerForeign():
            return translate("words", "O arquivo do histórico é de outro programa.")
        case RowDamaged():
            return translate("words", "Um registro não pôde ser lido no histórico deste PC.")
        case LedgerDamaged():
            return translate("words", "O arquivo do histórico está danificado.")
        case LedgerMissing():
            return translate("words", "O arquivo do histórico deste caixa sumiu.")
        case LedgerOlder():
            return translate("words", "O arquivo do histórico não é o mais novo deste caixa.")
        case LedgerOfAnotherMachine():
            return translate("words", "O histórico deste caixa vem de outro computador.")
        case LedgerInUnsafeLocation():
            network = translate("words", "O histórico está numa pasta da rede e pode se estragar.")
            synced = translate(
                "words", "O histórico está numa pasta sincronizada, como o OneDrive, e pode se estragar."
            )
            return network if error.location is UnsafeLocation.NETWORK else synced
        case _:
            return translate("words", "O histórico não pôde ser gravado neste PC.")


def _action(error: LedgerError) -> str:
    match error:
        case LedgerNewer():
            return translate("words", "Instale a versão mais nova do BonifiQ Desktop.")
        case RowDamaged():
            return translate("words", "Os outros registros continuam em uso. Chame o suporte.")
        case LedgerForeign() | LedgerDamaged() | LedgerOlder():
            return translate("words", "O arquivo foi deixado como está. O responsável decide o que usar agora.")
        case LedgerOfAnotherMachine():
            return translate("words", "O responsável diz se o caixa mudou de computador ou se isto é uma cópia.")
        case LedgerMissing():
            return translate("words", "Nenhum foi criado no lugar. O responsável decide o que usar agora.")
        case LedgerInUnsafeLocation():
            return translate("words", "Chame o suporte: a pasta de dados precisa ficar num disco deste PC.")
        case _:
            return translate("words", "Veja se o disco está cheio ou protegido e tente de novo.")
