"""User messages for operations: their states, stopped sending and contradicting look-ups."""

from dataclasses import replace

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import (
    BONIFIQ,
    UNFINISHED,
    Evidence,
    Kind,
    Operation,
    ReviewReason,
    State,
)
from bonifiq_desktop.domain.points_claims import PointsClaim, points_claim
from bonifiq_desktop.domain.verdicts import CancelStatus, FailureReason
from bonifiq_desktop.ui.messages.codes import code_of_review
from bonifiq_desktop.ui.messages.formats import bonus_text, kind_name
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate
from bonifiq_desktop.ui.messages.money_legs import (
    message_for_money_leg,
    message_for_points_leg,
    no_trace_text,
    review_text_without_money,
)
from bonifiq_desktop.ui.messages.order_errors import failure_title, quote_bonifiq
from bonifiq_desktop.ui.messages.reward_operations import (
    REWARD_KINDS,
    message_for_reward_operation,
    review_text_without_reward,
    sale_reward_effect,
)
from bonifiq_desktop.ui.messages.shop_database import (
    message_for_other_till,
    message_for_waiting_operation,
    review_texts_of_tills,
    waits_for_another_till,
)
from bonifiq_desktop.worker.commands import Status


def message_for_operation(operation: Operation) -> Message:
    if operation.till and operation.state in UNFINISHED:
        return message_for_other_till(operation, None)
    if waits_for_another_till(operation):
        return message_for_waiting_operation(operation)
    if operation.system != BONIFIQ:
        return message_for_money_leg(operation)
    if operation.kind in REWARD_KINDS:
        return message_for_reward_operation(operation)
    return message_for_points_leg(operation) or _message_by_state(operation)


def _message_by_state(operation: Operation) -> Message:
    match operation.state:
        case State.QUEUED | State.SENDING:
            return _pending(operation)
        case State.UNKNOWN:
            return _unknown(operation)
        case State.REVIEW:
            return _review(operation)
        case State.CONFIRMED:
            return _confirmed(operation)
        case State.REFUSED:
            return _refused(operation)
        case State.WITHDRAWN:
            return _closed(operation, translate("operations", "Desistência registrada: nada foi enviado."), "ENVIO-07")
        case State.NOT_APPLIED:
            return _closed(operation, translate("operations", "Fechado como não feito."), "ENVIO-08")


def _closed(operation: Operation, title: str, code: str) -> Message:
    return Message("info", title, _no_points_changed(), sale_reward_effect(operation), code)


def with_stop_reason(message: Message, operation: Operation, status: Status | None) -> Message:
    """An operation's message, with the stop reason in place of "it goes on by itself"."""
    reason = _stop_reason(operation, status) if status is not None and not operation.till else ""
    if not reason or operation.state not in {State.QUEUED, State.SENDING, State.UNKNOWN}:
        return message
    if operation.state is State.QUEUED:
        message = replace(message, title=translate("stopped", "Registrado neste PC, ainda não enviado."))
    return replace(message, tone="warning", action=reason, code="ENVIO-06")


def _stop_reason(operation: Operation, status: Status) -> str:
    if operation.system != BONIFIQ:
        return _stop_reason_elsewhere(operation, status)
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


def _stop_reason_elsewhere(operation: Operation, status: Status) -> str:
    stopped = any(each.stopped_by_credentials for each in status.elsewhere if each.name == operation.connection)
    if not stopped:
        return ""
    text = translate(
        "stopped",
        "O envio a {0} está parado: a chave não foi aceita. O responsável precisa conferi-la em Ajustes (F9); depois "
        "segue sozinho. Não registre de novo nem pague na gaveta.",
    )
    return text.format(operation.connection)


def _no_points_changed() -> str:
    return translate("operations", "Nenhum ponto ou cashback mudou por este registro.")


def _pending(operation: Operation) -> Message:
    carry_on = translate("operations", "Pode atender o próximo: o resto acontece sozinho. Não registre de novo.")
    is_queued = operation.state is State.QUEUED
    if is_queued and operation.look_up_first and operation.kind is Kind.SALE:
        checked = translate(
            "operations", "Ainda não chegou ao BonifiQ: o número digitado será conferido antes do envio."
        )
        return Message("info", translate("operations", "Registrado neste PC."), checked, carry_on, code="ENVIO-01")
    if is_queued and operation.look_up_first:
        return Message(
            "warning",
            translate("operations", "Registrado neste PC, aguardando a conexão com o BonifiQ."),
            translate("operations", "Ainda não chegou ao BonifiQ: o pedido será conferido antes do envio."),
            carry_on,
            code="ENVIO-02",
        )
    if is_queued and operation.failure_reason is FailureReason.NO_CONNECTION:
        return Message(
            "warning",
            translate("operations", "Registrado neste PC, aguardando a internet."),
            translate("operations", "Ainda não chegou ao BonifiQ. Os pontos mudam quando chegar."),
            translate("operations", "Pode atender o próximo: o envio acontece sozinho. Não registre de novo."),
            code="ENVIO-03",
        )
    points = translate("operations", "Os pontos mudam quando o BonifiQ responder.")
    if is_queued:  # held for the time to undo, or behind others: nothing was sent
        title = translate("operations", "Registrado neste PC: {0}.").format(_what(operation))
        soon = translate("operations", "O envio ao BonifiQ começa em seguida.")
        return Message("info", title, join_sentences(points, sale_reward_effect(operation)), soon, code="ENVIO-01")
    return Message(
        "info", translate("operations", "Enviando ao BonifiQ: {0}…").format(_what(operation)), points, code="ENVIO-04"
    )


