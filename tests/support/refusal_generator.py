"""Thousands of refusal texts with their meaning built in: templates, subjects, predicates, languages, spellings.

Written without a look at the table in `connectors/bonifiq/refusal_wordings.py`: the words here are those in use.
"""

import unicodedata
from collections.abc import Iterator
from itertools import cycle, islice, product

KEY = "BQ-AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
ORDER_ID = "PED-1001"

# --- the CancelKey

KEYS_EN = (
    "The CancelKey", "This CancelKey", "CancelKey", "Cancel key", "The cancel-key", "CancelKey value",
    f"The CancelKey {KEY}", f"CancelKey '{KEY}'", f"CancelKey: {KEY}", f"Key {KEY}", f"The key {KEY}", KEY,
    "The provided CancelKey", "This cancellation key", "The informed CancelKey", "The refund key",
    "The specified CancelKey", "The CancelKey for this order", "[CancelKey]",
)  # fmt: skip
KEYS_PT = (
    "A CancelKey", "Esta CancelKey", "CancelKey", "A chave de cancelamento", "Esta chave de cancelamento",
    "Chave de cancelamento (CancelKey)", f"A chave {KEY}", f"CancelKey {KEY}", f"A CancelKey '{KEY}'",
    "A chave de estorno", "Chave do cancelamento", "A CancelKey informada", "A chave de cancelamento enviada", KEY,
)  # fmt: skip
SPENT_EN = (
    "has already been used", "was already used", "already used", "is already used", "already exists",
    "was used before", "has been used", "was used", "already processed", "has already been processed",
    "was already processed", "already been used", "was previously used", "has been used already", "is not unique",
    "is a duplicate", "is duplicated", "already consumed", "was spent", "already registered", "was reused",
    "has been consumed",
)  # fmt: skip
SPENT_PT = (
    "já foi utilizada", "já foi usada", "já utilizada", "já usada", "já existe", "já foi processada", "já processada",
    "foi utilizada anteriormente", "já havia sido utilizada", "já está registrada", "já cadastrada",
    "já foi consumida", "não é única", "duplicada", "está duplicada", "repetida", "foi utilizada", "já foi gasta",
    "já tinha sido usada", "já se encontra utilizada",
)  # fmt: skip
TAILS_EN = ("", " for this order", " in a previous request", " on the same order", " before")
TAILS_PT = ("", " neste pedido", " anteriormente", " para este pedido", " em um estorno anterior")
WRAPS_OF_SPENT = (
    "{}", "{}.", "Error: {}", "Erro: {}", "Erro 05 - {}", "{}. Use another key.", "{}. Utilize outra chave.",
    "Não foi possível cancelar o pedido: {}", "Could not process the refund: {}.", "Cancelamento recusado: {}",
)  # fmt: skip
WITH_KEY_EN = (
    "There is already a refund with {}", "There is already a cancellation registered for {}",
    "Refund already done with {}", "A cancellation with {} already exists", "Cancellation already processed using {}",
    "Duplicate {}", "A refund using {} has already been processed",
)  # fmt: skip
WITH_KEY_PT = (
    "Já existe um cancelamento com {}", "Já existe um estorno para {}", "Cancelamento já realizado com {}",
    "O estorno já foi feito com {}", "Já há um estorno registrado com {}", "Um cancelamento com {} já existe",
    "Estorno parcial já processado com {}", "Já foi realizado um cancelamento com {}",
)  # fmt: skip

