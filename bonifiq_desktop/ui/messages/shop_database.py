"""User messages for the other tills of a shop, and for the shop database between them."""

from datetime import UTC, datetime, timedelta

from bonifiq_desktop.domain.operations import Operation, ReviewReason, State
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.domain.shop_database import (
    EnrolmentError,
    EnrolmentTrouble,
    InvitationError,
    InvitationTrouble,
    KnownTill,
    ShopDatabaseError,
    ShopDatabaseStatus,
    Trouble,
)
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ui.messages.codes import ENROLMENT_CODES, INVITATION_CODES, TROUBLE_CODES
from bonifiq_desktop.ui.messages.formats import age_text, joined, kind_name, short_date_and_time, state_name
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate

FRESH = timedelta(minutes=2)
"""How old the knowledge of the other tills may be before the screen warns of it: four rounds of the exchange."""
NEEDS_BEGINNING = frozenset({Trouble.FORK, Trouble.HOLE})
"""The troubles that end when this till tells its whole history anew."""
_HEARING = frozenset({None, Trouble.NEWER, Trouble.FAILED, *NEEDS_BEGINNING})
"""The troubles with which an exchange may be complete: only this till's changes, or one till's, are left out."""
_CAIXA = "caixa"


def till_name(till: str) -> str:
    """`caixa 2` for `CAIXA2`, `caixa FRENTE` for another name."""
    named = till.strip()
    if named.lower().startswith(_CAIXA) and len(named) > len(_CAIXA):
        named = named[len(_CAIXA) :].strip(" -_")
    return translate("shop", "caixa {0}").format(named)


def person_and_till(operation: Operation) -> str:
    """`Ana`; `caixa 2 · Ana` for an operation of another till."""
    return joined(till_name(operation.till) if operation.till else "", operation.registered_by)


# --- what this till knows


def is_fresh(shop: ShopDatabaseStatus) -> bool:
    """Whether this till has exchanged changes a moment ago, so that the screen shows the whole shop."""
    return shop.trouble is None and _is_hearing(shop)


def _is_hearing(shop: ShopDatabaseStatus) -> bool:
    """Whether the other tills' changes arrived a moment ago; this till's own may be refused meanwhile."""
    if shop.synced_at is None or shop.trouble not in _HEARING:
        return False
    return datetime.now(UTC) - shop.synced_at < FRESH


def knowledge_text(shop: ShopDatabaseStatus) -> str:
    """How old the knowledge of the other tills is: `Outros caixas: há 2 min`."""
    if shop.synced_at is None:
        return translate("shop", "Outros caixas: nada ainda")
    return translate("shop", "Outros caixas: {0}").format(age_text(shop.synced_at))


def own_till_text(shop: ShopDatabaseStatus | None) -> str:
    """What figures of this till alone leave out; empty for a till without others."""
    return translate("shop", "Só o que este caixa fez, sem os outros caixas da loja.") if shop is not None else ""


def strip_text(shop: ShopDatabaseStatus) -> tuple[str, str]:
    """The shop database in the status strip, as (text, tone): an age, and what is wrong."""
    age = age_text(shop.synced_at) if shop.synced_at is not None else translate("shop", "ainda sem troca")
    text = translate("shop", "Banco da loja: {0}")
    if shop.trouble is None:
        return text.format(age), "neutral" if is_fresh(shop) else "warning"
    if shop.trouble is Trouble.UNREACHABLE:
        return text.format(
            translate("shop", "sem resposta, visto {0}").format(age) if shop.synced_at else age
        ), "warning"
    return text.format(translate("shop", "parado (F9)")), "danger"


def message_for_old_knowledge(shop: ShopDatabaseStatus) -> Message:
    """What this till does not know of an order while the shop's changes arrive not at all, or not all of them."""
    action = translate("shop", "Antes de devolver, pergunte se outro caixa já mexeu neste pedido.")
    if shop.trouble is not None and _is_hearing(shop):
        title, _for_the_manager = _trouble_texts(shop.trouble, shop.newer_till)
        effect = translate("shop", "Uma devolução deste pedido pode faltar aqui: o valor pode ser menor.")
        return Message("warning", title, effect, action, code=TROUBLE_CODES[shop.trouble])
    if shop.synced_at is None:
        title = translate("shop", "Este caixa ainda não viu o que os outros caixas fizeram.")
        effect = translate("shop", "Uma devolução feita em outro caixa não aparece aqui.")
    else:
        title = translate("shop", "Sem notícia dos outros caixas desde {0}.").format(_time_text(shop.synced_at))
        effect = translate("shop", "O que eles fizeram depois disso não aparece aqui: o valor pode ser menor.")
    return Message("warning", title, effect, action, code="CAIXA-03")


