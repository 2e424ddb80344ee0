"""The made-up system of `tally_system` as a marketplace: orders with lines, their returns, reasons, and an account."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from bonifiq_desktop.connectors.connector import Observer
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Obstacle, RemoteLine, RemoteOrder, RemoteRecord, ReturnImpossible
from bonifiq_desktop.domain.returns import Call, Leg, LegLine, RemoteAccount, RemoteReason, ReturnChoice, SettlingTimes
from bonifiq_desktop.domain.verdicts import Refused, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.remote_settings import Learnable, ReasonMapping, RemoteSettings
from tests.support.tally_system import TallyConnector

REASONS = (ReasonMapping("Defeito", "1", "Broken", "2", "Broken"),)
REFERENCES = {"1001": ("SHOP-1001",)}
NUMBERS = {"SHOP-1001": "1001"}


def tally_settings(name: str, url: str, **changes: object) -> RemoteSettings:
    """A connection to the made-up system, under the name of a real one, with one mapped reason."""
    return replace(RemoteSettings(name, "mirakl", url, reasons=REASONS), **changes)  # type: ignore[arg-type]


class TallyReturns(TallyConnector):
    """A ReturnConnector. Order 1001 is also known as SHOP-1001; each order has one line of one unit for each 10,00.

    The settings name the currency of all orders.
    """

    settling = SettlingTimes(first=0.05, between=0.05)

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        observe: Observer = lambda _report: None,
        settings: Callable[[], RemoteSettings],
    ) -> None:
        super().__init__(url, credentials, observe=observe)
        self._settings = settings

    async def look_up(self, order_id: str) -> Order:
        order = await super().look_up(NUMBERS.get(order_id, order_id))
        units = order.total // 1000
        price = Decimal(order.total) / 100
        line = RemoteLine("L1", ("SKU1",), "Camiseta", units, units, price, price, price)
        return replace(
            order,
            remote=RemoteOrder(
                self._settings().currency or "BRL", (line,), references=REFERENCES.get(order.order_id, ())
            ),
        )

    async def send(self, operation: Operation, request: object) -> Verdict:
        verdict = await super().send(operation, request)  # type: ignore[arg-type]
        if isinstance(verdict, Refused) and self._settings().user == "no-lines":
            return Refused(Obstacle.FEATURE_OFF, "cancelling lines is not enabled")
        return verdict

    def plan(self, order: Order, choice: ReturnChoice) -> tuple[Leg, ...]:
        settings = self._settings()
        if settings.cancel_lines is Learnable.NO:
            raise ReturnImpossible(Obstacle.FEATURE_OFF)
        mapping = settings.mapping(choice.reason)
        if not mapping.refund_code:
            raise ReturnImpossible(Obstacle.REASON_NOT_MAPPED)
        return tuple(
            Leg(
                Call.REFUND_LINE,
                order.order_id,
                (LegLine(line.line_id, line.units, Decimal(10 * line.units)),),
                mapping.refund_code,
                settings.currency or "BRL",
                Decimal(10 * line.units),
                return_id=choice.return_id,
            )
            for line in choice.lines
        )

    def baseline(self, order: Order, operation: Operation) -> str:
        del operation
        return order.status_text

    def remote_state(self, order: Order, operation: Operation) -> str:
        del order, operation
        return ""

    async def reasons(self) -> tuple[RemoteReason, ...]:
        await self.verify()
        return RemoteReason("1", "Broken", "cancel"), RemoteReason("2", "Broken", "refund")

    async def describe(self) -> RemoteAccount:
        await self.verify()
        return RemoteAccount("Tally of the shop", "7", "BRL")


class RecordingReturns(TallyReturns):
    """The same, which also shows its refunds on the lines of an order."""

    async def look_up(self, order_id: str) -> Order:
        order = await super().look_up(order_id)
        shown = await self._shown(order.order_id)
        records = tuple(
            RemoteRecord(each["id"], "refund", Decimal(each["cents"]) / 100, Decimal(0)) for each in shown["refunds"]
        )
        assert order.remote is not None
        (line,) = order.remote.lines
        return replace(order, remote=replace(order.remote, lines=(replace(line, records=records),)))
