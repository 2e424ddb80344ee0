"""Texts for orders of marketplaces and web shops: their states, what stands in the way, and amounts of any currency."""

from decimal import Decimal

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.operations import BONIFIQ
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible, SeveralOrders, format_money, to_minor_units
from bonifiq_desktop.domain.returns import AKINON, MIRAKL
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.services.return_requests import ConnectionUnknown
from bonifiq_desktop.services.returns import NothingToReturn
from bonifiq_desktop.ui.messages.message import Message, nothing_registered, translate

SYSTEM_NAMES = {BONIFIQ: "BonifiQ", MIRAKL: "Mirakl", AKINON: "Akinon"}


def format_decimal(amount: Decimal, currency: str) -> str:
    """An amount of an order, as `format_money` shows it."""
    return format_money(to_minor_units(amount, currency or "BRL"), currency)


def obstacle_text(obstacle: Obstacle) -> str:
    """Why a line or an order cannot be taken back from here, and what to do."""
    return {
        Obstacle.NOT_ACCEPTED: translate("obstacles", "A loja ainda não aceitou este pedido: recuse-o no portal."),
        Obstacle.NOT_SHOWN: translate("obstacles", "A situação do pedido não permite devolver por aqui."),
        Obstacle.OPEN_RETURN: translate("obstacles", "Já há uma devolução aberta lá: resolva no portal."),
        Obstacle.INCIDENT: translate("obstacles", "Há uma reclamação aberta lá: resolva no portal."),
        Obstacle.CLOSED: translate("obstacles", "O pedido já foi encerrado lá: fale com o suporte de lá."),
        Obstacle.FULLY_RETURNED: translate("obstacles", "Já foi tudo devolvido ou cancelado lá."),
        Obstacle.UNDER_WAY: translate("obstacles", "Um cancelamento ou estorno está em andamento lá: espere terminar."),
        Obstacle.FEATURE_OFF: translate("obstacles", "Lá a loja não pode cancelar itens: peça no portal."),
        Obstacle.REASON_NOT_MAPPED: translate("obstacles", "Este motivo ainda não tem código lá."),
        Obstacle.MIXED: translate("obstacles", "Parte foi cancelada e parte devolvida: lá não dá para juntar as duas."),
        Obstacle.WHOLE_ORDER_ONLY: translate("obstacles", "Lá só dá para devolver o pedido inteiro: marque tudo."),
        Obstacle.AMOUNT_FIXED: translate(
            "obstacles", "Lá o valor é calculado pelo sistema: devolva unidades inteiras."
        ),
        Obstacle.TAXES_UNKNOWN: translate("obstacles", "Os impostos deste pedido não são conhecidos: faça no portal."),
    }[obstacle]


def impossible_text(error: Exception) -> str:
    """Why a leg cannot be made; names the line where one stands in the way."""
    if isinstance(error, ReturnImpossible):
        text = obstacle_text(error.obstacle)
        return translate("obstacles", "{0}: {1}").format(error.title, text) if error.title else text
    if isinstance(error, NotSetUp | ConnectionUnknown):
        return translate("obstacles", "A conexão não está pronta: veja Ajustes (F9).")
    return translate("obstacles", "Não deu para preparar esta parte.")


def message_for_remote_error(error: Exception) -> Message | None:
    """Convert an error of a return in another system into a message; None for any other error."""
    if isinstance(error, ReturnImpossible):
        title = translate("obstacles", "Esta devolução não pode ser feita por aqui.")
        return Message("warning", title, impossible_text(error), nothing_registered(), "PORTAL-13")
    if isinstance(error, NothingToReturn):
        title = translate("obstacles", "Não há nada a devolver nesta escolha.")
        return Message(
            "warning",
            title,
            nothing_registered(),
            translate("obstacles", "Consulte o pedido de novo (F2)."),
            "PORTAL-14",
        )
    if isinstance(error, ConnectionUnknown):
        title = translate("obstacles", "Esta conexão não existe mais neste caixa.")
        return Message(
            "warning",
            title,
            nothing_registered(),
            translate("obstacles", "Veja as conexões em Ajustes (F9)."),
            "PORTAL-15",
        )
    return None


def order_state_text(order: Order, system: str) -> str:
    """The state of an order by the system's own word, in the counter's words where they are known."""
    word = order.remote.state if order.remote else ""
    known = _mirakl_states() if system == MIRAKL else _akinon_states() if system == AKINON else {}
    text = known.get(word.strip().upper(), word)
    if order.remote is None or system != MIRAKL or not text:
        return text
    if order.remote.paid:
        return translate("remote", "{0}, pago").format(text)
    return translate("remote", "{0}, ainda não cobrado").format(text)


