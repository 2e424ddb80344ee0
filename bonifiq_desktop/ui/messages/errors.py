"""User messages for the errors of commands."""

import logging

from bonifiq_desktop.domain.completions import NotCompletable
from bonifiq_desktop.domain.connections import ShopNotProved, ShopUncertain
from bonifiq_desktop.domain.decisions import DecisionIncomplete, DecisionTooEarly
from bonifiq_desktop.domain.documents import DocumentError
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.personal_data import CustomerBusy, CustomerNotNamed, CustomersHidden
from bonifiq_desktop.domain.progress import WorkStopped
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.domain.staff import (
    ApprovalNeeded,
    LastManager,
    OwnershipNotProved,
    PersonError,
    PinLocked,
    PinWrong,
    SignInNeeded,
)
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
from bonifiq_desktop.security.credentials import CredentialsError, CredentialsTimeout
from bonifiq_desktop.services.clock_check import ClockDoubt, ClockDoubted
from bonifiq_desktop.services.installed_versions import VersionNotUsable
from bonifiq_desktop.storage.files import FileInUse, InsideDataFolder
from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.ui.messages.day_close import message_for_day_error
from bonifiq_desktop.ui.messages.field_errors import message_for_field, message_for_person_field
from bonifiq_desktop.ui.messages.formats import date_and_time, kind_name, state_name
from bonifiq_desktop.ui.messages.message import Message, nothing_changed, nothing_registered, rejection, translate
from bonifiq_desktop.ui.messages.order_errors import message_for_order_error
from bonifiq_desktop.ui.messages.remote_orders import message_for_remote_error
from bonifiq_desktop.ui.messages.rewards import message_for_reward_error
from bonifiq_desktop.ui.messages.shop_database import message_for_other_till, message_for_shop_error
from bonifiq_desktop.worker.commands import WorkerCrashed

_log = logging.getLogger(__name__)


def message_for_error(error: Exception, shop: ShopDatabaseStatus | None = None) -> Message:
    """Convert the error of a command into a message; log an error that has none.

    `shop`: tells how old the news of another till is.
    """
    if isinstance(error, OrderBusy):
        return message_for_busy_order(error.other, nothing_registered(), shop)
    for convert in (
        message_for_order_error,
        message_for_remote_error,
        message_for_reward_error,
        message_for_day_error,
        message_for_shop_error,
        _message_with_details,
        _message_for_access_error,
    ):
        message = convert(error)
        if message is not None:
            return message
    fixed = _messages_by_type()
    for kind in type(error).__mro__:
        if kind in fixed:
            return fixed[kind]
    _log.error("unexpected error shown", exc_info=error)
    return Message(
        "danger",
        translate("errors", "Aconteceu algo que o programa não esperava."),
        translate("errors", "O que já estava registrado continua guardado."),
        translate("errors", "Confira o Histórico (F4) antes de repetir e avise o suporte."),
        code="PC-01",
    )


def message_for_busy_order(operation: Operation, effect: str, shop: ShopDatabaseStatus | None = None) -> Message:
    """Message for an order with an unfinished operation. `shop`: tells how old the news of another till is."""
    if operation.till:
        return message_for_other_till(operation, shop, effect)
    title = translate("errors", "Este pedido tem um registro em andamento: {0}, {1}.")
    action = (
        translate("errors", "O responsável precisa decidir antes, no Histórico (F4).")
        if operation.state is State.REVIEW
        else translate("errors", "Espere terminar, acontece sozinho; o andamento aparece no Histórico (F4).")
    )
    return Message("warning", _with_kind_and_state(title, operation), effect, action, code="PEDIDO-09")


def clock_title(doubt: ClockDoubt) -> str:
    """Return the sentence that compares this PC's clock with BonifiQ's, or with a date that has passed."""
    title = (
        translate("errors", "O relógio deste PC está errado: marca {0}, e no BonifiQ são {1}.")
        if doubt.server_time
        else translate("errors", "O relógio deste PC parece errado: marca {0}, antes de {1}, que já passou.")
    )
    return title.format(date_and_time(doubt.pc_time), date_and_time(doubt.server_time or doubt.not_before))


def _with_kind_and_state(sentence: str, operation: Operation) -> str:
    return sentence.format(kind_name(operation.kind).lower(), state_name(operation.state).lower())


