"""Which shop a pair of token and key is for. What was registered for one shop is never sent with another one's pair.

The account, which goes into every CancelKey, names the shop: a renewed pair of the same shop keeps it.
"""

from bonifiq_desktop.connectors.connector import ConnectorFactory
from bonifiq_desktop.domain.connections import Shop, ShopNotProved, ShopUncertain
from bonifiq_desktop.domain.evidence import same_customer, same_moment
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.settings import Settings, SettingsError, account_for_token

_ASKED = 3
"""Orders that are looked up to prove that a pair is the same shop's: a single one may be gone."""


def account_in_force(ledger: Ledger, settings: Settings, pair: Credentials | None) -> str:
    """The account of a pair that was not typed just now (environment, stored); "" while it is not sure whose it is."""
    if pair is None:
        return settings.account
    own = account_for_token(pair.token)
    account = settings.account or own
    known = ledger.connection.metadata(_fact(settings.url))
    if account == own or known in {None, own} or not ledger.queries.has_operations():
        return account
    return ""


def note_pair(ledger: Ledger, url: str, token: str) -> None:
    """Remember that this pair is the one of the account in force."""
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
    """The account of settings that are about to be saved: fixed at the first set-up, so that CancelKeys survive a
    renewed token. `is_new`: the pair was typed just now, or it is not said yet whose it is.

    Raises ShopUnsure while it is not said whether it is the same shop's, ShopNotProved, LookupFailed, SettingsError.
    """
    if pair is None or not is_new:
        account = after.account or (account_for_token(pair.token) if pair else "")
        if account != before.account and before.account in ledger.queries.unfinished_accounts():
            raise SettingsError("account_busy")  # with the same pair it is the same shop's, and would wait for ever
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
    """Look orders of this till up with a new pair. Raises ShopNotProved, LookupFailed, UnsafeAddress."""
    connector = connect(url, pair)
    try:
        for order in orders:
            try:
                found = await connector.look_up(order.order_id)
            except OrderNotFound:
                continue
            if _is_the_same(order, found):
                return
    finally:
        await connector.aclose()
    if orders:
        raise ShopNotProved


def _is_the_same(known: Order, found: Order) -> bool:
    """Whether an order that was found is the one known here, and not another shop's under the same number."""
    shown = found.for_ledger()
    dated = known.placed_at is not None and shown.placed_at is not None
    alike = same_moment(known.placed_at, shown.placed_at) if dated else known.total == shown.total
    return same_order(known.order_id, shown.order_id) and alike and same_customer(known.customer, shown.customer)