NOT_SPENT_EN = (
    "has not been used", "was never used", "was not used", "is not yet used", "hasn't been used", "wasn't registered",
    "is unused", "must be used once", "must not be used before", "cannot be reused", "can not be used again",
    "may have been used", "should be unique", "must be unique", "can only be used once",
    "is used to identify refunds", "is invalid", "is too long", "format already deprecated", "length exceeds 40",
    "already expired", "has been revoked", "was used with an invalid format", "used is invalid",
    "has repeated characters", "must not have duplicated characters", "was used by another order",
    "already used in another store", "was already validated", "has been received", "does not exist",
    "is not registered", "was used or is invalid", "already used characters not allowed", "is required",
    "was rejected", "minimum length is 40; used: 12", "will be used", "would be used", "to be used",
    "is already too long", "already exceeds the limit", "is not accepted, points already used",
)  # fmt: skip
NOT_SPENT_PT = (
    "não foi utilizada", "ainda não foi utilizada", "nunca foi usada", "não existe", "não está registrada",
    "deve ser única", "deve ser utilizada uma vez", "não pode ser reutilizada", "não pode ser repetida",
    "pode já ter sido utilizada", "talvez já utilizada", "precisa ser usada uma só vez", "é inválida",
    "é muito longa", "utilizada é inválida", "tem formato já descontinuado", "já expirou", "já está vencida",
    "foi informada duas vezes", "utilizada tem caracteres repetidos", "tem tamanho mínimo 40",
    "já foi utilizada em outro pedido", "foi utilizada por outra loja", "inválida ou já utilizada", "será utilizada",
    "seria utilizada", "a ser utilizada", "já validada", "foi recebida", "não aceita: saldo já utilizado",
    "não é obrigatória", "sem uso", "jamais utilizada", "já foi utilizada?", "só pode ser usada uma vez",
    "não foi processada", "não foi registrada", "deixou de ser usada",
)  # fmt: skip
OTHERS_EN = (
    "Points", "The balance", "The coupon", "This reward", "Another key", "Any key", "No CancelKey", "The API key",
    "Key", "Your cashback", "The order", "The value", "The customer's CancelKey permission",
    "The order's previous key", "A different CancelKey", "Every CancelKey", "The token", "The CancelKey field",
    "CancelKey format", "The old CancelKey", "The store of this CancelKey", "CancelKey prefix", "Neither CancelKey",
    "No refund with this CancelKey",
)  # fmt: skip
OTHERS_PT = (
    "O saldo", "Os pontos", "O cupom", "Esta recompensa", "Outra chave", "Nenhuma CancelKey", "A chave de acesso",
    "O cashback", "O pedido", "O valor", "A permissão da CancelKey", "Uma CancelKey diferente", "O campo CancelKey",
    "O formato da CancelKey", "O prefixo da CancelKey", "O cliente da CancelKey", "Nenhum estorno com esta CancelKey",
    "A chave fiscal", "Qualquer CancelKey", "Outra CancelKey", "A CancelKey de outro pedido", "O limite de CancelKey",
)  # fmt: skip
DOUBTS = (
    "Check whether {}", "If {}, the refund is refused", "{}? No", "It is not true that {}", "Verifique se {}",
    "Caso {}, o estorno é recusado", "Não se sabe se {}", "{} or the order is cancelled",
    "{} ou o pedido foi cancelado", "Possible reasons: {}; insufficient balance", "{}: false", "{}/expired",
    "Exemplo de mensagem: {}", "Unless {}, retry", "Saldo insuficiente. Quando {} o estorno falha.",
    "{} (by another customer)", "{}, mas por outro cliente", "Refused: balance too low ({})",
)  # fmt: skip
OTHER_REASONS = (
    "Points already used by the customer, partial cancel refused (CancelKey: {})",
    "Order already refunded; CancelKey {}", "Nenhum estorno foi registrado com a CancelKey {}",
    "O saldo já foi utilizado (CancelKey {})",
    "Order has been registered by another branch; CancelKey {} not accepted", "Cupom já utilizado. CancelKey: {}",
    "No cancellation was registered for CancelKey {}", "CancelKey utilizada: {}", "CancelKey used: {}",
    "Used key: {}", "Pedido já cancelado; CancelKey {} ignorada", "Cancelamento não realizado com a CancelKey {}",
    "Request with CancelKey {} was refused: reward already used", "Estorno já solicitado ao gerente; CancelKey {}",
)  # fmt: skip
PROGRESS = (
    "There is currently another in-progress request using {}", "Another request with {} is still being processed",
    "{} already being processed", "{} is in use", "{} já está em uso", "{} está sendo processada",
    "Já existe uma requisição em andamento com {}", "Um estorno com {} ainda está em processamento",
    "O cancelamento com {} está em processamento, aguarde", "A request with {} has not yet finished",
    "Refund with {} is pending", "{} is locked by a concurrent request", "Há uma solicitação em curso com {}",
    "Outra requisição com {} está sendo executada. Tente mais tarde.", "{} em processamento", "{} currently in use",
)  # fmt: skip


_SPELLINGS = 6


def spellings(text: str) -> Iterator[str]:
    """A text as servers write it."""
    yield text
    yield text.upper()
    yield text.lower()
    yield unicodedata.normalize("NFD", text) + "."
    yield f" {text}!  "
    yield "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _spelled(texts: Iterator[str]) -> Iterator[str]:
    """Each text once, in one spelling after the other."""
    for text, way in zip(texts, cycle(range(_SPELLINGS))):
        yield next(islice(spellings(text), way, None))


def spent() -> Iterator[str]:
    """Texts that say that the key was spent."""
    for subjects, predicates, tails in ((KEYS_EN, SPENT_EN, TAILS_EN), (KEYS_PT, SPENT_PT, TAILS_PT)):
        sentences = (f"{s} {p}{t}" for s, p, t in product(subjects, predicates, tails))
        yield from _spelled(wrap.format(said) for said, wrap in product(sentences, WRAPS_OF_SPENT))
    for wraps, subjects in ((WITH_KEY_EN, KEYS_EN), (WITH_KEY_PT, KEYS_PT)):
        yield from _spelled(wrap.format(subject) for wrap, subject in product(wraps, subjects) if "[" not in subject)