def _message_with_details(error: Exception) -> Message | None:
    match error:
        case SaleError(field=field) | SettingsError(field=field):
            return message_for_field(field)
        case DocumentError():
            return message_for_field("document")
        case AlreadyRegistered(operation=operation):
            return Message(
                "warning",
                _with_kind_and_state(translate("errors", "Isto já estava registrado: {0}, {1}."), operation),
                translate("errors", "Nada foi registrado de novo."),
                translate("errors", "Confira no Histórico (F4)."),
                code="PEDIDO-10",
            )
        case LedgerInUnsafeLocation(location=location):
            network = translate("errors", "O histórico está numa pasta da rede e pode se estragar.")
            synced = translate(
                "errors", "O histórico está numa pasta sincronizada, como o OneDrive, e pode se estragar."
            )
            return rejection(
                network if location is UnsafeLocation.NETWORK else synced,
                translate("errors", "Chame o suporte: a pasta de dados precisa ficar num disco deste PC."),
                code="HIST-11",
            )
        case DecisionTooEarly(until=until):
            return Message(
                "warning",
                translate("errors", "Ainda é cedo: uma cópia do envio pode chegar ao BonifiQ."),
                translate("errors", "Nada foi decidido."),
                translate("errors", "Isto pode ser decidido a partir de {0}.").format(f"{until.astimezone():%H:%M:%S}"),
                code="DECIDIR-16",
            )
        case ClockDoubted(doubt=doubt):
            return rejection(
                clock_title(doubt),
                translate(
                    "errors", "Acerte a data e a hora do computador e registre de novo, ou registre assim mesmo."
                ),
                "warning",
                code="PC-06",
            )
    return None


