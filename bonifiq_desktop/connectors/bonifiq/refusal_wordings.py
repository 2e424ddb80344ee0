"""Table of the wordings of a refusal that decide something, each with its reason.

Texts are in lower case, without accents and punctuation. KEY stands for the key's own characters, ORDER for the order's
number. `refusal_texts.py` describes how the rows are used.
"""

import re
from enum import Enum, auto


class Meaning(Enum):
    KEY_USED = auto()  # this CancelKey was used before
    KEY_USE_CONTRADICTED = auto()  # the code name says so, and a text beside it contradicts
    IN_PROGRESS = auto()  # an earlier request is in progress: neither done nor refused
    ORDER_MISSING = auto()  # there is no such order


# --- parts of the sentences

_KEY_EN = (
    r"(?:(?:the|this|that|your|same|given|provided|informed|supplied|specified) )*"
    r"(?:(?:cancelkey|(?:cancellation|refund) key)(?: value)?(?: cancelkey| KEY)*|(?:key )?KEY)"
    r"(?: (?:for|of) (?:this|the) (?:order|refund|cancellation))?"
)
_KEY_PT = (
    r"(?:(?:a|o|esta|este|essa|esse|sua|mesma|mesmo) )*"
    r"(?:(?:chave (?:de |do |da |para )?(?:cancelamento|estorno|devolucao)|(?:chave )?cancelkey)(?: cancelkey| KEY)*"
    r"|(?:chave )?KEY)(?: (?:informada|enviada|fornecida|recebida|informado|enviado)(?: KEY)?)?"
)
_USED_EN = r"(?:used|utili[sz]ed|processed|consumed|spent|executed)"
_USED_OR_RECORDED_EN = r"(?:used|utili[sz]ed|processed|consumed|spent|executed|registered|taken|applied|recorded)"
_USED_PT = r"(?:utilizad|usad|processad|consumid|gast|executad)[ao]"
_USED_OR_RECORDED_PT = r"(?:utilizad|usad|processad|consumid|gast|executad|registrad|cadastrad|aplicad)[ao]"
_WHEN_EN = (
    r"(?: (?:before|already|previously|earlier)| (?:for|in|on) (?:the |this |that |same )*order(?: ORDER)?"
    r"| (?:in|by|for|with) (?:an? |the )?(?:previous|earlier|prior) (?:request|refund|cancel|cancellation|call)"
    r"| cancelkey| KEY)*"
)
_WHEN_PT = (
    r"(?: (?:antes|anteriormente|previamente)"
    r"| (?:neste|nesse|no|do|deste|para (?:o|este|esse)) (?:mesmo )?pedido(?: ORDER)?"
    r"| (?:em|por|numa?) (?:uma? )?(?:estorno|cancelamento|devolucao|requisicao|solicitacao) anterior"
    r"| cancelkey| KEY)*"
)
_REFUND_EN = r"(?:(?:an?|the|this|another|one|partial) )*(?:refund|cancellation|cancel)"
_MADE_EN = r"(?:done|made|processed|registered|applied|performed|completed|executed|recorded)"
_REFUND_PT = r"(?:(?:um|uma|o|a|este|esta|outro|outra) )*(?:cancelamento|estorno|devolucao)(?: parcial)?"
_MADE_PT = r"(?:realizad|feit|efetuad|processad|registrad|aplicad|concluid|executad)[ao]"
_WITH_EN = rf"(?:with|using|under|for) {_KEY_EN}"
_WITH_PT = rf"(?:com|usando|para|por) {_KEY_PT}"

_ORDER_EN = (
    r"(?:(?:the|this|that|requested|given|informed|specified) )*(?:order|ORDER)"
    r"(?: (?:number|id|originalid|code|with|the|this|original|informed|given))*(?: ORDER)?"
)
_ORDER_PT = (
    r"(?:(?:o|este|esse|nenhum) )*(?:pedido|ORDER)"
    r"(?: (?:de|com|o|este|esse|numero|codigo|id|originalid|n|informado|solicitado|indicado))*(?: ORDER)?"
    r"(?: informado)?"
)
_FOUND_PT = r"(?:encontrad|localizad|cadastrad|registrad)[ao]"
_HERE = r"(?: (?:no|in) bonifiq| na base(?: de dados)?| in the database)?"

