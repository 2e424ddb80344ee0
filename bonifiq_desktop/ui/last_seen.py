"""What the window says of an order that is shown as last seen here, because BonifiQ could not be asked now."""

from PySide6.QtWidgets import QSizePolicy

from bonifiq_desktop.services.errors import OrderAlreadyCancelled
from bonifiq_desktop.services.values import FoundOrder
from bonifiq_desktop.ui.formats import moment, moment_short, translate
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.words import Words, busy, describe, trouble_title


def seen_chip(found: FoundOrder) -> str:
    """A few words for beside the order's state; empty for an order just looked up."""
    if found.seen_at is None:
        return ""
    return translate("LastSeen", "Não consultado agora · visto em {0}").format(moment_short(found.seen_at))


def seen_sentence(found: FoundOrder) -> str:
    """What the card shows instead of BonifiQ's answer."""
    return translate("LastSeen", "Este é o pedido como este caixa o conhecia em {0}; pode ter mudado depois.").format(
        moment(found.seen_at)
    )


def seen_notice(found: FoundOrder) -> Words:
    """The look-up page's message: why, since when, and what can be done with it."""
    if found.unfinished is not None:
        to_do = busy(found.unfinished, "").title
    elif found.closed:
        to_do = describe(OrderAlreadyCancelled()).title
    elif not found.left:
        to_do = translate("LastSeen", "Não há mais nada a devolver neste pedido.")
    else:
        to_do = translate("LastSeen", "Dá para devolver: o pedido será conferido no BonifiQ antes do envio.")
    title = trouble_title(found.trouble) if found.trouble else ""
    return Words("warning", title, seen_sentence(found), to_do)


def seen_banner(name: str, found: FoundOrder) -> Banner:
    """The same above a dialog's form, in sight until it is confirmed."""
    title = translate("LastSeen", "Não consultado agora: visto em {0}.").format(moment(found.seen_at))
    banner = Banner(name)
    # Its height is the one at the dialog's width, not that of the narrow column that Qt proposes for wrapped text.
    banner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    banner.say(Words("warning", title, translate("LastSeen", "Será conferido no BonifiQ antes do envio.")))
    return banner