def _mirakl_states() -> dict[str, str]:
    return {
        "STAGING": translate("remote", "Em análise"),
        "WAITING_ACCEPTANCE": translate("remote", "Esperando a loja aceitar"),
        "WAITING_DEBIT": translate("remote", "Esperando a cobrança"),
        "WAITING_DEBIT_PAYMENT": translate("remote", "Esperando o pagamento"),
        "SHIPPING": translate("remote", "A enviar"),
        "SHIPPED": translate("remote", "Enviado"),
        "TO_COLLECT": translate("remote", "A retirar"),
        "RECEIVED": translate("remote", "Entregue"),
        "CLOSED": translate("remote", "Encerrado"),
        "REFUSED": translate("remote", "Recusado"),
        "CANCELED": translate("remote", "Cancelado"),
        "INCIDENT_OPEN": translate("remote", "Com reclamação"),
        "REFUNDED": translate("remote", "Devolvido"),
        "WAITING_REFUND": translate("remote", "Esperando o estorno"),
        "WAITING_REFUND_PAYMENT": translate("remote", "Esperando o estorno"),
    }


def _akinon_states() -> dict[str, str]:
    names = {
        ("50", "CANCELLATION_WAITING"): translate("remote", "Cancelamento em andamento"),
        ("100", "CANCELED"): translate("remote", "Cancelado"),
        ("200", "WAITING"): translate("remote", "Em espera"),
        ("300", "PAYMENT_WAITING"): translate("remote", "Esperando o pagamento"),
        ("350", "CONFIRMATION_WAITING"): translate("remote", "Esperando a confirmação"),
        ("400", "APPROVED"): translate("remote", "Aprovado"),
        ("450", "PREPARING"): translate("remote", "Em separação"),
        ("500", "SHIPPED"): translate("remote", "Enviado"),
        ("510", "SHIPPED_AND_INFORMED"): translate("remote", "Enviado"),
        ("520", "READY_FOR_PICKUP"): translate("remote", "A retirar"),
        ("540", "ATTEMPTED_DELIVERY"): translate("remote", "Tentativa de entrega"),
        ("544", "REVIEW_STARTED"): translate("remote", "Em análise"),
        ("545", "REVIEW_WAITING"): translate("remote", "Em análise"),
        ("550", "DELIVERED"): translate("remote", "Entregue"),
    }
    return {word: text for words, text in names.items() for word in words}


def remote_failure_title(reason: FailureReason, name: str) -> str:
    """The sentence for a failure between this till and a marketplace or web shop."""
    return {
        FailureReason.NO_CONNECTION: translate("remote", "Sem conexão com {0}."),
        FailureReason.TIMED_OUT: translate("remote", "{0} demorou demais para responder."),
        FailureReason.CONNECTION_LOST: translate("remote", "A conexão com {0} caiu antes da resposta."),
        FailureReason.UNREADABLE: translate("remote", "A resposta não veio de {0} ou não pôde ser lida."),
        FailureReason.WRONG_ORDER: translate("remote", "{0} respondeu sobre outro pedido."),
        FailureReason.TOO_LARGE: translate("remote", "A resposta de {0} era grande demais."),
        FailureReason.REDIRECTED: translate("remote", "A rede desviou a chamada a {0} para outro endereço."),
        FailureReason.CREDENTIALS: translate("remote", "{0} não aceitou a chave deste caixa."),
        FailureReason.FORBIDDEN: translate("remote", "{0} não deixa o usuário deste caixa fazer isto."),
        FailureReason.THROTTLED: translate("remote", "{0} pediu para esperar um pouco."),
        FailureReason.SERVER_ERROR: translate("remote", "{0} está com problemas."),
        FailureReason.EMPTY_RESULT: translate("remote", "A resposta de {0} veio sem resultado."),
        FailureReason.UNEXPECTED_STATUS: translate("remote", "A resposta de {0} veio de um jeito inesperado."),
        FailureReason.INTERRUPTED: translate("remote", "O programa foi fechado antes da resposta de {0}."),
        FailureReason.SAYS_NO: translate("remote", "{0} respondeu que não, sem dizer o que valeu."),
        FailureReason.IN_PROGRESS: translate("remote", "{0} ainda está processando a tentativa anterior."),
        FailureReason.CERTIFICATE: translate("remote", "O certificado de {0} não pôde ser confirmado."),
        FailureReason.OTHER_TILL: translate("remote", "Outro caixa está com este pedido; nada foi enviado a {0}."),
    }[reason].format(name)


def several_orders(error: Exception) -> tuple[str, ...]:
    """The numbers of the orders that a typed number may mean in one system; empty for any other error."""
    return error.order_ids if isinstance(error, SeveralOrders) else ()


def remote_error_text(error: Exception, name: str) -> str:
    """Why a connection gave no order, in one sentence."""
    numbers = several_orders(error)
    if numbers:
        several = translate("remote", "{0} tem mais de um pedido com este número: consulte {1}.")
        return several.format(name, translate("remote", " ou ").join(numbers))
    match error:
        case LookupFailed(reason=FailureReason() as reason):
            return remote_failure_title(reason, name)
        case LookupFailed(message=answer):
            refused = translate("remote", "{0} recusou a consulta.").format(name)
            return f"{refused} “{answer}”" if answer else refused
        case NotSetUp() | ConnectionUnknown():
            return translate("remote", "A conexão {0} ainda não tem chave: veja Ajustes (F9).").format(name)
    return translate("remote", "{0} não pôde ser consultado.").format(name)
