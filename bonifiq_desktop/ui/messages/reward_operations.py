"""User messages for the redemption of a reward, its reversal, and the sale that uses it."""

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ui.messages.codes import code_of_review
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate
from bonifiq_desktop.ui.messages.order_errors import failure_title, quote_bonifiq
from bonifiq_desktop.ui.messages.shop_database import review_texts_of_tills

REWARD_KINDS = frozenset({Kind.REDEMPTION, Kind.REVERSAL})


def message_for_reward_operation(operation: Operation) -> Message:
    """Message for a redemption or a reversal."""
    return _redemption(operation) if operation.kind is Kind.REDEMPTION else _reversal(operation)


def reward_text(operation: Operation) -> str:
    """`benefício de R$ 10,00`; without an amount where the reward takes none off."""
    if not operation.value:
        return translate("rewards", "benefício")
    return translate("rewards", "benefício de {0}").format(format_reais(operation.value))


def lacks_code(operation: Operation) -> bool:
    """Whether a redeemed reward came without the code that a sale needs, so that it can only be undone."""
    redeemed = operation.kind is Kind.REDEMPTION and operation.state is State.CONFIRMED
    return redeemed and not operation.external_code


def _named(text: str, operation: Operation) -> str:
    """A sentence about the reward, with a capital letter at its start."""
    sentence = text.format(reward_text(operation))
    return sentence[:1].upper() + sentence[1:]


def _redemption(operation: Operation) -> Message:
    answer = quote_bonifiq(operation.message)
    match operation.state:
        case State.QUEUED | State.SENDING:
            return _pending_redemption(operation)
        case State.UNKNOWN:
            return Message(
                "warning",
                _named(translate("rewards", "Sendo confirmado: {0}."), operation),
                join_sentences(
                    translate("rewards", "Ainda não se sabe se o benefício foi usado."), _failure(operation)
                ),
                translate("rewards", "O programa repete sozinho com o mesmo protocolo: ele não é usado duas vezes."),
                code="BENEF-02",
            )
        case State.REVIEW:
            return _review(operation, translate("rewards", "Uma pessoa precisa decidir se o benefício foi usado."))
        case State.CONFIRMED if lacks_code(operation):
            return Message(
                "warning",
                _named(translate("rewards", "{0} usado, mas sem o código para a venda."), operation),
                translate("rewards", "O BonifiQ já tinha usado o benefício e não repetiu o código dele."),
                translate("rewards", "Ele não entra na venda: desfaça-o e, se o cliente quiser, use outra vez."),
                code="BENEF-04",
            )
        case State.CONFIRMED:
            return Message("success", _named(translate("rewards", "{0} usado no BonifiQ."), operation), code="BENEF-03")
        case State.REFUSED:
            return Message(
                "danger",
                translate("rewards", "O BonifiQ recusou o benefício."),
                join_sentences(answer, _nothing_used()),
                translate("rewards", "Escolha outro benefício, ou siga com a venda sem ele."),
                code="BENEF-05",
            )
        case State.WITHDRAWN:
            return Message(
                "info", translate("rewards", "Benefício desfeito antes do envio."), _nothing_used(), code="BENEF-06"
            )
        case State.NOT_APPLIED:
            return Message(
                "info", translate("rewards", "Fechado: o benefício não foi usado."), _nothing_used(), code="BENEF-07"
            )


def _pending_redemption(operation: Operation) -> Message:
    if operation.state is State.QUEUED and operation.failure_reason is FailureReason.NO_CONNECTION:
        return Message(
            "warning",
            translate("rewards", "Benefício registrado neste PC, aguardando a internet."),
            translate("rewards", "Ainda não chegou ao BonifiQ: não prometa o desconto ao cliente."),
            translate("rewards", "O envio acontece sozinho. Para não esperar, desfaça o benefício."),
            code="BENEF-01",
        )
    return Message(
        "info",
        translate("rewards", "Enviando ao BonifiQ: {0}…").format(reward_text(operation)),
        translate("rewards", "O desconto vale quando o BonifiQ confirmar."),
        code="BENEF-01",
    )