_USED_CODE = (
    r"(?:used|reused|utili[sz]ed|consumed|spent|taken|exists?|duplicated?|duplication|repeated|notunique|nonunique)"
)
_KEY_CODE = r"(?:(?:cancel|cancellation|refund)key|chave(?:de)?(?:cancelamento|estorno|devolucao))"
_USED_CODE_PT = r"(?:utilizad|usad|processad|consumid|duplicad|repetid|reutilizad|registrad|cadastrad)a"

# Not compiled here: that would delay the start, and `re` keeps what it compiled.
SENTENCES = {
    Meaning.KEY_USED: (
        # The key is the subject and the verb says that it was spent.
        rf"{_KEY_EN} (?:(?:has|had) (?:already |previously )?been (?:already )?{_USED_EN}|was {_USED_EN}"
        rf"|(?:has |had |was |is )?(?:already|previously) (?:been )?{_USED_OR_RECORDED_EN}|already exists?){_WHEN_EN}"
        # The same in Portuguese.
        rf"|{_KEY_PT} (?:ja (?:(?:foi|havia sido|tinha sido|esta|se encontra|encontra se) )?{_USED_OR_RECORDED_PT}"
        rf"|(?:foi|havia sido|tinha sido) {_USED_PT}"
        rf"|ja (?:existe|existente)){_WHEN_PT}"
        # A key is a duplicate only of one that was used.
        rf"|{_KEY_EN} (?:(?:is |was )?not unique|(?:is |was )?(?:an? )?duplicated?|(?:is |was )?repeated"
        rf"|(?:was |has been )?reused){_WHEN_EN}|duplicated? {_KEY_EN}{_WHEN_EN}"
        # The same in Portuguese.
        rf"|{_KEY_PT} (?:nao e unic[ao]|(?:e |esta |foi )?(?:duplicad|repetid|reutilizad)[ao]|em duplicidade){_WHEN_PT}"
        # A refund made with the key is what spends it.
        rf"|there is already {_REFUND_EN}(?: {_MADE_EN})? {_WITH_EN}"
        rf"|{_REFUND_EN} (?:was |has |is )?already (?:been )?(?:{_MADE_EN}|exists) {_WITH_EN}"
        rf"|{_REFUND_EN} {_WITH_EN} (?:already exists|(?:was |has |is )?already (?:been )?{_MADE_EN}){_WHEN_EN}"
        rf"|already (?:refunded|cancell?ed) {_WITH_EN}|duplicated? (?:refund|cancellation) {_WITH_EN}"
        # The same in Portuguese.
        rf"|(?:ja existe|existe ja|ja ha|ja consta) {_REFUND_PT}(?: {_MADE_PT})? {_WITH_PT}"
        rf"|{_REFUND_PT} ja (?:foi )?(?:{_MADE_PT}|existe) {_WITH_PT}"
        rf"|{_REFUND_PT} {_WITH_PT} ja (?:existe|(?:foi )?{_MADE_PT}){_WHEN_PT}"
        rf"|ja foi {_MADE_PT} {_REFUND_PT} {_WITH_PT}"
    ),
    Meaning.ORDER_MISSING: (
        # The order is the subject, or the object of the search, and nothing else is.
        rf"{_ORDER_EN} (?:(?:was |is |could |can )?not (?:be )?(?:found|located)|does ?n[o ]?t exist|does not exist"
        rf"|(?:is )?(?:unknown|nonexistent|not registered)){_HERE}"
        rf"|(?:unknown|nonexistent|no such) {_ORDER_EN}"
        rf"|(?:we )?(?:could not|cannot|unable to) (?:find|locate) {_ORDER_EN}"
        rf"|there is no (?:such )?{_ORDER_EN}|no {_ORDER_EN} (?:was )?found{_HERE}"
        # The same in Portuguese.
        rf"|{_ORDER_PT} (?:nao (?:foi |pode ser )?{_FOUND_PT}|nao existe|(?:e )?(?:inexistente|desconhecido)){_HERE}"
        rf"|nenhum pedido (?:com (?:o |este |esse )?(?:numero|codigo|id)(?: ORDER)? )?(?:foi )?{_FOUND_PT}"
        rf"(?: (?:com|para) (?:o |este |esse )?(?:numero|codigo|id)(?: ORDER)?)?{_HERE}"
        rf"|nao (?:foi possivel|conseguimos) (?:encontrar|localizar) {_ORDER_PT}|nao (?:existe|ha) {_ORDER_PT}{_HERE}"
        rf"|nao encontramos {_ORDER_PT}"
    ),
}