def _what(operation: Operation) -> str:
    """`devolução de R$ 49,90`."""
    kind, value = kind_name(operation.kind).lower(), format_reais(operation.value)
    return translate("operations", "{0} de {1}").format(kind, value)


def _unknown(operation: Operation) -> Message:
    failure = failure_title(operation.failure_reason) if operation.failure_reason else ""
    repeats = translate(
        "operations", "O programa repete sozinho com o mesmo protocolo, sem devolver duas vezes. Não registre de novo."
    )
    looks_up = translate("operations", "O programa confere sozinho no BonifiQ. Não registre de novo.")
    return Message(
        "warning",
        translate("operations", "Sendo confirmado: {0}.").format(_what(operation)),
        join_sentences(
            translate("operations", "Ainda não se sabe se o BonifiQ recebeu."),
            failure,
            quote_bonifiq(operation.message),
        ),
        repeats if operation.kind is Kind.REFUND else looks_up,
        code="ENVIO-05",
    )


def _review(operation: Operation) -> Message:
    reason = review_text(operation.review_reason, operation.kind) if operation.review_reason else ""
    return Message(
        "danger",
        translate("operations", "Uma pessoa precisa decidir: não repita a operação."),
        join_sentences(reason, quote_bonifiq(operation.message)),
        translate("operations", "O pedido fica bloqueado até o responsável decidir, no Histórico (F4)."),
        code=code_of_review(operation),
    )


def review_text(reason: ReviewReason, kind: Kind) -> str:
    number_taken = translate(
        "operations", "O BonifiQ já tem um pedido com este número; nada foi enviado, e ele continua como estava."
    )
    order_changed = translate(
        "operations", "O pedido no BonifiQ não está mais como foi visto aqui; nada foi enviado ainda."
    )
    return {
        ReviewReason.KEY_USED_BEFORE: translate(
            "operations",
            "O BonifiQ diz que esta devolução já foi feita antes, por outro caixa ou antes de o histórico se perder. "
            "Duas devoluções do mesmo valor no mesmo pedido parecem uma só: se esta é outra, diga isso ao decidir.",
        ),
        ReviewReason.REFUSED_ON_REPEAT: translate(
            "operations", "O BonifiQ recusou a repetição; a primeira tentativa pode ter valido."
        ),
        ReviewReason.REFUSAL_UNCHECKED: translate(
            "operations", "O BonifiQ recusou, mas o pedido pode ter sido cancelado por este mesmo envio."
        ),
        ReviewReason.KEY_NOT_TRUSTED: translate(
            "operations", "O BonifiQ diz que o protocolo desta devolução já foi usado."
        ),
        ReviewReason.LOOKUP_DISAGREES: translate(
            "operations", "O pedido no BonifiQ não combina com este registro: pode ser de outro caixa."
        ),
        ReviewReason.BUDGET_USED_UP: translate(
            "operations", "O BonifiQ não deu resposta clara depois de muitas tentativas."
        ),
        ReviewReason.ORDER_CHANGED: number_taken if kind is Kind.SALE else order_changed,
        ReviewReason.UNSENDABLE: translate("operations", "Este registro não pode ser enviado por este PC."),
        ReviewReason.RESTORED: translate(
            "operations", "O histórico foi recuperado de uma cópia; este registro pode ter sido enviado depois dela."
        ),
        ReviewReason.SAYS_NO_TWICE: translate(
            "operations", "O BonifiQ respondeu duas vezes que não, sem dizer se alguma tentativa valeu."
        ),
        ReviewReason.REFUSED_BEFORE: translate(
            "operations",
            "O BonifiQ recusou de novo, sem dizer a causa, um protocolo que este caixa já tinha enviado. "
            "Outro caixa pode ter feito uma devolução igual.",
        ),
        ReviewReason.NO_TRACE: no_trace_text("BonifiQ"),
        ReviewReason.MONEY_REFUSED: review_text_without_money(),
        ReviewReason.REWARD_NOT_REDEEMED: review_text_without_reward(),
        **review_texts_of_tills(),
    }[reason]