def _known(till: str, shop: ShopDatabaseStatus | None) -> KnownTill | None:
    return next((each for each in shop.tills if each.till == till), None) if shop is not None else None


def news_of(till: str, shop: ShopDatabaseStatus | None) -> str:
    """When another till was last heard of; when this till itself hears nothing, it says so. None: empty."""
    if shop is None:
        return ""
    if shop.synced_at is None:
        return translate("shop", "Não se sabe se já terminou: este caixa ainda não falou com o banco da loja.")
    if not _is_hearing(shop):
        text = translate("shop", "Não se sabe se já terminou: este caixa não fala com o banco da loja {0}.")
        return text.format(age_text(shop.synced_at))
    known = _known(till, shop)
    if known is None:
        return ""
    age = age_text(known.heard_at)
    if datetime.now(UTC) - known.heard_at < FRESH:
        return translate("shop", "O {0} deu notícia {1}.").format(till_name(till), age)
    return translate("shop", "Sem notícia do {0} {1}.").format(till_name(till), age)


def _time_text(at: datetime) -> str:
    """`14:02`; `20/11 14:02` on another day."""
    local = at.astimezone()
    is_today = local.date() == datetime.now().astimezone().date()
    return f"{local:%H:%M}" if is_today else short_date_and_time(at)


# --- operations of another till


def message_for_other_till(operation: Operation, shop: ShopDatabaseStatus | None, effect: str = "") -> Message:
    """Message for an unfinished operation of another till, which has the order. `effect`: what that means here."""
    kind, value = kind_name(operation.kind).lower(), format_money(operation.value, operation.currency)
    title = translate("shop", "O {0} está com este pedido: {1} de {2}, {3}.").format(
        till_name(operation.till), kind, value, state_name(operation.state).lower()
    )
    started = translate("shop", "Começou: {0}.").format(_time_text(operation.created_at))
    wait = translate("shop", "Espere terminar lá.")
    if shop is not None and not is_fresh(shop):  # its end would not appear here
        wait = translate("shop", "Pergunte lá se já terminou.")
    if operation.state is State.REVIEW:
        wait = translate("shop", "Uma pessoa precisa decidir lá.")
    action = join_sentences(wait, translate("shop", "Se aquele caixa parou, aperte “Assumir o pedido”."))
    news = join_sentences(started, news_of(operation.till, shop), effect)
    return Message("warning", title, news, action, code="CAIXA-02")


def message_for_waiting_operation(operation: Operation) -> Message:
    """Message for an operation of this till that waits because another till has the order."""
    kind, value = kind_name(operation.kind), format_money(operation.value, operation.currency)
    not_sent = translate("shop", "Registrado neste PC; nada foi enviado ainda.")
    not_repeated = translate(
        "shop", "Ainda não se sabe se valeu: o envio não se repete enquanto o outro caixa não termina."
    )
    return Message(
        "warning",
        translate("shop", "{0} de {1}: esperando outro caixa, que está com este pedido.").format(kind, value),
        not_sent if operation.state is State.QUEUED else not_repeated,
        translate("shop", "Segue sozinho quando o outro caixa terminar. Não registre de novo."),
        code="CAIXA-01",
    )


def waits_for_another_till(operation: Operation) -> bool:
    is_waiting = operation.state in {State.QUEUED, State.UNKNOWN}
    return is_waiting and operation.failure_reason is FailureReason.OTHER_TILL


def review_texts_of_tills() -> dict[ReviewReason, str]:
    """Why an operation needs a person after another till's work on its order."""
    return {
        ReviewReason.OTHER_TILL: translate(
            "shop",
            "Outro caixa mexeu neste pedido depois deste registro, e o que ficou pode não bastar; nada foi enviado.",
        ),
        ReviewReason.TAKEN_OVER: translate(
            "shop", "Outro caixa assumiu este pedido enquanto ainda não se sabia se este registro tinha valido."
        ),
    }


# --- the shop database