def _message_for_access_error(error: Exception) -> Message | None:
    match error:
        case ApprovalNeeded(managers=()):
            return rejection(
                translate(
                    "errors", "Só o responsável pode fazer isso, e a lista de pessoas deste caixa não pode ser lida."
                ),
                translate("errors", "O dono resolve em Ajustes (F9), “Esqueci o PIN”."),
                code="PIN-05",
            )
        case PinLocked(person=person, wait=wait):
            code = "PIN-04"
            title = translate("errors", "Este PIN foi digitado errado vezes demais.")
            action = translate("errors", "Espere {0} min com o programa aberto.").format((wait + 59) // 60)
        case PinWrong(person=person, attempts_remaining=attempts):
            code = "PIN-03"
            title = translate("errors", "O PIN não confere.")
            if attempts is None:  # the name is not on the list
                action = translate("errors", "Confira o nome e tente de novo.")
            elif attempts:
                action = translate("errors", "Tentativas que restam antes de esperar: {0}.").format(attempts)
            else:
                action = translate("errors", "Agora é preciso esperar antes de tentar de novo.")
        case PersonError(field=field):
            return message_for_person_field(field)
        case _:
            return None
    named = f"{person}: {title[:1].lower()}{title[1:]}" if person else title
    return Message("danger", named, action=action, code=code)


def _messages_by_type() -> dict[type[Exception], Message]:
    file_untouched = translate("errors", "O arquivo foi deixado como está. O responsável decide o que usar agora.")
    return {
        ApprovalNeeded: rejection(
            translate("errors", "Só o responsável pode fazer isso."),
            translate("errors", "Chame o responsável e tente de novo."),
            "warning",
            code="PIN-01",
        ),
        SignInNeeded: rejection(
            translate("errors", "Ninguém entrou no caixa."),
            translate("errors", "Entre com nome e PIN e tente de novo."),
            "warning",
            code="PIN-02",
        ),
        LastManager: Message(
            "danger",
            translate("errors", "É o último responsável da lista."),
            translate("errors", "Nada mudou."),
            translate("errors", "Inclua antes outro responsável, ou tire antes os caixas."),
            code="PIN-06",
        ),
        OwnershipNotProved: Message(
            "danger",
            translate("errors", "O token e a chave não são os deste caixa."),
            translate("errors", "Nada mudou."),
            translate("errors", "Confira os dois no painel do BonifiQ e tente de novo."),
            code="CHAVE-02",
        ),
        ShopNotProved: Message(
            "danger",
            translate("shop", "Com este token, o BonifiQ não mostra nenhum dos últimos pedidos deste caixa."),
            translate("shop", "Nada foi salvo nem enviado."),
            translate("shop", "Confira o token e a chave. Se for outra loja, salve de novo e escolha “Outra loja”."),
            code="CHAVE-03",
        ),
        ShopUncertain: rejection(
            translate("shop", "Este token é novo neste caixa: falta dizer de que loja ele é."),
            translate("shop", "O responsável diz isso em Ajustes (F9), em “Salvar ajustes”."),
            "warning",
            code="CHAVE-04",
        ),
        CommitUncertain: Message(
            "danger",
            translate("errors", "Não se sabe se o registro foi gravado neste PC."),
            translate("errors", "Se foi, será enviado sozinho."),
            translate("errors", "Confira no Histórico (F4) antes de repetir."),
            code="HIST-01",
        ),
        SaleNumberUsed: rejection(
            translate("errors", "Já existe um pedido com este número."),
            translate("errors", "Confira o pedido (F2) ou deixe o número em branco."),
            "warning",
            code="PEDIDO-11",
        ),
        WorkStopped: Message(
            "info", translate("errors", "Parado."), translate("errors", "Nada foi gravado nem mudado."), code="PC-10"
        ),
        TransitionRefused: Message(
            "warning",
            translate("errors", "Este registro mudou enquanto isso."),
            translate("errors", "Este comando não mudou nada."),
            translate("errors", "Veja a situação atual no Histórico (F4)."),
            code="HIST-02",
        ),
        LedgerNewer: rejection(
            translate("errors", "O histórico foi gravado por uma versão mais nova do programa."),
            translate("errors", "Instale a versão mais nova do BonifiQ Desktop."),
            code="HIST-03",
        ),
        LedgerForeign: rejection(
            translate("errors", "O arquivo do histórico é de outro programa."), file_untouched, code="HIST-04"
        ),
        RowDamaged: rejection(
            translate("errors", "Um registro não pôde ser lido no histórico deste PC."),
            translate("errors", "Os outros registros continuam em uso. Chame o suporte."),
            code="HIST-05",
        ),
        LedgerDamaged: rejection(
            translate("errors", "O arquivo do histórico está danificado."), file_untouched, code="HIST-06"
        ),
        LedgerMissing: rejection(
            translate("errors", "O arquivo do histórico deste caixa sumiu."),
            translate("errors", "Nenhum foi criado no lugar. O responsável decide o que usar agora."),
            code="HIST-07",
        ),
        LedgerOlder: rejection(
            translate("errors", "O arquivo do histórico não é o mais novo deste caixa."), file_untouched, code="HIST-08"
        ),
        LedgerOfAnotherMachine: rejection(
            translate("errors", "O histórico deste caixa vem de outro computador."),
            translate("errors", "O responsável diz se o caixa mudou de computador ou se isto é uma cópia."),
            code="HIST-09",
        ),
        LedgerError: rejection(
            translate("errors", "O histórico não pôde ser gravado neste PC."),
            translate("errors", "Veja se o disco está cheio ou protegido e tente de novo."),
            code="HIST-10",
        ),
        DecisionIncomplete: Message(
            "danger",
            translate("errors", "A decisão precisa do nome de quem decide e de um motivo."),
            translate("errors", "Nada foi decidido."),
            translate("errors", "Preencha os dois e confirme de novo."),
            code="DECIDIR-15",
        ),
        NotCompletable: rejection(
            translate("errors", "Esta venda não pode ser concluída por aqui."),
            translate("errors", "Consulte o pedido de novo (F2): ela pode já estar concluída, cancelada ou mudada."),
            "warning",
            code="PEDIDO-17",
        ),
        CustomerNotNamed: Message(
            "danger",
            translate("errors", "Isto não é um CPF, um CNPJ, um e-mail nem um telefone."),
            nothing_changed(),
            translate("errors", "Confira com o cliente e digite de novo."),
            code="CLIENTE-01",
        ),
        CustomerBusy: Message(
            "warning",
            translate("errors", "Um registro deste cliente ainda está em andamento."),
            translate("errors", "Nada foi apagado."),
            translate("errors", "Veja no Histórico (F4) e apague os dados quando ele terminar."),
            code="CLIENTE-02",
        ),
        CustomersHidden: Message(
            "danger",
            translate("errors", "A chave que acha os clientes não pôde ser lida neste PC."),
            translate("errors", "Nada foi apagado nem salvo."),
            translate("errors", "Chame o suporte."),
            code="CLIENTE-03",
        ),
        WorkerCrashed: Message(
            "danger",
            translate("errors", "Uma parte do programa parou de funcionar."),
            translate("errors", "O que já estava registrado está guardado neste PC e não se perde."),
            translate("errors", "Feche o programa e abra de novo; confira o Histórico (F4) antes de repetir algo."),
            code="PC-02",
        ),
        CredentialsTimeout: rejection(
            translate("errors", "O cofre de senhas deste computador não responde."),
            translate(
                "errors", "Feche o programa e abra de novo; se continuar, digite o token e a chave em Ajustes (F9)."
            ),
            code="CHAVE-05",
        ),
        CredentialsError: rejection(
            translate("errors", "A chave do BonifiQ guardada neste PC não pôde ser lida."),
            translate("errors", "Digite o token e a chave de novo em Ajustes (F9)."),
            code="CHAVE-06",
        ),
        InsideDataFolder: Message(
            "danger",
            translate("errors", "Escolha outra pasta: esta é a do próprio programa."),
            translate("errors", "Nada foi salvo."),
            code="PC-04",
        ),
        FileInUse: Message(
            "warning",
            translate("errors", "Este arquivo está aberto em outro programa, ou protegido."),
            translate("errors", "Nada foi salvo."),
            translate("errors", "Feche-o lá (no Excel, por exemplo) ou escolha outro nome."),
            code="PC-11",
        ),
        VersionNotUsable: Message(
            "warning",
            translate("errors", "A outra versão do programa não está mais aqui, ou não lê o histórico de agora."),
            translate("errors", "Nada mudou."),
            translate("errors", "Chame o suporte se esta versão não servir."),
            code="PC-05",
        ),
        OSError: rejection(
            translate("errors", "Não foi possível gravar neste PC."),
            translate("errors", "Veja se o disco está cheio ou protegido e tente de novo."),
            code="PC-03",
        ),
    }