def _reversal(operation: Operation) -> Message:
    match operation.state:
        case State.QUEUED | State.SENDING:
            return _pending_reversal(operation)
        case State.UNKNOWN:
            return Message(
                "warning",
                _named(translate("rewards", "Sendo desfeito: {0}."), operation),
                join_sentences(
                    translate("rewards", "Ainda não se sabe se ele voltou ao cliente."), _failure(operation)
                ),
                translate("rewards", "O programa repete sozinho: nenhum outro benefício é desfeito."),
                code="BENEF-10",
            )
        case State.REVIEW:
            return _review(operation, translate("rewards", "Uma pessoa precisa decidir se o benefício foi desfeito."))
        case State.CONFIRMED:
            return Message(
                "success",
                _named(translate("rewards", "{0} desfeito no BonifiQ."), operation),
                translate("rewards", "O que ele gastou volta ao saldo do cliente."),
                code="BENEF-11",
            )
        case State.REFUSED:
            return Message(
                "danger",
                translate("rewards", "O BonifiQ não desfez o benefício."),
                join_sentences(quote_bonifiq(operation.message), _still_used()),
                translate("rewards", "Tente de novo em Consultar (F2), ou confira no painel do BonifiQ."),
                code="BENEF-12",
            )
        case State.WITHDRAWN:
            return Message("info", translate("rewards", "Nada foi enviado para desfazer o benefício."), code="BENEF-13")
        case State.NOT_APPLIED:
            return Message(
                "warning",
                translate("rewards", "Fechado: o benefício não foi desfeito."),
                _still_used(),
                code="BENEF-14",
            )


def _pending_reversal(operation: Operation) -> Message:
    if operation.state is State.QUEUED and operation.failure_reason is FailureReason.NO_CONNECTION:
        return Message(
            "warning",
            translate("rewards", "O benefício será desfeito quando a internet voltar."),
            translate("rewards", "Até lá, o que ele gastou não volta ao cliente."),
            translate("rewards", "O envio acontece sozinho. Não precisa desfazer de novo."),
            code="BENEF-08",
        )
    return Message(
        "info",
        translate("rewards", "Desfazendo no BonifiQ: {0}…").format(reward_text(operation)),
        translate("rewards", "O que ele gastou volta ao cliente quando o BonifiQ confirmar."),
        code="BENEF-09",
    )


def _review(operation: Operation, title: str) -> Message:
    reason = _review_text(operation.review_reason) if operation.review_reason else ""
    return Message(
        "danger",
        title,
        join_sentences(reason, quote_bonifiq(operation.message)),
        translate("rewards", "O responsável decide no Histórico (F4). Até lá, não use outro benefício nesta venda."),
        code=code_of_review(operation),
    )


def _review_text(reason: ReviewReason) -> str:
    key_used = translate("rewards", "O BonifiQ diz que o protocolo deste benefício já foi usado.")
    return {
        ReviewReason.KEY_USED_BEFORE: key_used,
        ReviewReason.KEY_NOT_TRUSTED: key_used,
        ReviewReason.LOOKUP_DISAGREES: translate("rewards", "O BonifiQ mostra o benefício de outro jeito."),
        ReviewReason.BUDGET_USED_UP: translate(
            "rewards", "O BonifiQ não deu resposta clara depois de muitas tentativas."
        ),
        ReviewReason.UNSENDABLE: translate("rewards", "Este registro não pode ser enviado por este PC."),
        ReviewReason.RESTORED: translate(
            "rewards", "O histórico foi recuperado de uma cópia; este registro pode ter sido enviado depois dela."
        ),
        ReviewReason.SAYS_NO_TWICE: translate(
            "rewards", "O BonifiQ respondeu duas vezes que não, sem dizer se alguma tentativa valeu."
        ),
        ReviewReason.REFUSED_ON_REPEAT: translate(
            "rewards", "O BonifiQ recusou a repetição; a primeira tentativa pode ter valido."
        ),
        **review_texts_of_tills(),
    }.get(reason, translate("rewards", "O BonifiQ recusou, mas o envio pode ter valido."))


def _failure(operation: Operation) -> str:
    title = failure_title(operation.failure_reason) if operation.failure_reason else ""
    return join_sentences(title, quote_bonifiq(operation.message))


def _nothing_used() -> str:
    return translate("rewards", "Nenhum ponto ou cashback do cliente foi gasto.")


def _still_used() -> str:
    return translate("rewards", "Ele continua usado, sem uma venda: está em Consultar (F2).")


# --- the sale that uses a reward


def sale_reward_effect(sale: Operation) -> str:
    """What becomes of the reward that a sale uses; empty for a sale without one."""
    if sale.kind is not Kind.SALE or not sale.checkout_id:
        return ""
    if sale.state is State.QUEUED and not sale.attempts:
        return translate("rewards", "Se o benefício do cliente ainda estiver sendo confirmado, a venda espera por ele.")
    if sale.state in CLOSED_NEGATIVELY:
        return translate(
            "rewards",
            "O benefício do cliente continua usado: em Consultar (F2) ele vai para outra venda ou é desfeito.",
        )
    if sale.state is State.CONFIRMED:
        return translate("rewards", "O benefício do cliente foi usado nesta venda.")
    return ""


def review_text_without_reward() -> str:
    """Why a sale waits for a person: its reward was not redeemed."""
    return translate(
        "rewards", "O BonifiQ não usou o benefício do cliente; a venda, com o desconto dele, não foi enviada."
    )