def message_for_trouble(trouble: Trouble, newer_till: str = "") -> Message:
    """Message for a till that exchanges no changes. `newer_till`: see ShopDatabaseStatus."""
    title, action = _trouble_texts(trouble, newer_till)
    tone = "warning" if trouble is Trouble.UNREACHABLE else "danger"
    return Message(tone, title, _what_goes_on(trouble, newer_till), action, code=TROUBLE_CODES[trouble])


def _what_goes_on(trouble: Trouble, newer_till: str) -> str:
    """Who does not see whom meanwhile."""
    if trouble in NEEDS_BEGINNING:
        return translate("shop", "Este caixa continua atendendo e vê os outros. Eles não veem o que ele faz.")
    if newer_till:
        text = translate("shop", "Este caixa continua atendendo, mas não vê o que o {0} faz.")
        return text.format(till_name(newer_till))
    return translate("shop", "Este caixa continua atendendo. Os outros não veem o que ele faz, e ele não vê os outros.")


def message_for_joining_trouble(trouble: Trouble) -> Message:
    """Message for a till that did not get as far as the shop database with its file and code."""
    title, action = _trouble_texts(trouble, "")
    if trouble is Trouble.UNREACHABLE:
        action = translate(
            "shop", "Confira a rede e o computador do banco da loja, e aperte “Entrar” de novo. O arquivo ainda vale."
        )
    effect = translate("shop", "Nada mudou neste caixa.")
    return Message("danger", title, effect, action, code=TROUBLE_CODES[trouble])


