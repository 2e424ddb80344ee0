"""Values of slips: what the ledger holds of a subject, as the texts that templates name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bonifiq_desktop.domain.coded_names import read_coded_name
from bonifiq_desktop.domain.documents import mask_document
from bonifiq_desktop.domain.operations import BONIFIQ, Kind, Operation
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.personal_numbers import find_personal_number
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.services.slip_sentences import Sentences, system_name
from bonifiq_desktop.services.slip_templates import Values

_HIDDEN = "***"
_WHOLE_ORDER = frozenset({Kind.SALE, Kind.COMPLETION, Kind.CANCEL})


def shown(text: str) -> str:
    """A text of a person or a system, without personal data and invisible characters. A company's CNPJ is public."""
    redacted = redact_personal_data(plain(text))
    found = find_personal_number(redacted)
    return redacted if found is None or found.kind == "cnpj" else _HIDDEN


def shown_order(order_id: str) -> str:
    """An order number as a slip shows it: whole, unless it looks like personal data."""
    found = find_personal_number(order_id)
    return plain(order_id) if found is None or found.kind == "cnpj" else shown(order_id)


def moment(at: datetime) -> dict[str, str]:
    """Date and time of a registration, in this PC's time zone or in that of `at`."""
    return {"date": f"{at:%d/%m/%Y}", "time": f"{at:%H:%M}"}


def values_of(operations: Sequence[Operation], say: Sentences) -> Values:
    """The values of an operation, or of a return by its legs. CancelKeys are no value, and are cut out of the texts."""
    main = operations[0]
    is_return = main.return_id != ""
    texts = {
        **moment(main.created_at.astimezone()),
        "order": shown_order(main.order_id),
        "value": say.value(main),
        "status": say.return_status(operations) if is_return else say.status(main),
        "points": "" if is_return else say.points(main),
        "money": say.money(operations),
        "person": shown(main.registered_by),
        "reason": shown(main.reason),
        **_order_values(operations),
    }
    lists = {
        "item": [{"name": shown(name), "value": value} for name, value in _items(operations)],
        "leg": [_leg_values(leg, say) for leg in operations] if is_return else [],
    }
    keys = [key for each in operations if (key := each.cancel_key)]
    return Values(_without(texts, keys), {name: [_without(row, keys) for row in rows] for name, rows in lists.items()})


def _without(texts: Mapping[str, str], keys: Sequence[str]) -> dict[str, str]:
    """The texts without the keys: who holds the slip must not hold what settles a refund."""
    found = dict(texts)
    for key in keys:
        found = {name: text.replace(key, _HIDDEN) for name, text in found.items()}
    return found


def _order_values(operations: Sequence[Operation]) -> dict[str, str]:
    customers = [each.order.customer for each in operations if each.order and each.order.customer]
    customer = next((each for each in customers if each.name), customers[0] if customers else Customer())
    order = operations[0].order
    payment, seller = (
        (read_coded_name(text) for text in (order.payment_method, order.sales_person))
        if order
        else (
            None,
            None,
        )
    )
    return {
        "customer": shown(customer.name),
        "document": mask_document(customer.document),
        "payment": shown(payment.name) if payment else "",
        "seller": shown(seller.name) if seller else "",
        "coupon": shown(order.coupon) if order and order.coupon != operations[0].external_code else "",
    }


def _leg_values(leg: Operation, say: Sentences) -> dict[str, str]:
    points = say.points(leg) if leg.system == BONIFIQ else ""
    status = " ".join(filter(None, (say.status(leg), points)))
    return {"system": shown(system_name(leg)), "value": say.value(leg), "status": status}


def _items(operations: Sequence[Operation]) -> Iterator[tuple[str, str]]:
    """Names and amounts of what was sold or goes back; goods that several systems name stand once."""
    main = operations[0]
    if main.kind in _WHOLE_ORDER and main.order is not None:
        for product in main.order.products:
            value = "" if product.price is None else format_money(product.price, main.currency)
            yield _counted(product.quantity, product.title or product.product_id), value
        return
    seen: set[str] = set()
    for operation in operations:
        for line in operation.lines:
            name = _counted(line.units, line.title or line.product_id)
            if name not in seen:
                seen.add(name)
                yield name, format_money(line.value, operation.currency)


def _counted(units: int, name: str) -> str:
    """The units before a name, where there are several."""
    return f"{units} × {name}" if units > 1 else name


def first_of(operations: Iterable[Operation]) -> Operation:
    """The operation that names a slip: of a return, its first leg."""
    return min(operations, key=lambda each: each.operation_id)