# Without a verb only when it is the whole text: with a value after it, it is a label.
WHOLE_TEXTS = {Meaning.KEY_USED: rf"{_KEY_EN} used|{_KEY_PT} (?:utilizad|usad)[ao]"}

_REFUSED = (
    r"(?:partial )?(?:cancel|cancellation|refund) (?:refused|rejected|denied|failed|not done)"
    r"|(?:cancelamento|estorno)(?: parcial)? (?:recusado|rejeitado|negado)"
    r"|(?:could not|cannot|unable to) (?:process|complete|cancel|refund)(?: (?:the|this|partial|cancel|refund|order))*"
    r"|nao foi possivel (?:cancelar|estornar|(?:realizar|processar|concluir|efetuar) o (?:cancelamento|estorno))"
    r"(?: (?:parcial|o pedido|este pedido))*"
)

NEUTRAL_PHRASE = re.compile(
    # A number of an error, the key or the order.
    r"\d{1,5}|(?:cancelkey )?KEY|cancelkey|(?:(?:order|pedido) )?ORDER"
    # A heading.
    r"|(?:an? )?(?:error|erro|falha|failure|aviso|warning|atencao|conflict|conflito|bad request|not found)(?: \d{1,5})?"
    r"|validation error|erro de validacao|(?:invalid|duplicated?) (?:request|operation)"
    r"|(?:requisicao|operacao) (?:invalida|duplicada)"
    # Advice.
    r"|(?:please |por favor )?(?:use|provide|send|inform|generate|informe|envie|gere|utilize)(?: (?:again )?with)? "
    r"(?:another|an? (?:different|new)|(?:uma )?(?:outra|nova))(?: (?:one|key|chave|cancelkey))?"
    r"|(?:please |por favor )?(?:check|confira|verifique)(?: (?:the|o|number|numero|order|pedido|id|do))*"
    # The refused request; the sentence beside it says why.
    rf"|{_REFUSED}"
)
"""A phrase that may stand beside a sentence without changing what it says."""

EARLIER_REQUEST_FAILED = re.compile(rf"{_REFUSED}|error|erro|failure|falha")
"""After "key already processed" it may be the end of the earlier request: a used key, and nothing done."""

CODES = {
    Meaning.KEY_USED: (
        # The API's own name for it.
        rf"(?:err(?:or)?)?(?:{_KEY_CODE}(?:was|has|is)?(?:already|previously)?(?:been)?{_USED_CODE}"
        rf"|{_KEY_CODE}(?:was|has|is)?already(?:been)?(?:processed|registered|applied|executed)"
        rf"|(?:duplicated?|repeated|reused|nonunique|alreadyused){_KEY_CODE})(?:error|exception)?"
        # In Portuguese.
        rf"|{_KEY_CODE}(?:ja)?(?:foi)?{_USED_CODE_PT}|{_KEY_CODE}(?:jaexiste|naounica)"
    ),
    Meaning.ORDER_MISSING: (
        # The API's own name for it.
        r"(?:order|pedido)(?:was|is)?(?:notfound|doesnotexist|notexists?|unknown|naoencontrado|naoexiste|inexistente)"
        r"|(?:unknown|nosuch|nonexistent|notfound)order"
    ),
}
"""Whole code names, without case and separators."""

