"""The one place that turns what happened into sentences: what happened, whether points or money moved, what to do."""

import logging

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.completions import NotCompletable
from bonifiq_desktop.domain.documents import DocumentError
from bonifiq_desktop.domain.orders import FiscalKeyTyped, OrderIdError, PersonalOrderId
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.staff import PersonError
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.security.credentials import CredentialsError, CredentialsTimeout
from bonifiq_desktop.services.errors import (
    ApprovalNeeded,
    ClockDoubted,
    CustomerBusy,
    CustomerNotNamed,
    CustomersHidden,
    DecisionIncomplete,
    DecisionTooEarly,
    ItemNotRefundable,
    LastManager,
    NotSetUp,
    OrderAlreadyCancelled,
    OwnershipNotProved,
    PinLocked,
    PinWrong,
    ShopNotProved,
    ShopUncertain,
    SignInNeeded,
    ValueNotRefundable,
)
from bonifiq_desktop.storage.files import InsideDataFolder
from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.ui.messages.access_errors import message_for_access_error
from bonifiq_desktop.ui.messages.ledger_errors import message_for_ledger_error
from bonifiq_desktop.ui.messages.message import Message, nothing_registered
from bonifiq_desktop.ui.messages.pc_errors import message_for_pc_error
from bonifiq_desktop.ui.messages.refund_errors import message_for_refund_error
from bonifiq_desktop.ui.settings.shop_dialog import message_for_shop_error
from bonifiq_desktop.worker.commands import WorkerCrashed

translate = QCoreApplication.translate
_log = logging.getLogger(__name__)


def message_for_error(error: Exception) -> Message:
    """The words for an error of a command."""
    match error:
        case OrderIdError():
            check = translate("words", "Confira o número no cupom fiscal e digite de novo.")
            sure = translate("words", "Se for mesmo o número de um pedido, aperte F5; senão, digite o número certo.")
            to_do = sure if error.order_id else check
            return Message("danger", _order_id_title(error), nothing_registered(), to_do)
        case NotSetUp():
            return Message(
                "warning",
                translate("words", "Este caixa ainda não está conectado ao BonifiQ."),
                nothing_registered(),
                translate("words", "Peça ao responsável para preencher o token e a chave em Ajustes (F9)."),
            )
        case LookupFailed():
            return _message_for_lookup_failure(error)
        case DocumentError() | SaleError() | SettingsError():
            return message_for_field(getattr(error, "field", "document"))
        case LedgerError():
            return message_for_ledger_error(error)
        case DecisionIncomplete() | DecisionTooEarly():
            return _message_for_decision_error(error)
        case OrderAlreadyCancelled() | ValueNotRefundable() | ItemNotRefundable():
            return message_for_refund_error(error)
        case ShopUncertain() | ShopNotProved():
            return message_for_shop_error(error)
        case _:
            return _message_for_other_error(error)


def _message_for_decision_error(error: DecisionIncomplete | DecisionTooEarly) -> Message:
    nothing_decided = translate("words", "Nada foi decidido.")
    if isinstance(error, DecisionTooEarly):
        return Message(
            "warning",
            translate("words", "Ainda é cedo: uma cópia do envio pode chegar ao BonifiQ."),
            nothing_decided,
            translate("words", "Isto pode ser decidido a partir de {0}.").format(
                f"{error.until.astimezone():%H:%M:%S}"
            ),
        )
    return Message(
        "danger",
        translate("words", "A decisão precisa do nome de quem decide e de um motivo."),
        nothing_decided,
        translate("words", "Preencha os dois e confirme de novo."),
    )


def _order_id_title(error: OrderIdError) -> str:
    match error:
        case PersonalOrderId(like="cpf"):
            return translate("words", "Isto parece um CPF: aqui vai o número do pedido.")
        case PersonalOrderId(like="cnpj"):
            return translate("words", "Isto parece um CNPJ: aqui vai o número do pedido.")
        case PersonalOrderId(like="phone"):
            return translate("words", "Isto parece um telefone: aqui vai o número do pedido.")
        case PersonalOrderId():
            return translate("words", "Isto parece um e-mail: aqui vai o número do pedido.")
        case FiscalKeyTyped():
            return translate("words", "Esta é a chave de um cupom fiscal, não o número do pedido.")
        case _:
            return translate("words", "Este número de pedido não serve.")


