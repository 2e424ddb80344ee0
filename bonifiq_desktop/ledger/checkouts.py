"""Checkouts in the ledger: a redemption, and the sale or the reversal that ends it."""

from collections.abc import Callable

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import TransitionRefused
from bonifiq_desktop.ledger.inserts import hash_answer, rewrite_request
from bonifiq_desktop.ledger.queries import Queries

_OF_CHECKOUT = "WHERE o.checkout_id = ? AND o.checkout_id <> ''"
_LIVE_END = "ends_checkout AND state NOT IN ('refused', 'withdrawn', 'not_applied')"  # in the words of the index
_OPEN = f"""INDEXED BY one_redemption WHERE o.checkout_id <> '' AND NOT o.ends_checkout AND o.state = 'confirmed'
    AND NOT EXISTS (
        SELECT 1 FROM operations INDEXED BY one_end
        WHERE checkout_id = o.checkout_id AND checkout_id <> '' AND {_LIVE_END}
    ) ORDER BY o.id"""


class Checkouts:
    """Questions and commands about checkouts. All raise LedgerFailed or LedgerDamaged when the file cannot be used."""

    def __init__(
        self,
        connection: LedgerConnection,
        queries: Queries,
        verified_request: Callable[[Operation], SerializedRequest],
    ) -> None:
        self._connection = connection
        self._queries = queries
        self._verified_request = verified_request

    def operations(self, checkout_id: str) -> tuple[Operation, ...]:
        """The operations of a checkout, oldest first; empty for an unknown one."""
        return tuple(self._queries.operations_where(f"{_OF_CHECKOUT} ORDER BY o.id", (checkout_id,)))

    def redemption(self, checkout_id: str) -> Operation | None:
        """The redemption of a checkout, or None."""
        where = f"{_OF_CHECKOUT} AND NOT o.ends_checkout"
        return next(iter(self._queries.operations_where(where, (checkout_id,))), None)

    def live_end(self, checkout_id: str) -> Operation | None:
        """The sale or reversal of a checkout that is open or confirmed, here or as the shop knows it, or None."""
        where = f"{_OF_CHECKOUT} AND {_LIVE_END}"
        found = next(iter(self._queries.operations_where(where, (checkout_id,))), None)
        return found or self._queries.others.live_end(checkout_id)

    def open_redemptions(self) -> list[Operation]:
        """The confirmed redemptions without a live end, oldest first."""
        found = self._queries.operations_where(_OPEN, ())
        return [each for each in found if self._queries.others.live_end(each.checkout_id) is None]

    def was_refused(self, reversal: Operation) -> bool:
        """Whether an earlier reversal of the same checkout was refused: the reward can perhaps never be undone."""
        reversals = (each for each in self.operations(reversal.checkout_id) if each.kind is Kind.REVERSAL)
        return any(each.state is State.REFUSED for each in reversals)

    def has_redeemed(self, order_id: str) -> bool:
        """Whether a reward was redeemed for the sale under this number."""
        where = "WHERE o.order_key = ? AND o.checkout_id <> '' AND NOT o.ends_checkout"
        return bool(self._queries.operations_where(where, (normalized_order_id(order_id),)))

    def put_reward(self, sale: Operation, code: str, with_reward: Callable[[bytes], bytes]) -> Operation:
        """Put the code of a redemption into the request of a sale, before an attempt of this till left.

        Raises RequestDamaged, TransitionRefused.
        """
        with self._connection.transaction():
            request = self._unsent_request(sale)
            changed = SerializedRequest(request.path, with_reward(request.body), request.client_key, request.method)
            rewrite_request(self._connection.db, sale.operation_id, changed, external_code=code)
            hash_answer(self._connection.db, sale.operation_id)
            return self._queries.operation(sale.operation_id)

    def address_reversal(self, reversal: Operation, reward_id: str, request: SerializedRequest) -> Operation:
        """Let an unsent reversal name the id that the system gave its redemption. Raises as `put_reward` does."""
        with self._connection.transaction():
            self._unsent_request(reversal)
            rewrite_request(self._connection.db, reversal.operation_id, request, remote_line=reward_id)
            return self._queries.operation(reversal.operation_id)

    def leave(self, sale: Operation) -> Operation:
        """Take an unsent sale, which goes without its reward, out of its checkout. Raises as `put_reward` does."""
        with self._connection.transaction():
            request = self._unsent_request(sale)
            rewrite_request(self._connection.db, sale.operation_id, request, checkout_id="")
            return self._queries.operation(sale.operation_id)

    def _unsent_request(self, operation: Operation) -> SerializedRequest:
        # An attempt that a restore only assumes had the same bytes: they follow from the redemption's answer.
        if self._queries.attempts.count_possibly_sent(operation.operation_id)[1]:
            raise TransitionRefused(f"operation {operation.operation_id} was possibly sent")
        return self._verified_request(operation)