def _confirmed(operation: Operation) -> Message:
    if operation.kind in {Kind.SALE, Kind.COMPLETION}:
        return _confirmed_sale(operation)
    value = format_reais(operation.value)
    cancelled_all = operation.kind is Kind.REFUND and operation.evidence is Evidence.LOOKUP
    if operation.kind is Kind.CANCEL:
        code, title = "FEITO-01", translate("operations", "Pedido {0} cancelado no BonifiQ.").format(operation.order_id)
    elif cancelled_all:
        text = translate("operations", "Devolução de {0} aceita, mas o pedido inteiro aparece cancelado.")
        code, title = "FEITO-02", text.format(value)
    elif operation.after_money and operation.evidence is not Evidence.PERSON:
        code, title = "FEITO-03", translate("operations", "BonifiQ: estorno de {0}.").format(value)
    elif operation.api_status is CancelStatus.COMPLETED or operation.evidence is Evidence.PERSON:
        code, title = "FEITO-04", translate("operations", "Devolução de {0} feita no BonifiQ.").format(value)
    else:
        code, title = "FEITO-05", translate("operations", "Devolução de {0} aceita pelo BonifiQ.").format(value)
    proof = ""
    if operation.evidence is Evidence.KEY:
        proof = translate("operations", "Confirmado pelo protocolo: a primeira tentativa tinha valido.")
    elif operation.evidence is Evidence.LOOKUP:
        proof = translate("operations", "Confirmado consultando o pedido.")
    money = translate("operations", "O dinheiro ({0}) volta na maquininha ou na gaveta, não por aqui.").format(value)
    if operation.after_money:
        money = translate("operations", "O dinheiro sai pelo outro sistema: não pague na gaveta.")
    return Message(
        "warning" if cancelled_all else "success",
        title,
        join_sentences(_points_effect(operation), proof),
        join_sentences(money, _follow_up(operation), _answer_warning(operation)),
        code,
    )


def _confirmed_sale(operation: Operation) -> Message:
    """Build the message for a confirmed sale or completion. Only a completed sale gives points."""
    warning = _answer_warning(operation)
    sold = operation.order
    if operation.kind is Kind.SALE and sold is not None and sold.cancelled:
        title = translate("sales", "Venda registrada como cancelada no BonifiQ.")
        return Message("warning", title, translate("sales", "Ela não dá pontos nem cashback."), warning, "FEITO-06")
    if operation.kind is Kind.SALE and sold is not None and sold.pending:
        later = translate("sales", "Quando for paga, consulte o pedido {0} (F2) e aperte “Concluir a venda”.").format(
            operation.order_id
        )
        return Message(
            "warning",
            translate("sales", "Venda registrada como pendente no BonifiQ."),
            translate("sales", "Ela ainda não dá pontos nem cashback."),
            join_sentences(later, warning),
            code="FEITO-07",
        )
    moved = bonus_text(operation.bonus) if operation.bonus else translate("sales", "O BonifiQ já tem esta venda.")
    if operation.kind is Kind.COMPLETION:
        title = translate("sales", "Venda {0} concluída no BonifiQ.").format(operation.order_id)
        return Message("success", title, moved, warning, "FEITO-08")
    effect = join_sentences(moved, sale_reward_effect(operation))
    return Message("success", translate("sales", "Venda registrada no BonifiQ."), effect, warning, code="FEITO-09")


def _points_effect(operation: Operation) -> str:
    return {
        PointsClaim.BY_PERSON: translate(
            "operations", "Fechado como feito por decisão de uma pessoa; o saldo se confere no BonifiQ."
        ),
        PointsClaim.NOT_ENROLLED: translate("operations", "Este cliente não participa do programa de fidelidade."),
        PointsClaim.NOTHING_GIVEN: translate(
            "operations", "A venda estava pendente: não havia pontos nem cashback a estornar."
        ),
        PointsClaim.ORDER_REVERSED: translate("operations", "Os pontos e o cashback deste pedido foram estornados."),
        PointsClaim.VALUE_REVERSED: translate("operations", "Os pontos e o cashback desse valor foram estornados."),
        PointsClaim.ACCEPTED: translate("operations", "O BonifiQ aceitou o estorno; o saldo pode demorar."),
    }[points_claim(operation)]


def _follow_up(operation: Operation) -> str:
    """Return the action after a partial refund whose answer says "cancelled"."""
    if operation.kind is not Kind.REFUND or operation.api_status is not CancelStatus.CANCELLED:
        return ""
    if operation.evidence is Evidence.LOOKUP:
        return translate("operations", "Chame o responsável: foi pedida só uma parte.")
    return translate("operations", "O BonifiQ respondeu “cancelado”: consulte o pedido (F2) para ver como ficou.")


def _refused(operation: Operation) -> Message:
    next_time = translate(
        "operations", "Se o BonifiQ recusar outra vez sem dizer a causa, uma pessoa decide, no Histórico (F4)."
    )
    check = translate("operations", "Confira o pedido e o valor antes de tentar de novo.")
    return Message(
        "danger",
        translate("operations", "O BonifiQ recusou."),
        join_sentences(quote_bonifiq(operation.message), _no_points_changed()),
        join_sentences(check, next_time if operation.kind is Kind.REFUND else "", sale_reward_effect(operation)),
        code="ENVIO-10",
    )


def _answer_warning(operation: Operation) -> str:
    # Only a "done" answer carries a warning; any other message would contradict the title.
    if operation.evidence is not Evidence.ANSWER or not operation.message:
        return ""
    return translate("operations", "Aviso do BonifiQ: “{0}”").format(operation.message)
