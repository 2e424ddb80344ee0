"""User messages for order numbers, failed look-ups and refunds that an order does not allow."""

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.orders import FiscalKeyTyped, OrderIdError, PersonalOrderId
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.services.refundable import ItemNotRefundable, OrderAlreadyCancelled, ValueNotRefundable
from bonifiq_desktop.ui.messages.codes import FAILURE_CODES, FIELD_CODES
from bonifiq_desktop.ui.messages.message import Message, join_sentences, nothing_changed, rejection, translate


def message_for_order_error(error: Exception) -> Message | None:
    """Convert an error of an order number, a look-up or a refund into a message; None for any other error."""
    match error:
        case OrderIdError(order_id=order_id):
            retype = translate("errors", "Confira o número no cupom fiscal e digite de novo.")
            insist = translate(
                "errors", "Se for mesmo o número de um pedido, aperte Ctrl+Enter; senão, digite o número certo."
            )
            return rejection(_order_id_title(error), insist if order_id else retype, code=_code_of_order_id(error))
        case NotSetUp():
            return rejection(
                translate("errors", "Este caixa ainda não está conectado ao BonifiQ."),
                translate("errors", "Peça ao responsável para preencher o token e a chave em Ajustes (F9)."),
                "warning",
                code="CHAVE-01",
            )
        case OrderNotFound(message=answer):
            return Message(
                "warning",
                translate("errors", "O BonifiQ não encontrou este pedido."),
                join_sentences(quote_bonifiq(answer), nothing_changed()),
                translate(
                    "errors", "Confira o número no cupom fiscal. Uma venda recente pode ainda não ter chegado lá."
                ),
                code="PEDIDO-01",
            )
        case LookupFailed(reason=None, message=answer):
            return Message(
                "warning",
                translate("errors", "O BonifiQ recusou a consulta."),
                quote_bonifiq(answer),
                translate("errors", "Nada mudou. Confira o número ou tente de novo daqui a pouco."),
                code="PEDIDO-02",
            )
        case LookupFailed(reason=FailureReason() as reason):
            return Message(
                "danger", failure_title(reason), nothing_changed(), _failure_action(reason), FAILURE_CODES[reason]
            )
        case OrderAlreadyCancelled():
            return rejection(
                translate("errors", "Este pedido já está cancelado por inteiro."),
                translate("errors", "Não há mais nada a devolver nele."),
                "warning",
                code="PEDIDO-03",
            )
        case ValueNotRefundable(refundable=refundable):
            return rejection(
                translate("errors", "O valor passa do que ainda pode ser devolvido."),
                translate("errors", "Ainda pode devolver até {0}.").format(format_reais(refundable)),
                code="PEDIDO-04",
            )
        case ItemNotRefundable():
            return rejection(
                _item_title(error),
                translate("errors", "Marque só o que volta agora, ou digite o valor e o motivo."),
                code="PEDIDO-07" if not error.title else "PEDIDO-05" if error.refundable else "PEDIDO-06",
            )
    return None


def _order_id_title(error: OrderIdError) -> str:
    if isinstance(error, PersonalOrderId):
        return {
            "cpf": translate("errors", "Isto parece um CPF: aqui vai o número do pedido."),
            "cnpj": translate("errors", "Isto parece um CNPJ: aqui vai o número do pedido."),
            "phone": translate("errors", "Isto parece um telefone: aqui vai o número do pedido."),
            "email": translate("errors", "Isto parece um e-mail: aqui vai o número do pedido."),
        }[error.like]
    if isinstance(error, FiscalKeyTyped):
        return translate("errors", "Esta é a chave de um cupom fiscal, não o número do pedido.")
    return translate("errors", "Este número de pedido não serve.")


def _code_of_order_id(error: OrderIdError) -> str:
    return "PEDIDO-08" if isinstance(error, PersonalOrderId | FiscalKeyTyped) else FIELD_CODES["order_id"]