NEUTRAL_CODE = re.compile(
    r"(?:e?rr(?:or)?|exception|invalid|inval[iy]d[oa]|bad|request|conflict|validation|business|domain|rule|operation"
    r"|not|allowed|failed|refused|rejected|partial|cancel(?:lation)?|refund|key|duplicated?|already|exists|used"
    r"|found|entity|record|resource|processing|processado|cancelamento|estorno|chave|de|nao|encontrado|\d)*"
)
"""Code names that leave the decision to the text. Any other code name is another reason."""

DENIES_KEY_USE = re.compile(
    r"\b(?:not|never|nunca|nao) (?:yet |ainda )?(?:been |foi |esta )?(?:yet |already )?"
    r"(?:used|processed|spent|(?:utilizad|usad|processad)[ao])\b"
)
"""A text with such a phrase contradicts a KEY_USED in another clause, or in a code name."""

CONTRADICTS_KEY_USE = re.compile(
    r"\b(?:invalid[ao]?|format|formato|length|tamanho|characters|caracteres|expired|expirad[ao]|failed|falhou"
    r"|(?:was|were|been|foi) (?:refused|rejected|reverted|undone|recusad[ao]|rejeitad[ao]|desfeit[ao]|negad[ao])"
    r"|reverted|desfeit[ao]|revertid[ao]|(?:could|can|may|must) ?not|cannot|nao pode|nao foi|(?:by|of|for) another"
    r"|(?:de|por|em|para|d|n)(?: |o|a)?outr[ao])\b"
)
"""In a text that is no sentence of the table, such a word contradicts a code name that means KEY_USED. The refusal is
then neither proof of our own request, nor a plain refusal."""

OTHER_THING_MISSING = re.compile(
    r"\b(?:customer|cliente|reward|recompensa|resource|recurso|route|rota|service|servico|endpoint|store|loja|product"
    r"|produto|url|uri|page|pagina|tenant|branch|filial|user|usuario|token|coupon|cupom|sales(?: ?man| ?person)"
    r"|seller|vendedor|campaign|campanha|account|conta|item|payment|pagamento|company|empresa|cnpj|cpf)\b"
)
"""Another thing than the order is missing, even where a code name says that the order is."""

SEARCH_INCOMPLETE = re.compile(
    r"\b(?:time ?out|timed out|tempo (?:limite|esgotado)|unavailable|indisponivel|in progress|em (?:processamento|fila)"
    r"|being \w+|sendo \w+|locked|bloquead[ao]|retry|try again|tente|aguarde|wait|later|mais tarde|failed|falh(?:a|ou)"
    r"|(?:erro|error) (?:ao|while|when)|cancell?ed|cancelad[ao]|exception|internal|interno|denied|negad[ao]|permiss\w+"
    r"|authori[sz]ed|autorizad[ao])\b"
    r"|^(?!.*\b(?:not?|nao|nenhum|sem|never)\b).*\b(?:found|exists|encontrad[ao]|localizad[ao]|existe)\b"
)
"""The search was not completed, or the order was found: a code name alone does not make it missing."""


# --- in progress: recognized by single words. It decides nothing, and an overlooked one would call a refund refused

PROGRESS = re.compile(
    r"\b(?:in progress|in use|being (?:\w+ )?(?:processed|executed|handled|used)|under processing|locked|concurrent"
    r"|(?:still|currently|already) (?:\w+ )?(?:processing|running|executing|pending|open)"
    r"|is (?:processing|pending|running)|queued|unfinished|em (?:processamento|andamento|curso|execucao|uso|fila)"
    r"|sendo (?:processad|executad|realizad|utilizad|usad|tratad)[ao]|processando|pendente|bloquead[ao]|concorrente"
    r"|simultane[ao]|(?:waiting for|awaiting) (?:processing|approval|completion|confirmation)|will be processed"
    r"|aguarda(?:ndo)? (?:o )?(?:processamento|aprovacao|conclusao|confirmacao)"
    r"|sera (?:processad|executad|realizad)[ao]"
    r"|en (?:proceso|curso|uso|ejecucion|tramite|cola)|siendo (?:procesad|ejecutad|utilizad|usad)[ao]|procesando)\b"
)
UNFINISHED = re.compile(
    r"\b(?:not (?:yet )?(?:been )?(?:finished|completed|concluded)"
    r"|ainda nao (?:terminou|acabou|foi (?:concluid|finalizad)[ao]))"
)
"""The only negations that mean *in progress*."""

