"""User messages for look-ups that show the opposite of a final operation."""

from bonifiq_desktop.domain.operations import Kind, Operation, ReviewReason, State
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate


def message_for_contradiction(operation: Operation) -> Message:
    if operation.review_reason is ReviewReason.RESTORED:
        return _told_contradiction(operation)
    if operation.kind is Kind.RETURN:
        return _return_contradiction(operation)
    title = translate("operations", "O BonifiQ mostra outra coisa: alguém precisa conferir.")
    action = translate("operations", "Confira no painel do BonifiQ e depois aperte “Já verifiquei”, no Histórico (F4).")
    return Message("danger", title, _contradiction_effect(operation), action, code="CONFERIR-01")


def _contradiction_effect(operation: Operation) -> str:
    confirmed = operation.state is State.CONFIRMED
    return {
        (Kind.SALE, True): translate(
            "operations",
            "Esta venda estava confirmada, e agora o BonifiQ não encontra o pedido, ou mostra nele a venda "
            "de outro caixa. O cliente pode estar sem os pontos.",
        ),
        (Kind.SALE, False): translate(
            "operations",
            "Esta venda está fechada como não feita, e o BonifiQ tem um pedido com este número e este valor. "
            "O cliente pode ter ganhado os pontos.",
        ),
        (Kind.CANCEL, True): translate(
            "operations",
            "Este cancelamento estava confirmado, e agora o BonifiQ mostra o pedido sem cancelar. "
            "Os pontos podem não ter sido estornados.",
        ),
        (Kind.CANCEL, False): translate(
            "operations",
            "Este cancelamento está fechado como não feito, e o BonifiQ mostra o pedido cancelado. "
            "Os pontos podem ter sido estornados, por aqui, por outro caixa ou no painel.",
        ),
        (Kind.COMPLETION, True): translate(
            "sales",
            "A conclusão desta venda estava confirmada, e agora o BonifiQ mostra a venda pendente. "
            "O cliente pode estar sem os pontos.",
        ),
        (Kind.COMPLETION, False): translate(
            "sales",
            "A conclusão desta venda está fechada como não feita, e o BonifiQ mostra a venda concluída. "
            "O cliente pode ter ganhado os pontos.",
        ),
        (Kind.REFUND, True): translate(
            "operations",
            "Foi pedida a devolução de só uma parte, e o BonifiQ mostra o pedido inteiro cancelado. "
            "Os pontos do pedido inteiro podem ter sido estornados.",
        ),
        (Kind.REFUND, False): translate(
            "operations",
            "Esta devolução está fechada como não feita, e o total do pedido no BonifiQ baixou justamente deste "
            "valor. Os pontos podem ter sido estornados, por aqui, por outro caixa ou no painel.",
        ),
        (Kind.REDEMPTION, True): translate(
            "rewards",
            "Este benefício estava usado, e agora o BonifiQ o mostra desfeito. "
            "O cliente pode ter recebido os pontos de volta.",
        ),
        (Kind.REDEMPTION, False): translate(
            "rewards",
            "Este benefício está fechado como não usado, e o BonifiQ o mostra usado. "
            "O cliente pode ter gastado os pontos.",
        ),
        (Kind.REVERSAL, True): translate(
            "rewards",
            "Este benefício estava desfeito, e agora o BonifiQ o mostra usado. O cliente pode estar sem os pontos.",
        ),
        (Kind.REVERSAL, False): translate(
            "rewards",
            "Este benefício está fechado como não desfeito, e o BonifiQ o mostra desfeito. "
            "Os pontos podem ter voltado, por outro caixa ou no painel.",
        ),
    }[operation.kind, confirmed]


def _told_contradiction(operation: Operation) -> Message:
    """What the shop's history knows as done and a person closed here as not done."""
    is_money = operation.kind is Kind.RETURN
    effect = translate("operations", "Isto está fechado como não feito neste PC, e a loja sabe que foi confirmado.")
    moved = (
        translate("operations", "O dinheiro pode ter saído.")
        if is_money
        else translate("operations", "Os pontos já podem ter mudado.")
    )
    place = (
        translate("operations", "Confira no portal de lá e depois aperte “Já verifiquei”, no Histórico (F4).")
        if is_money
        else translate("operations", "Confira no painel do BonifiQ e depois aperte “Já verifiquei”, no Histórico (F4).")
    )
    title = translate("operations", "O histórico da loja mostra outra coisa: alguém precisa conferir.")
    return Message("danger", title, join_sentences(effect, moved), place, code="CONFERIR-03")


def _return_contradiction(operation: Operation) -> Message:
    effect = (
        translate(
            "operations", "Esta devolução estava confirmada, e agora não aparece lá. O dinheiro pode não ter saído."
        )
        if operation.state is State.CONFIRMED
        else translate(
            "operations", "Esta devolução está fechada como não feita, e lá há uma igual. O dinheiro pode ter saído."
        )
    )
    title = translate("operations", "{0} mostra outra coisa: alguém precisa conferir.")
    action = translate("operations", "Confira no portal de lá e depois aperte “Já verifiquei”, no Histórico (F4).")
    return Message("danger", title.format(operation.connection), effect, action, code="CONFERIR-02")
