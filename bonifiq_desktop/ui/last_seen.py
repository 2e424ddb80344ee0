"""What the window says of an order that this till knows less of than usual: shown as last seen, or from a copy."""

from PySide6.QtWidgets import QSizePolicy

from bonifiq_desktop.ledger.values import Restored
from bonifiq_desktop.services.errors import OrderAlreadyCancelled
from bonifiq_desktop.services.values import FoundOrder
from bonifiq_desktop.ui.formats import moment, moment_short, translate
from bonifiq_desktop.ui.ledger_words import busy
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.words import describe, trouble_title


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


def restored_notice(restored: Restored) -> Words:
    """The look-up page's message for an order some of whose refunds may be missing in a restored history."""
    told = (
        translate("LastSeen", "O histórico deste caixa foi recuperado em {0} de uma cópia de {1}.").format(
            moment(restored.at), moment(restored.made_at)
        )
        if restored.made_at
        else translate("LastSeen", "O histórico deste caixa foi trocado em {0}.").format(moment(restored.at))
    )
    return Words(
        "warning",
        translate("LastSeen", "Este caixa pode não lembrar de todas as devoluções deste pedido."),
        told,
        translate("LastSeen", "Antes de devolver, confira no painel do BonifiQ o que já voltou."),
    )


def seen_banner(name: str, found: FoundOrder) -> Banner:
    """The same above a dialog's form, in sight until it is confirmed."""
    title = translate("LastSeen", "Não consultado agora: visto em {0}.").format(moment(found.seen_at))
    banner = Banner(name)
    # Its height is the one at the dialog's width, not that of the narrow column that Qt proposes for wrapped text.
    banner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    banner.say(Words("warning", title, translate("LastSeen", "Será conferido no BonifiQ antes do envio.")))
    return banner