LATER = re.compile(
    r"\b(?:retry|try again|wait|aguarde|tente (?:de novo|novamente|outra vez)|mais tarde|later|shortly|em instantes)\b"
)
"""Means *in progress* only beside REPEATED: every failing service asks to try again later."""

REPEATED = re.compile(
    r"\b(?:cancelkey|KEY|(?:same|this) key|mesma chave|(?:another|outra) (?:request|requisicao|solicitacao))\b"
)
WORKED_ON = re.compile(
    r"\b(?:cancelkey|KEY|(?:cancellation|refund|same|this|that|idempotency) key|chave|request|requisicao|solicitacao"
    r"|refund|cancell?ation|partial cancel|estorno|cancelamento|operation|operacao|clave|solicitud|peticion|reembolso"
    r"|cancelacion"
    r"|pedido de (?:cancelamento|estorno))\b"
)
"""The subject that must be in progress: the key, or the request."""

ABOUT_ORDER = re.compile(
    r"\b(?:(?:for|of|in|on) (?:the |this |that |same )*order|(?:d|n)(?:este|esse|o) (?:mesmo )?pedido(?! de )"
    r"|para (?:o |este |esse )?pedido(?! de ))(?: ORDER)?\b"
)
"""Names the order without making it the subject."""

OTHER_SUBJECT = re.compile(
    r"\b(?:order|pedido(?! de (?:cancelamento|estorno))|customer|cliente|points?|pontos?|balance|saldo|coupon|cupom"
    r"|reward|recompensa|product|produto|item|account|conta|payment|pagamento|store|loja|branch|sale|venda|delivery"
    r"|entrega|tier|nivel|cashback)\b"
)
"""An order in progress is a reason to refuse; so is any other subject than the request."""

ONLY_WAITS = re.compile(
    r"(?:(?:it|and|e|que) )?(?:is |esta )?(?:still |ainda |already )?(?:pending|processing|in progress|queued|pendente"
    r"|processando|em (?:processamento|andamento|fila)|(?:waiting for|awaiting) (?:processing|approval|completion)"
    r"|aguardando (?:processamento|aprovacao|conclusao))"
)
"""A whole clause without a subject: its subject is that of the clause before it."""

REFUSES = re.compile(
    r"\b(?:not|no (?:esta|se|fue|hay|existe|puede)"
    r"|nao|never|nunca|nenhuma?|sem|without|none|must|cannot|deve|precisa|erro|error|failed|falhou"
    r"|no (?:longer|request|refund|cancellation|key|operation)|invalid[ao]?|length|characters|caracteres|format|formato"
    r"|minimum|minimo|maximum|maximo|unavailable|indisponivel|refused|rejected|denied|recusad[ao]|rejeitad[ao]"
    r"|negad[ao]|allowed|permitid[ao]|if|unless|whether|when|caso|quando|^se)\b"
)
"""A clause that refuses, forbids, denies or supposes does not mean *in progress*."""

PROGRESS_CODE = re.compile(
    r"(?:already|still)?(?:inprogress|processing)|(?=.*(?:inprogress|inuse|beingprocessed|processing$|emprocessamento|emandamento|emuso|locked|pending))"
    r"(?=.*(?:key|request|refund|cancel|chave|estorno|requisicao|operation))"
    r"(?:partial|cancellation|cancel|idempoten(?:cy|t)|refund|key|requests?|another|already|still|currently|concurrent"
    r"|duplicated?|operation|is|in|progress|use|being|processed|processing|locked|pending|chave|de|cancelamento|estorno"
    r"|requisicao|em|processamento|andamento|uso|conflict|error)+"
)
"""Code names made of such words only."""