def _trouble_texts(trouble: Trouble, newer_till: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    again = translate(
        "shop", "O responsável aperta “Começar de novo” em Ajustes (F9), Banco da loja; nenhum registro se perde."
    )
    invited = translate(
        "shop", "O responsável pede um arquivo e um código novos, sai do banco da loja e volta a entrar."
    )
    support = translate("shop", "Chame o suporte e diga o código desta mensagem.")
    newer = (
        translate("shop", "O {0} usa uma versão mais nova do programa.").format(till_name(newer_till))
        if newer_till
        else translate("shop", "O banco da loja é de uma versão mais nova do programa.")
    )
    return {
        Trouble.UNREACHABLE: (
            translate("shop", "O banco da loja não responde."),
            translate("shop", "Confira a rede e o computador do banco da loja. A troca volta sozinha."),
        ),
        Trouble.CERTIFICATE: (
            translate("shop", "O certificado do banco da loja não pôde ser confirmado."),
            translate("shop", "Confira a data e a hora deste PC. Se estão certas, chame o suporte."),
        ),
        Trouble.CREDENTIALS: (translate("shop", "O banco da loja não aceitou a senha deste caixa."), invited),
        Trouble.SEALED: (
            translate("shop", "O cofre de senhas deste computador não abre a senha do banco da loja."),
            translate(
                "shop",
                "Desbloqueie o cofre e abra o programa de novo. Se o caixa mudou de computador, o responsável pede um "
                "arquivo e um código novos, sai do banco da loja e volta a entrar.",
            ),
        ),
        Trouble.REMOVED: (translate("shop", "Este caixa foi retirado do banco da loja."), invited),
        Trouble.FORK: (translate("shop", "O banco da loja conhece outro histórico com o nome deste caixa."), again),
        Trouble.HOLE: (translate("shop", "Falta no banco da loja uma parte do histórico deste caixa."), again),
        Trouble.NEWER: (newer, translate("shop", "Atualize o programa neste caixa.")),
        Trouble.NOT_SET_UP_THERE: (
            translate("shop", "O endereço leva a um banco de dados que não é o da loja."),
            translate("shop", "Confira o endereço com quem preparou o banco da loja."),
        ),
        Trouble.FAILED: (translate("shop", "O banco da loja recusou a troca."), support),
    }[trouble]


def message_for_enrolment_trouble(trouble: EnrolmentTrouble) -> Message:
    """Message for a till that could not join."""
    title, action = _enrolment_texts(trouble)
    return Message("danger", title, translate("shop", "Nada mudou neste caixa."), action, code=ENROLMENT_CODES[trouble])


def _enrolment_texts(trouble: EnrolmentTrouble) -> tuple[str, str]:
    another = translate("shop", "Peça um arquivo e um código novos a quem fez estes.")
    return {
        EnrolmentTrouble.UNREADABLE: (
            translate("shop", "O arquivo não foi achado, ou não serve para entrar no banco da loja."),
            translate("shop", "Veja se o pen drive está no lugar, e escolha o arquivo que veio com o código."),
        ),
        EnrolmentTrouble.WRONG_CODE: (
            translate("shop", "O código não abre este arquivo."),
            translate("shop", "Confira as 20 letras. Cada arquivo tem o seu código."),
        ),
        EnrolmentTrouble.USED: (translate("shop", "Este arquivo já foi usado: ele vale uma vez só."), another),
        EnrolmentTrouble.EXPIRED: (
            translate("shop", "Este arquivo não vale mais: passaram 24 horas, ou outro convite o substituiu."),
            another,
        ),
    }[trouble]


def message_for_invitation_trouble(trouble: InvitationTrouble) -> Message:
    """Message for a till that could not invite another one."""
    title, action = _invitation_texts(trouble)
    effect = translate("shop", "Nada mudou.")
    if trouble is InvitationTrouble.UNCERTAIN:
        effect = translate("shop", "O arquivo deste convite não serve.")
    return Message("danger", title, effect, action, code=INVITATION_CODES[trouble])


def _invitation_texts(trouble: InvitationTrouble) -> tuple[str, str]:
    """What is wrong, and what to do."""
    return {
        InvitationTrouble.OWN_NAME: (
            translate("shop", "Este é o nome deste caixa."),
            translate("shop", "Dê outro nome ao caixa novo."),
        ),
        InvitationTrouble.NAME_IN_USE: (
            translate("shop", "Já há um caixa com este nome no banco da loja."),
            translate("shop", "Dê outro nome. Se outro computador toma o lugar dele, marque isso e convide de novo."),
        ),
        InvitationTrouble.FILE_EXISTS: (
            translate("shop", "Já existe um arquivo com este nome."),
            translate("shop", "Escolha outro nome para o arquivo."),
        ),
        InvitationTrouble.FILE_FAILED: (
            translate("shop", "O arquivo não pôde ser gravado nesse lugar."),
            translate("shop", "Escolha outra pasta, ou veja se o pen drive aceita gravação e tem espaço."),
        ),
        InvitationTrouble.NO_KEY: (
            translate("shop", "A chave da loja não pode ser aberta neste caixa."),
            translate("shop", "Convide de outro caixa da loja, ou chame o suporte."),
        ),
        InvitationTrouble.CREDENTIALS: (
            translate("shop", "O banco de dados não aceitou este usuário ou esta senha."),
            translate("shop", "Confira os dois: são do administrador do banco de dados, não do BonifiQ."),
        ),
        InvitationTrouble.RIGHTS: (
            translate("shop", "Este usuário do banco de dados não pode incluir caixas."),
            translate("shop", "Use o usuário que preparou o banco da loja."),
        ),
        InvitationTrouble.OTHER_DATABASE: (
            translate("shop", "O endereço leva a um banco de dados que não tem esta loja."),
            translate("shop", "Confira o endereço com quem preparou o banco da loja."),
        ),
        InvitationTrouble.UNREACHABLE: (
            translate("shop", "O banco da loja não responde."),
            translate("shop", "Confira a rede e o computador do banco da loja, e convide de novo."),
        ),
        InvitationTrouble.CERTIFICATE: (
            translate("shop", "O certificado do banco da loja não pôde ser confirmado."),
            translate("shop", "Confira a data e a hora deste PC. Se estão certas, chame o suporte."),
        ),
        InvitationTrouble.FAILED: (
            translate("shop", "O banco da loja recusou o convite."),
            translate("shop", "Chame o suporte e diga o código desta mensagem."),
        ),
        InvitationTrouble.UNCERTAIN: (
            translate("shop", "O banco da loja parou de responder no meio do convite."),
            translate("shop", "Convide de novo, com o mesmo nome."),
        ),
    }[trouble]


def message_for_shop_error(error: Exception) -> Message | None:
    """Convert an error of the shop database into a message; None for any other error."""
    match error:
        case EnrolmentError(trouble=trouble):
            return message_for_enrolment_trouble(trouble)
        case InvitationError(trouble=trouble):
            return message_for_invitation_trouble(trouble)
        case ShopDatabaseError(trouble=trouble):
            return message_for_trouble(trouble)
    return None
