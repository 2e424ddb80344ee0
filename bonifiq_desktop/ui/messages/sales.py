"""Messages for confirmed sales and completions. Only a completed sale gives points."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.ui.messages.formats import bonus_text
from bonifiq_desktop.ui.messages.message import Message

translate = QCoreApplication.translate


def message_for_confirmed_sale(operation: Operation, warning: str) -> Message:
    """Message for a confirmed sale or completion. `warning`: a remark of the answer."""
    sold = operation.order
    if operation.kind is Kind.SALE and sold is not None and sold.cancelled:
        title = translate("sales", "Venda registrada como cancelada no BonifiQ.")
        return Message("warning", title, translate("sales", "Ela não dá pontos nem cashback."), warning)
    if operation.kind is Kind.SALE and sold is not None and sold.pending:
        later = translate("sales", "Quando for paga, consulte o pedido {0} (F2) e aperte “Concluir a venda”.").format(
            operation.order_id
        )
        return Message(
            "warning",
            translate("sales", "Venda registrada como pendente no BonifiQ."),
            translate("sales", "Ela ainda não dá pontos nem cashback."),
            " ".join(part for part in (later, warning) if part),
        )
    moved = bonus_text(operation.bonus) if operation.bonus else translate("sales", "O BonifiQ já tem esta venda.")
    if operation.kind is Kind.COMPLETION:
        title = translate("sales", "Venda {0} concluída no BonifiQ.").format(operation.order_id)
        return Message("success", title, moved, warning)
    return Message("success", translate("sales", "Venda registrada no BonifiQ."), moved, warning)


def completion_contradiction_text(operation: Operation) -> str:
    """What a look-up shows against a final completion."""
    if operation.state is State.CONFIRMED:
        return translate(
            "sales",
            "A conclusão desta venda estava confirmada, e agora o BonifiQ mostra a venda pendente. "
            "O cliente pode estar sem os pontos.",
        )
    return translate(
        "sales",
        "A conclusão desta venda está fechada como não feita, e o BonifiQ mostra a venda concluída. "
        "O cliente pode ter ganhado os pontos.",
    )
