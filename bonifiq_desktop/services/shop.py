"""Assignment of a pair of token and key to a shop, so that no operation is sent with another shop's pair.

The account names the shop and is part of every CancelKey. A renewed pair of the same shop keeps the account.
"""

from contextlib import aclosing, suppress

from bonifiq_desktop.connectors.connector import ConnectorFactory
from bonifiq_desktop.domain.connections import Shop, ShopNotProved, ShopUncertain
from bonifiq_desktop.domain.evidence import same_customer, same_moment
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.settings import Settings, SettingsError, account_for_token

_ASKED = 3
"""Number of orders looked up to prove that a pair belongs to the same shop; a single order may be deleted."""


def account_in_force(ledger: Ledger, settings: Settings, pair: Credentials | None) -> str:
    """The account of a stored pair, or of a pair from the environment; "" while its shop is uncertain."""
    if pair is None:
        return settings.account
    own = account_for_token(pair.token)
    account = settings.account or own
    known = ledger.connection.metadata(_fact(settings.url))
    if account == own or known in {None, own} or not ledger.queries.has_operations():
        return account
    return ""


def note_pair(ledger: Ledger, url: str, token: str) -> None:
    """Record that this pair belongs to the account in force."""
    if ledger.connection.metadata(_fact(url)) != account_for_token(token):
        ledger.connection.set_metadata(_fact(url), account_for_token(token))


async def account_to_save(
    ledger: Ledger,
    before: Settings,
    after: Settings,
    pair: Credentials | None,
    *,
    is_new: bool,
    answer: Shop | None,
    connect: ConnectorFactory,
) -> str:
    """The account to save with new settings. The first set-up fixes it, so that CancelKeys survive a renewed token.

    `is_new`: the pair was typed just now, or its shop is uncertain. `answer`: what the owner says about its shop.

    Raises ShopUncertain without a needed answer, ShopNotProved, LookupFailed, SettingsError.
    """
    if pair is None or not is_new:
        account = after.account or (account_for_token(pair.token) if pair else "")
        if account != before.account and before.account in ledger.queries.unfinished_accounts():
            # The pair proves the same shop, and its unfinished operations would wait for ever.
            raise SettingsError("account_busy")
        return account
    own = account_for_token(pair.token)
    if after.account not in {"", before.account}:
        return after.account  # the owner typed the shop's code
    known = ledger.connection.metadata(_fact(before.url))
    if not before.account or own in {before.account, known} or not ledger.queries.has_operations():
        return before.account or own
    if answer is None:
        raise ShopUncertain
    if answer is Shop.ANOTHER:
        return own
    await _prove_same(ledger.queries.newest_orders(before.account, _ASKED), connect, after.url, pair)
    return before.account


def _fact(url: str) -> str:
    return f"pair at {url}"


async def _prove_same(orders: list[Order], connect: ConnectorFactory, url: str, pair: Credentials) -> None:
    """Look up orders of this till with a new pair. Raises ShopNotProved, LookupFailed, UnsafeAddress."""
    async with aclosing(connect(url, pair)) as connector:
        for order in orders:
            with suppress(OrderNotFound):
                if _is_the_same(order, await connector.look_up(order.order_id)):
                    return
    if orders:
        raise ShopNotProved


def _is_the_same(known: Order, found: Order) -> bool:
    """Whether a found order is the one known here, and not another shop's order with the same number."""
    shown = found.for_ledger()
    dated = known.placed_at is not None and shown.placed_at is not None
    alike = same_moment(known.placed_at, shown.placed_at) if dated else known.total == shown.total
    return same_order(known.order_id, shown.order_id) and alike and same_customer(known.customer, shown.customer)
