"""What the cashier must know of the other systems of a purchase before goods are taken back."""

from bonifiq_desktop.ui.lookup.purchase import Purchase
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.money_legs import joined_names
from bonifiq_desktop.ui.widgets.banner import Notice


def purchase_warnings(purchase: Purchase) -> list[Notice]:
    """The systems that a return leaves out because they gave no answer."""
    warnings = []
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
    notice.fit_text()
    notice.say("warning", title, rest, code=code)
    return notice