def _message_for_personal_data_error(error: Exception) -> Message:
    match error:
        case CustomerNotNamed():
            return Message(
                "danger",
                translate("words", "Isto não é um CPF, um CNPJ, um e-mail nem um telefone."),
                translate("words", "Nada mudou: foi só uma consulta."),
                translate("words", "Confira com o cliente e digite de novo."),
            )
        case CustomerBusy():
            return Message(
                "warning",
                translate("words", "Um registro deste cliente ainda está em andamento."),
                translate("words", "Nada foi apagado."),
                translate("words", "Veja no Histórico (F4) e apague os dados quando ele terminar."),
            )
        case _:
            return Message(
                "danger",
                translate("words", "A chave que acha os clientes não pôde ser lida neste PC."),
                translate("words", "Nada foi apagado nem salvo."),
                translate("words", "Chame o suporte."),
            )


def _message_for_other_error(error: Exception) -> Message:
    match error:
        case CustomerNotNamed() | CustomerBusy() | CustomersHidden():
            return _message_for_personal_data_error(error)
        case ClockDoubted() | CredentialsTimeout() | CredentialsError() | InsideDataFolder() | OSError():
            return message_for_pc_error(error)
        case NotCompletable():
            return Message(
                "warning",
                translate("words", "Esta venda não pode ser concluída por aqui."),
                nothing_registered(),
                translate("words", "Consulte o pedido de novo (F2): ela pode já estar concluída, cancelada ou mudada."),
            )
        case WorkerCrashed():
            return Message(
                "danger",
                translate("words", "Uma parte do programa parou de funcionar."),
                translate("words", "O que já estava registrado está guardado neste PC e não se perde."),
                translate("words", "Feche o programa e abra de novo; confira o Histórico (F4) antes de repetir algo."),
            )
        case (
            ApprovalNeeded()
            | SignInNeeded()
            | PinWrong()
            | PinLocked()
            | LastManager()
            | OwnershipNotProved()
            | PersonError()
        ):
            return message_for_access_error(error)
        case _:
            # Ours, and unexpected: the details go to the log, never to the cashier.
            _log.error("unexpected error", exc_info=error)
            return Message(
                "danger",
                translate("words", "Aconteceu algo que o programa não esperava."),
                translate("words", "O que já estava registrado continua guardado."),
                translate("words", "Confira o Histórico (F4) antes de repetir e avise o suporte."),
            )


def _nothing_changed() -> str:
    return translate("words", "Nada mudou: foi só uma consulta.")


def _message_for_lookup_failure(error: LookupFailed) -> Message:
    if isinstance(error, OrderNotFound):
        return Message(
            "warning",
            translate("words", "O BonifiQ não encontrou este pedido."),
            " ".join(part for part in (quote_bonifiq(error.message), _nothing_changed()) if part),
            translate("words", "Confira o número no cupom fiscal. Uma venda recente pode ainda não ter chegado lá."),
        )
    trouble = error.reason
    if trouble is None:
        return Message(
            "warning",
            translate("words", "O BonifiQ recusou a consulta."),
            quote_bonifiq(error.message),
            translate("words", "Nada mudou. Confira o número ou tente de novo daqui a pouco."),
        )
    return Message("danger", failure_title(trouble), _nothing_changed(), _failure_action(trouble))


def quote_bonifiq(message: str) -> str:
    """BonifiQ's own words; a number alone is that of an error."""
    told = translate("words", "erro {0}").format(message) if message.isdecimal() else message
    return translate("words", "O BonifiQ disse: “{0}”").format(told) if told else ""


def failure_title(trouble: FailureReason) -> str:
    """What went wrong between here and BonifiQ."""
    return {
        FailureReason.NO_CONNECTION: translate("words", "Sem conexão com o BonifiQ."),
        FailureReason.TIMED_OUT: translate("words", "O BonifiQ demorou demais para responder."),
        FailureReason.CONNECTION_LOST: translate("words", "A conexão caiu antes da resposta."),
        FailureReason.UNREADABLE: translate("words", "A resposta não veio do BonifiQ ou não pôde ser lida."),
        FailureReason.WRONG_ORDER: translate("words", "A resposta falava de outro pedido."),
        FailureReason.TOO_LARGE: translate("words", "A resposta era grande demais para ser do BonifiQ."),
        FailureReason.REDIRECTED: translate("words", "A rede desviou a chamada para outro endereço."),
        FailureReason.CREDENTIALS: translate("words", "O BonifiQ não aceitou o token e a chave deste caixa."),
        FailureReason.THROTTLED: translate("words", "O BonifiQ pediu para esperar um pouco."),
        FailureReason.SERVER_ERROR: translate("words", "O BonifiQ está com problemas."),
        FailureReason.EMPTY_RESULT: translate("words", "A resposta veio sem resultado."),
        FailureReason.UNEXPECTED_STATUS: translate("words", "A resposta veio de um jeito inesperado."),
        FailureReason.INTERRUPTED: translate("words", "O programa foi fechado antes da resposta."),
        FailureReason.SAYS_NO: translate("words", "O BonifiQ respondeu que não, sem dizer o que valeu."),
        FailureReason.IN_PROGRESS: translate("words", "O BonifiQ ainda está processando a tentativa anterior."),
        FailureReason.CERTIFICATE: translate("words", "O certificado do endereço não pôde ser confirmado."),
    }[trouble]