def not_spent() -> Iterator[str]:
    """Texts that name the key, or sound as if, and do not say that it was spent."""
    yield from _spelled(f"{s} {p}" for s, p in product(KEYS_EN, NOT_SPENT_EN))
    yield from _spelled(f"{s} {p}" for s, p in product(KEYS_PT, NOT_SPENT_PT))
    for others, predicates, tails in ((OTHERS_EN, SPENT_EN, TAILS_EN), (OTHERS_PT, SPENT_PT, TAILS_PT)):
        yield from _spelled(f"{o} {p}{t} (CancelKey: {KEY})" for o, p, t in product(others, predicates, tails))
        yield from _spelled(f"{o} {p}" for o, p in product(others, predicates))
    for subjects, predicates in ((KEYS_EN, SPENT_EN), (KEYS_PT, SPENT_PT)):
        sentences = (f"{s} {p}" for s, p in product(subjects, predicates))
        yield from _spelled(doubt.format(said) for said, doubt in product(sentences, DOUBTS))
    yield from _spelled(reason.format(KEY) for reason in OTHER_REASONS)


def in_progress() -> Iterator[str]:
    """Texts that say that an earlier request with the key is being worked on."""
    subjects = ("this CancelKey", "esta CancelKey", f"key {KEY}", f"a chave {KEY}", "the same CancelKey", "CancelKey")
    yield from _spelled(wrap.format(subject) for wrap, subject in product(PROGRESS, subjects))


# --- the order

ORDERS_EN = (
    "Order", "The order", f"Order {ORDER_ID}", f"The order '{ORDER_ID}'", "This order", "Order number",
    "The requested order",
)  # fmt: skip
ORDERS_PT = ("Pedido", "O pedido", f"Pedido {ORDER_ID}", f"O pedido '{ORDER_ID}'", "Este pedido", "O pedido informado")
MISSING_EN = ("not found", "was not found", "does not exist", "could not be found", "is unknown", "not located")
MISSING_PT = (
    "não encontrado", "não foi encontrado", "não existe", "inexistente", "não localizado", "não foi localizado",
)  # fmt: skip
OTHERS_MISSING = (
    "Customer", "Cliente", "Route", "The requested resource", "Order service", "Order status", "Order customer",
    "Serviço de pedidos", "Reward", "A recompensa", "Page", "O produto do pedido", "The order's customer",
    "O cliente do pedido", "Order 77", "Pedido 77", "Endpoint /v1/pvt/Order/PED-1001", "Resource 'Order'", "Produto",
    "The URL", "A loja", "Order line", "Item do pedido", "Tenant", "API method for order", "Order route",
    "Rota do pedido", "Host order.api", "Histórico do pedido", "Another order", "Outro pedido",
)  # fmt: skip
MISSING_IN_DOUBT = (
    "{} for this customer", "{} para este cliente", "{} or not paid", "Customer of order {}", "{}? Yes it exists",
    "If {}, create it", "{} in this store, see the others", "{} nesta loja", "Cupom não aceito: {} na promoção",
    "It is not true that {}", "{}: false", "{} yet, being created", "{} no cache; consulte de novo",
)  # fmt: skip
NOT_MISSING = (
    "Order found", "Pedido encontrado", "Pedido já cancelado", "Order already cancelled", "Order is being processed",
    "Not found", "Não encontrado",
    "No HTTP resource was found that matches the request URI 'http://x/v1/pvt/Order/PED-1001'.", "404 page not found",
    "No route matched with those values", "Nada", "no healthy upstream", "The order exists",
    "O pedido não pode ser consultado", "Order not allowed", "Pedido não autorizado",
    "Order not found handler missing", "default backend - 404", "Order",
)  # fmt: skip


def missing() -> Iterator[str]:
    """Texts that say that there is no such order."""
    for subjects, predicates in ((ORDERS_EN, MISSING_EN), (ORDERS_PT, MISSING_PT)):
        yield from _spelled(f"{s} {p}" for s, p in product(subjects, predicates))
    yield from _spelled(
        iter(("No order was found", "There is no such order", "Nenhum pedido encontrado", "Unknown order"))
    )


def not_missing() -> Iterator[str]:
    """Texts that do not say so of the order."""
    yield from _spelled(f"{s} {p}" for s, p in product(OTHERS_MISSING, MISSING_EN + MISSING_PT))
    sentences = [f"{s} {p}" for s, p in (*product(ORDERS_EN, MISSING_EN), *product(ORDERS_PT, MISSING_PT))]
    yield from _spelled(doubt.format(said) for said, doubt in product(sentences, MISSING_IN_DOUBT))
    yield from _spelled(iter(NOT_MISSING))
