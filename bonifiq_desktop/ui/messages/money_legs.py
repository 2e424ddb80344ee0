"""User messages for the legs of a return in marketplaces and web shops, and for the customer at the counter."""

from collections.abc import Sequence

from bonifiq_desktop.domain.legs import RemoteProgress, remote_progress
from bonifiq_desktop.domain.operations import BONIFIQ, CLOSED_NEGATIVELY, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.ui.messages.codes import code_of_review
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate
from bonifiq_desktop.ui.messages.remote_orders import remote_failure_title
from bonifiq_desktop.ui.messages.shop_database import review_texts_of_tills

_WORST_FIRST = (
    State.REFUSED,
    State.REVIEW,
    State.NOT_APPLIED,
    State.UNKNOWN,
    State.WITHDRAWN,
    State.SENDING,
    State.QUEUED,
    State.CONFIRMED,
)


def worst_first(operations: Sequence[Operation]) -> list[Operation]:
    """The legs of a return, the one that needs a person most at first."""
    return sorted(operations, key=lambda o: (_WORST_FIRST.index(o.state), o.kind is not Kind.RETURN, o.leg))


def leg_for_a_person(operations: Sequence[Operation]) -> Operation:
    """The leg that the history shows for a return: one that can be decided, else the worst one."""
    return next((o for o in operations if o.state is State.REVIEW), worst_first(operations)[0])


def main_leg(operations: Sequence[Operation]) -> Operation:
    """The leg whose state stands for the return: BonifiQ's, or the worst one without it."""
    return next((o for o in operations if o.system == BONIFIQ), worst_first(operations)[0])


def value_text(operation: Operation) -> str:
    """The value of a leg in its currency; `estimado` where the system computes it."""
    value = format_money(operation.value, operation.currency)
    return translate("legs", "{0} (estimado)").format(value) if operation.is_estimate else value


def message_for_money_leg(operation: Operation) -> Message:
    """Message for a leg of a marketplace or web shop. *Accepted* is not *refunded*: its own state says that."""
    name, value = operation.connection, value_text(operation)
    match operation.state:
        case State.QUEUED | State.SENDING:
            return _pending(operation, name)
        case State.UNKNOWN:
            return Message(
                "warning",
                translate("legs", "{0}: ainda não se sabe se valeu. Sendo conferido…").format(name),
                remote_failure_title(operation.failure_reason, name) if operation.failure_reason else "",
                translate(
                    "legs", "O programa lê os registros de lá antes de qualquer repetição. Não registre de novo."
                ),
                code="PORTAL-01",
            )
        case State.REVIEW:
            return Message(
                "danger",
                translate("legs", "{0}: uma pessoa precisa decidir.").format(name),
                join_sentences(_review_text(operation), quote(operation)),
                translate("legs", "Não faça de novo nem pague na gaveta antes da decisão, no Histórico (F4)."),
                code=code_of_review(operation),
            )
        case State.CONFIRMED:
            return Message(
                "success",
                translate("legs", "{0} aceitou a devolução de {1}.").format(name, value),
                remote_state_text(operation),
                translate("legs", "O dinheiro sai por {0}: não pague na gaveta.").format(name),
                code="PORTAL-02",
            )
        case State.REFUSED:
            return Message(
                "danger",
                translate("legs", "{0} recusou: o dinheiro não foi devolvido por lá.").format(name),
                quote(operation),
                translate("legs", "Confira o pedido no portal e resolva por lá, ou devolva de novo."),
                code="PORTAL-03",
            )
        case State.WITHDRAWN:
            return Message(
                "info",
                translate("legs", "{0}: desistência registrada, nada foi enviado.").format(name),
                code="PORTAL-04",
            )
        case State.NOT_APPLIED:
            return Message(
                "warning",
                translate("legs", "{0}: fechado como não feito, o dinheiro não saiu por lá.").format(name),
                code="PORTAL-05",
            )


def _pending(operation: Operation, name: str) -> Message:
    if operation.state is State.QUEUED and operation.failure_reason is not None:
        return Message(
            "warning",
            translate("legs", "{0}: registrado neste PC, aguardando o envio.").format(name),
            remote_failure_title(operation.failure_reason, name),
            translate("legs", "Vai sozinho quando der. Não registre de novo nem pague na gaveta."),
            code="PORTAL-07",
        )
    sending = translate("legs", "{0}: registrado neste PC. Enviando {1}…").format(name, value_text(operation))
    return Message(
        "info", sending, "", translate("legs", "Não pague na gaveta: {0} devolve.").format(name), code="PORTAL-06"
    )


def _waiting_points(operation: Operation) -> Message:
    return Message(
        "info",
        translate("legs", "BonifiQ: o estorno de {0} espera o dinheiro.").format(value_text(operation)),
        translate("legs", "Vai sozinho quando todas as outras partes forem aceitas."),
        code="PORTAL-08",
    )


def message_for_points_leg(operation: Operation) -> Message | None:
    """Message for BonifiQ's leg of a return, where it depends on the money; None elsewhere."""
    if operation.state is State.QUEUED and operation.after_money and not operation.attempts:
        return _waiting_points(operation)
    is_held = operation.state is State.REVIEW and operation.review_reason is ReviewReason.MONEY_REFUSED
    return _kept_points() if is_held else None


