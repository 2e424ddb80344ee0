"""Paths and bodies of Omnitron's requests (API docs, sections 1 to 4). Every path ends with a slash."""

from typing import Any
from urllib.parse import quote

from bonifiq_desktop.connectors.exact_json import dump
from bonifiq_desktop.domain.orders import read_order_id
from bonifiq_desktop.domain.returns import Leg
from bonifiq_desktop.storage.remote_settings import RemoteSettings

LOGIN_PATH = "/api/i1/auth/login/"
PAGE_SIZE = 50


def login_body(user: str, password: str) -> bytes:
    return dump({"username": user, "password": password})


def orders_path(settings: RemoteSettings, number: str, page: int = 1) -> str:
    """Path of the list of orders under a number; the filter is assumed. Raises OrderIdError."""
    return _paged(f"{_orders(settings)}?number={quote(read_order_id(number), safe='')}", page)


def any_order_path(settings: RemoteSettings) -> str:
    """Path of a list with one order, whichever it is."""
    return f"{_orders(settings)}?limit=1"


def order_path(settings: RemoteSettings, order_key: int) -> str:
    """Path of one order with all its relations."""
    return f"/api/{settings.prefix('orders', 'i1')}/orders_integration/{order_key}/detailed_integration/"


def items_path(settings: RemoteSettings, order_key: int, page: int = 1) -> str:
    """Path of the items of an order; of its sales channel where the settings name one."""
    prefix = settings.prefix("items", "v1")
    if settings.channel is None:
        return _paged(f"/api/{prefix}/order_item/detailed_integration/?order={order_key}", page)
    return _paged(f"/api/{prefix}/channel/{settings.channel}/order_items/?order={order_key}&sort=id", page)


def reasons_path(settings: RemoteSettings, page: int = 1) -> str:
    """Path of the reasons; of the sales channel where the settings name one."""
    channel = "" if settings.channel is None else f"channel/{settings.channel}/"
    return _paged(f"/api/{settings.prefix('reasons', 'v1')}/{channel}cancellation_reasons/?", page)


def cancel_path(settings: RemoteSettings, order_key: int) -> str:
    """Path of the cancel call: the documented one under `i1`, that of the sales channel under `v1`."""
    prefix = settings.prefix("cancel", "i1")
    channel = "" if settings.channel is None or prefix == "i1" else f"channel/{settings.channel}/"
    return f"/api/{prefix}/{channel}orders/{order_key}/cancel/"


def cancel_body(leg: Leg) -> bytes:
    """The body that cancels or returns the items of a leg.

    `return_details` is always false: only the items, read again, prove what was accepted, and a short answer holds no
    personal data. Assumed: `reasons` names every item of a whole order, too.
    """
    keys = [line.line_id for line in leg.lines]
    body: dict[str, Any] = {
        "order": int(leg.order_key),
        "is_all": leg.takes_all,
        "cancel_items": [] if leg.takes_all else [int(key) for key in keys],
        "forced_refund_amount": None,
        "reasons": {key: int(leg.reason_code) for key in keys},
        "is_cargo_refund": leg.shipping,
        "return_details": False,
    }
    if leg.invoice_number:
        body["refund_invoice_number"] = leg.invoice_number
    if leg.bank_account is not None:
        body["ibans"] = dict.fromkeys(keys, leg.bank_account.iban)
        body["holder_names"] = dict.fromkeys(keys, leg.bank_account.holder)
    return dump(body)


def _orders(settings: RemoteSettings) -> str:
    return f"/api/{settings.prefix('orders', 'i1')}/orders/"


def _paged(path: str, page: int) -> str:
    return f"{path}{'' if path.endswith('?') else '&'}limit={PAGE_SIZE}&page={page}"