def _item_title(error: ItemNotRefundable) -> str:
    if not error.title:
        return translate("errors", "Os itens marcados não somam o valor a devolver.")
    if not error.refundable:
        return translate("errors", "Este item já foi devolvido: {0}.").format(error.title)
    most = translate("errors", "Do item {0} ainda pode devolver até {1}.")
    return most.format(error.title, format_reais(error.refundable))


def quote_bonifiq(answer: str) -> str:
    """Quote the text of an answer; digits alone are an error number."""
    said = translate("errors", "erro {0}").format(answer) if answer.isdecimal() else answer
    return translate("errors", "O BonifiQ disse: “{0}”").format(said) if said else ""


def failure_title(reason: FailureReason) -> str:
    """Return the sentence for a failure between this till and BonifiQ."""
    return {
        FailureReason.NO_CONNECTION: translate("errors", "Sem conexão com o BonifiQ."),
        FailureReason.TIMED_OUT: translate("errors", "O BonifiQ demorou demais para responder."),
        FailureReason.CONNECTION_LOST: translate("errors", "A conexão caiu antes da resposta."),
        FailureReason.UNREADABLE: translate("errors", "A resposta não veio do BonifiQ ou não pôde ser lida."),
        FailureReason.WRONG_ORDER: translate("errors", "A resposta falava de outro pedido."),
        FailureReason.TOO_LARGE: translate("errors", "A resposta era grande demais para ser do BonifiQ."),
        FailureReason.REDIRECTED: translate("errors", "A rede desviou a chamada para outro endereço."),
        FailureReason.CREDENTIALS: translate("errors", "O BonifiQ não aceitou o token e a chave deste caixa."),
        FailureReason.FORBIDDEN: translate("errors", "O BonifiQ não deixa o usuário deste caixa fazer isto."),
        FailureReason.THROTTLED: translate("errors", "O BonifiQ pediu para esperar um pouco."),
        FailureReason.SERVER_ERROR: translate("errors", "O BonifiQ está com problemas."),
        FailureReason.EMPTY_RESULT: translate("errors", "A resposta veio sem resultado."),
        FailureReason.UNEXPECTED_STATUS: translate("errors", "A resposta veio de um jeito inesperado."),
        FailureReason.INTERRUPTED: translate("errors", "O programa foi fechado antes da resposta."),
        FailureReason.SAYS_NO: translate("errors", "O BonifiQ respondeu que não, sem dizer o que valeu."),
        FailureReason.IN_PROGRESS: translate("errors", "O BonifiQ ainda está processando a tentativa anterior."),
        FailureReason.CERTIFICATE: translate("errors", "O certificado do endereço não pôde ser confirmado."),
        FailureReason.OTHER_TILL: translate("errors", "Outro caixa está com este pedido; nada saiu daqui."),
    }[reason]


def _failure_action(reason: FailureReason) -> str:
    match reason:
        case FailureReason.NO_CONNECTION | FailureReason.TIMED_OUT | FailureReason.CONNECTION_LOST:
            return translate("errors", "Confira a internet e tente de novo.")
        case FailureReason.CERTIFICATE:
            return translate(
                "errors",
                "Confira a data e a hora deste PC. Um antivírus que inspeciona as conexões também causa isto: chame o "
                "suporte.",
            )
        case FailureReason.FORBIDDEN:
            return translate("errors", "Peça ao responsável para conferir os direitos deste usuário lá.")
        case FailureReason.CREDENTIALS:
            return translate("errors", "Peça ao responsável para conferir token e chave em Ajustes (F9).")
        case FailureReason.UNREADABLE | FailureReason.REDIRECTED | FailureReason.TOO_LARGE:
            return translate(
                "errors", "Veja se a internet da loja pede login ou se o endereço em Ajustes (F9) está certo."
            )
    return translate("errors", "Espere um minuto e tente de novo.")
