"""What the cashier must know of the other systems of a purchase before goods are taken back."""

from PySide6.QtWidgets import QSizePolicy

from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.ui.lookup.purchase import Purchase
from bonifiq_desktop.ui.messages.message import join_sentences, translate
from bonifiq_desktop.ui.messages.money_legs import joined_names
from bonifiq_desktop.ui.messages.shop_database import is_fresh, message_for_old_knowledge
from bonifiq_desktop.ui.widgets.banner import Notice


def purchase_warnings(purchase: Purchase, shop: ShopDatabaseStatus | None) -> list[Notice]:
    """The systems that a return leaves out because they gave no answer, and other tills that this one does not hear."""
    warnings = []
    if shop is not None and not is_fresh(shop):
        old = message_for_old_knowledge(shop)
        warnings.append(warning_notice(old.title, join_sentences(old.effect, old.action), old.code))
    if purchase.without_answer:
        title = translate("RefundPage", "Sem resposta de {0}.").format(joined_names(purchase.without_answer))
        rest = translate("RefundPage", "Se a compra foi feita lá, o dinheiro não volta por esta devolução.")
        warnings.append(warning_notice(title, rest, "PORTAL-17"))
    if purchase.bonifiq_silent and purchase.error is not None:
        rest = translate(
            "RefundPage", "Os pontos ficam para depois: consulte o pedido de novo quando o BonifiQ responder."
        )
        warnings.append(warning_notice(translate("RefundPage", "O BonifiQ não respondeu."), rest, "PEDIDO-19"))
    return warnings


def given_back_text(purchase: Purchase) -> str:
    """The systems that gave this purchase back already, so that the drawer would pay it twice; empty without one."""
    names = purchase.given_back_by
    if not names:
        return ""
    if len(names) > 1:
        text = translate("RefundPage", "Não pague na gaveta: {0} já cancelaram ou devolveram este pedido.")
    else:
        text = translate("RefundPage", "Não pague na gaveta: {0} já cancelou ou devolveu este pedido.")
    return text.format(joined_names(names))


def warning_notice(title: str, rest: str, code: str) -> Notice:
    notice = Notice("refundWarning")
    # Without this Qt reserves the height that the text would need in a narrow column.
    notice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    notice.say("warning", title, rest, code=code)
    return notice