def _kept_points() -> Message:
    return Message(
        "danger",
        translate("legs", "BonifiQ: dinheiro não devolvido, pontos mantidos."),
        translate("legs", "O outro sistema não devolveu o dinheiro, ou isso foi desfeito."),
        translate("legs", "Uma pessoa decide no Histórico (F4): estornar os pontos assim mesmo, ou mantê-los."),
        code="DECIDIR-13",
    )


def review_text_without_money() -> str:
    return translate("legs", "O dinheiro não foi devolvido pelo outro sistema, por isso os pontos foram mantidos.")


def no_trace_text(name: str) -> str:
    text = translate("legs", "{0} não mostra nenhum rastro deste envio, e repetir poderia valer duas vezes.")
    return text.format(name)


def _review_text(operation: Operation) -> str:
    name = operation.connection
    texts = {
        ReviewReason.NO_TRACE: no_trace_text(name),
        ReviewReason.MONEY_REFUSED: review_text_without_money(),
        ReviewReason.LOOKUP_DISAGREES: translate(
            "legs", "Os registros de {0} não combinam com este envio: pode haver outro igual, ou só uma parte valeu."
        ),
        ReviewReason.ORDER_CHANGED: translate(
            "legs", "O pedido em {0} não está mais como foi visto aqui; nada foi enviado ainda."
        ),
        ReviewReason.REFUSED_ON_REPEAT: translate(
            "legs", "{0} recusou a repetição; a primeira tentativa pode ter valido."
        ),
        ReviewReason.REFUSAL_UNCHECKED: translate("legs", "{0} recusou, mas o envio pode ter valido."),
        ReviewReason.BUDGET_USED_UP: translate("legs", "{0} não deu resposta clara depois de muitas tentativas."),
        ReviewReason.SAYS_NO_TWICE: translate(
            "legs", "{0} respondeu duas vezes que não, sem dizer se alguma tentativa valeu."
        ),
        ReviewReason.RESTORED: translate(
            "legs", "O histórico foi recuperado de uma cópia; este registro pode ter sido enviado depois dela."
        ),
        ReviewReason.UNSENDABLE: translate("legs", "Este registro não pode ser enviado por este PC."),
        **review_texts_of_tills(),
    }
    reason = operation.review_reason
    return texts.get(reason, translate("legs", "Confira em {0} o que valeu.")).format(name) if reason else ""


def quote(operation: Operation) -> str:
    """The last words of the system."""
    said = translate("legs", "{0} disse: “{1}”")
    return said.format(operation.connection, operation.message) if operation.message else ""


def remote_state_text(operation: Operation) -> str:
    """What became of an accepted leg, by the system's own word."""
    return {
        RemoteProgress.UNSAID: translate("legs", "Aceita; o estorno pode demorar."),
        RemoteProgress.WAITS_FOR_TAXES: translate("legs", "Aceita; esperando a confirmação dos impostos."),
        RemoteProgress.NOT_PAID_YET: translate("legs", "Aceita; o estorno ainda não saiu."),
        RemoteProgress.REFUNDED: translate("legs", "Estornada: o dinheiro já saiu por lá."),
        RemoteProgress.CANCELLING: translate("legs", "Aceita; o cancelamento está em andamento."),
        RemoteProgress.CANCELLED: translate("legs", "Cancelada lá; o estorno pode demorar."),
        RemoteProgress.OTHER: translate("legs", "Aceita; situação lá: {0}.").format(operation.remote_state.strip()),
    }[remote_progress(operation)]


def customer_sentence(operations: Sequence[Operation]) -> Message:
    """One sentence to read to the customer, for all legs of a return."""
    money = [o for o in operations if o.kind is Kind.RETURN]
    names = joined_names([o.connection for o in money])
    if all(o.state is State.WITHDRAWN for o in operations):
        return Message("info", translate("legs", "Devolução desfeita: nada foi enviado."), code="PORTAL-09")
    if any(o.state is State.REVIEW or o.state in CLOSED_NEGATIVELY for o in operations):
        return Message(
            "danger",
            translate("legs", "Espere, por favor: uma parte da devolução precisa ser conferida."),
            code="PORTAL-10",
        )
    if any(o.state is State.UNKNOWN for o in operations):
        return Message(
            "warning",
            translate("legs", "Devolução registrada, ainda sem confirmação. Não precisa esperar."),
            code="PORTAL-11",
        )
    if all(o.state is State.CONFIRMED for o in money):
        title = translate("legs", "Devolução aceita. O dinheiro volta por {0}, pela forma de pagamento da compra.")
        return Message("success", title.format(names), code="PORTAL-12")
    return Message(
        "info", translate("legs", "Devolução registrada. O dinheiro volta por {0}.").format(names), code="PORTAL-12"
    )


def joined_names(names: Sequence[str]) -> str:
    """`Carrefour`, `Carrefour e Loja on-line`, each name once."""
    once = list(dict.fromkeys(names))
    *others, last = once or [""]
    return translate("legs", "{0} e {1}").format(", ".join(others), last) if others else last