def _failure_action(trouble: FailureReason) -> str:
    match trouble:
        case FailureReason.NO_CONNECTION | FailureReason.TIMED_OUT | FailureReason.CONNECTION_LOST:
            return translate("words", "Confira a internet e tente de novo.")
        case FailureReason.CERTIFICATE:
            return translate(
                "words",
                "Confira a data e a hora deste PC. Um antivírus que inspeciona as conexões também causa isto: chame o "
                "suporte.",
            )
        case FailureReason.CREDENTIALS:
            return translate("words", "Peça ao responsável para conferir token e chave em Ajustes (F9).")
        case FailureReason.UNREADABLE | FailureReason.REDIRECTED | FailureReason.TOO_LARGE:
            return translate(
                "words", "Veja se a internet da loja pede login ou se o endereço em Ajustes (F9) está certo."
            )
        case _:
            return translate("words", "Espere um minuto e tente de novo.")


def message_for_saved_support_file(path: str) -> Message:
    """The words for the file that the support asks for."""
    return Message(
        "success",
        translate("words", "Arquivo para o suporte salvo."),
        translate("words", "Ele não tem dados de clientes, nem token e chave."),
        translate("words", "Envie ao suporte: {0}").format(path),
    )


def message_for_field(field: str) -> Message:
    """The words for a field that cannot be used."""
    titles = {
        "document": translate(
            "words", "Falta um CPF ou CNPJ válido, um e-mail ou um telefone, para saber de quem são os pontos."
        ),
        "name": translate("words", "Falta o nome do cliente."),
        "order_id": translate("words", "Este número de pedido não serve."),
        "doubtful_order_id": translate("words", "O número do pedido parece um CPF, um telefone ou uma chave fiscal."),
        "total": translate("words", "Falta o valor que o cliente pagou."),
        "products": translate("words", "Os itens não somam o total."),
        "discount": translate("words", "O desconto é maior que os itens."),
        "email": translate("words", "O e-mail não parece certo."),
        "phone": translate("words", "O telefone não parece certo: use DDD e número."),
        "item": translate("words", "O item precisa de um nome ou código, de uma quantidade e de um valor."),
        "birthday": translate("words", "A data de nascimento não serve: use dia/mês/ano."),
        "date": translate("words", "A data da venda não serve: use dia/mês/ano e hora, e nunca depois de agora."),
        "state_date": translate(
            "words", "A data da conclusão ou do cancelamento não serve: nem antes da venda, nem depois de agora."
        ),
        "metadata": translate("words", "A informação extra precisa de um nome e de um conteúdo."),
        "url": translate("words", "O endereço precisa começar com https://."),
        "url_busy": translate("words", "O endereço só pode mudar quando não houver nada pendente."),
        "account_busy": translate("words", "O código da loja só pode mudar quando não houver nada pendente."),
        "url_fixed": translate(
            "words", "O token e a chave vêm da configuração deste computador, e o endereço deles também."
        ),
        "refund_limit": translate("words", "O limite das devoluções não serve."),
        "lock_after": translate("words", "O tempo até perguntar de novo vai de 1 a 120 minutos."),
        "till": translate("words", "O nome do caixa usa só letras e números, até 12."),
        "keep_personal_days": translate("words", "Os dados de clientes ficam de 1 a 3650 dias."),
        "update_feed": translate(
            "words", "O endereço dos avisos começa com https:// e termina com # e a chave de quem os publica."
        ),
        "credentials": translate("words", "Preencha o token e a chave juntos."),
        "credentials_anew": translate("words", "Este endereço é outro: digite o token e a chave dele."),
        "not_training": translate("words", "Este endereço não é de um servidor de treinamento."),
        "training_pair": translate(
            "words", "Faltam o token e a chave do servidor de treinamento nas variáveis do sistema."
        ),
        "file": translate("words", "O arquivo de ajustes não pôde ser lido."),
    }
    title = titles.get(field) or translate("words", "Um dos campos não pode ser usado.")
    to_do = translate("words", "Corrija o campo marcado e tente de novo.")
    if field in {"file", "not_training", "training_pair"}:
        to_do = translate("words", "Nada é enviado enquanto isso. Chame o suporte.")
    if field == "doubtful_order_id":
        to_do = translate("words", "Se for mesmo o número do pedido, registre de novo; senão, corrija o campo.")
    if field == "url_fixed":
        to_do = translate("words", "Deixe o endereço como estava, ou chame o suporte.")
    return Message("danger", title, nothing_registered(), to_do)
