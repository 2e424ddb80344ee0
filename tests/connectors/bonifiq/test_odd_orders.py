"""Orders with odd fields: a field that decides nothing is read when sound, and else left out."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq.classify import classify_answer, parse_order
from bonifiq_desktop.connectors.http_client import HttpResponse
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Customer, Order, Product
from bonifiq_desktop.domain.verdicts import Done

CUSTOMER = {
    "Id": 9,
    "OriginalId": "c9",
    "Name": "Cliente Teste",
    "Email": "c9@example.com",
    "Phone": "+5511987654321",
    "Document": "52998224725",
    "PointsBalance": 310,
    "Cashback": 12.5,
    "TierName": "Ouro",
    "IsEnrolled": True,
}
SHIRT = {"OriginalId": "P1", "Title": "Camiseta", "ProductPrice": 49.9}
ORDER = {
    "OriginalId": "PED-1001",
    "OrderTotal": 129.90,
    "OrderPlacementDate": "2026-11-18T13:45:12.345Z",
    "OrderStatus": "Faturado",
    "IsCompleted": True,
    "IsCancelledOrReturned": False,
    "State": 2,
    "Origin": 3,
    "Coupon": "X1",
    "Customer": CUSTOMER,
    "Products": [SHIRT, {"OriginalId": "P2", "Title": "Calca", "ProductPrice": 80.0}],
    "Metadatas": [{"Id": 1, "OrderId": 7, "Name": "caixa", "Value": "C1"}],
}
DECIDING = ("OriginalId", "OrderTotal", "State", "IsCancelledOrReturned", "OrderCancelledDate")


def each(values: list[Any]) -> list[Any]:
    """Values of several types, for one parameter."""
    return values


def _read(body: Any) -> Order:
    return parse_order(HttpResponse(200, json.dumps(body).encode()), "PED-1001")


SOUND = _read(ORDER)
KNOWN = SOUND.customer
assert KNOWN is not None


def _with_customer(**known: Any) -> Order:
    assert KNOWN is not None
    return replace(SOUND, customer=replace(KNOWN, **known))


def _with_shirt(**known: Any) -> Order:
    return replace(SOUND, products=(replace(SOUND.products[0], **known), *SOUND.products[1:]))


def test_sound_order_is_read_completely() -> None:
    assert SOUND.total == 12990
    assert SOUND.metadata == (("caixa", "C1"),)
    assert SOUND.placed_at is not None
    assert SOUND.placed_at.microsecond == 345000
    assert (
        Customer(
            "c9", "Cliente Teste", "52998224725", "c9@example.com", "+5511987654321", "Ouro", 310, 1250, enrolled=True
        )
        == KNOWN
    )


@pytest.mark.parametrize(
    ("odd", "known"),
    [
        *(({"PointsBalance": points}, {"points": 310}) for points in each([310.0, "310"])),
        *(({"PointsBalance": points}, {"points": None}) for points in each([310.5, "310.5", "x", True, [], {}, 1e300])),
        ({"PointsBalance": None, "BalanceOfPoints": "309"}, {"points": 309}),
        *(({"Cashback": cashback}, {"cashback": 1250}) for cashback in each(["12.50", "12.5", 12.5])),
        ({"Cashback": 12.499999999999998}, {"cashback": 1250}),
        *(
            ({"Cashback": cashback}, {"cashback": None})
            for cashback in each(["12,50", "R$ 12", "", "1e3", True, [], 1e20])
        ),
        ({"Phone": 11987654321}, {"phone": "11987654321"}),
        ({"Phone": 11987654321.0}, {"phone": "11987654321"}),
        ({"Document": 52998224725}, {"document": "52998224725"}),
        ({"OriginalId": 9}, {"customer_id": "9"}),
        *(({"TierName": tier}, {"tier": ""}) for tier in each([{"Name": "Ouro"}, ["Ouro"], True, None])),
        *(({"Name": name}, {"name": ""}) for name in each([None, [], {}, False])),
        *(({"Email": mail}, {"email": ""}) for mail in each([["a@b.c"], {"Address": "a@b.c"}])),
        *(({"IsEnrolled": flag}, {"enrolled": True}) for flag in each(["true", "True", 1])),
        *(({"IsEnrolled": flag}, {"enrolled": False}) for flag in each([False, "false", 0])),
        *(({"IsEnrolled": flag}, {"enrolled": None}) for flag in each([None, "sim", 2, [], 0.5])),
    ],
)
def test_odd_customer_field_is_read_or_left_out(odd: dict[str, Any], known: dict[str, Any]) -> None:
    assert _read({**ORDER, "Customer": {**CUSTOMER, **odd}}) == _with_customer(**known)


@pytest.mark.parametrize(
    ("odd", "known"),
    [
        *(({"OriginalId": number}, {"product_id": "7891"}) for number in each([7891, "7891", 7891.0])),
        ({"Title": 123}, {"title": "123"}),
        ({"Title": 12.5}, {"title": "12.5"}),
        *(({"Title": title}, {"title": ""}) for title in each([None, [], {}, True])),
        ({"ProductPrice": "49.90"}, {"price": 4990}),
        ({"ProductPrice": 19.989999999999998}, {"price": 1999}),
        ({"ProductPrice": -10}, {"price": -1000}),
        ({"ProductPrice": "-10.00"}, {"price": -1000}),
        *(({"ProductPrice": price}, {"price": None}) for price in each(["49,90", "x", True, [], {}, 1e20, None])),
    ],
)
def test_odd_item_field_is_read_or_left_out(odd: dict[str, Any], known: dict[str, Any]) -> None:
    assert _read({**ORDER, "Products": [{**SHIRT, **odd}, ORDER["Products"][1]]}) == _with_shirt(**known)  # type: ignore[index]


@pytest.mark.parametrize(
    ("odd", "known"),
    [
        *(({"Customer": customer}, {"customer": None}) for customer in each([[], "Ana", 5, True, None])),
        *(({"Coupon": coupon}, {"coupon": ""}) for coupon in each([{"Code": "X"}, [], True, None])),
        ({"Coupon": 12345}, {"coupon": "12345"}),
        ({"OrderStatus": 3}, {"status_text": "3"}),
        *(({"IsCompleted": flag}, {"completed": True}) for flag in each(["true", 1, True])),
        *(({"IsCompleted": flag}, {"completed": False}) for flag in each(["x", 2, [], None])),
        *(({"Products": products}, {"products": ()}) for products in each([{}, "x", 5, None, [None], [[], "P1", 7]])),
        ({"Products": [None, SHIRT, 5]}, {"products": (Product("P1", "Camiseta", 4990),)}),
        ({"Products": [SHIRT] * 1001}, {"products": ()}),
        *(({"OrderPlacementDate": date}, {"placed_at": None}) for date in each([5, "ontem", [], None])),
        *(
            ({"Metadatas": pairs}, {"metadata": ()})
            for pairs in each([{}, "x", [None], [{"Name": "a"}], [{"Name": [], "Value": "b"}]])
        ),
        ({"Metadatas": [{"Name": "nfce", "Value": 123}, {"Value": "x"}]}, {"metadata": (("nfce", "123"),)}),
        ({"OrderTotal": 129.89999999999998}, {"total": 12990}),
        ({"OrderTotal": 129.90000000000001}, {"total": 12990}),
    ],
)
def test_odd_order_field_is_read_or_left_out(odd: dict[str, Any], known: dict[str, Any]) -> None:
    assert _read({**ORDER, **odd}) == replace(SOUND, **known)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6)
    | st.sampled_from([Decimal("1E+999999"), Decimal("1E-999999"), Decimal("129.89999999999998")])
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _fields(known: dict[str, Any], *, but: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={name: json_values for name in known if name not in but})


def _odd(known: dict[str, Any]) -> st.SearchStrategy[Any]:
    return _fields(known) | json_values


WORDS = dict.fromkeys(("ErrorMessage", "FriendlyErrorMessage", "ErrorCode", "Code", "CodeName", "HasWarning"))


def _written(value: Any) -> bytes:
    """JSON with numbers as Decimal prints them, also with exponents."""
    match value:
        case Decimal():
            return str(value).encode()
        case dict():
            return b"{" + b",".join(json.dumps(k).encode() + b":" + _written(v) for k, v in value.items()) + b"}"
        case list():
            return b"[" + b",".join(map(_written, value)) + b"]"
        case _:
            return json.dumps(value).encode()


@given(
    _fields(ORDER, but=(*DECIDING, "Customer", "Products", "Metadatas")),
    st.fixed_dictionaries(
        {},
        optional={
            "Customer": _odd(CUSTOMER),
            "Products": st.lists(_odd(SHIRT), max_size=3) | json_values,
            "Metadatas": st.lists(_odd({"Name": 0, "Value": 0}), max_size=3) | json_values,
        },
    ),
    _fields(WORDS),
    st.sampled_from([lambda order: order, lambda order: {"HasError": False, "Result": order}]),
)
def test_order_with_sound_deciding_fields_is_always_read(
    odd: dict[str, Any], parts: dict[str, Any], words: dict[str, Any], wrap: Callable[[Any], Any]
) -> None:
    sound = {name: ORDER[name] for name in DECIDING if name in ORDER} | {"OrderTotal": Decimal("129.90")}
    order = parse_order(HttpResponse(200, _written(wrap({**odd, **parts, **words, **sound}))), "PED-1001")
    assert (order.order_id, order.total, order.cancelled) == ("PED-1001", 12990, False)
    assert all(isinstance(product.price, int | None) for product in order.products)


@given(_fields(WORDS), json_values, _fields({"UpdatedAt": 0, "X": 0}))
def test_answer_with_sound_deciding_fields_is_always_done(
    words: dict[str, Any], estimate: Any, rest: dict[str, Any]
) -> None:
    sold = {**words, "HasError": False, "Result": {"OriginalId": "A-1", "EstimatedBonus": estimate}}
    flat = {**words, "HasError": False, **rest, "isCanceled": False, "Status": 0}
    for kind, body in ((Kind.SALE, sold), (Kind.REFUND, flat), (Kind.REFUND, {"Result": flat})):
        key = "K" if kind is Kind.REFUND else None
        assert isinstance(
            classify_answer(kind, HttpResponse(200, _written(body)), order_id="A-1", cancel_key=key), Done
        )


@pytest.mark.parametrize("total", ["129.90", True, [], {}, None, "1E+999999"])
def test_order_with_malformed_total_fails_the_lookup(total: Any) -> None:
    with pytest.raises(Exception) as failed:  # noqa: PT011 - which one is said by test_lookup.py
        _read({**ORDER, "OrderTotal": total})
    assert type(failed.value).__name__ == "LookupFailed"


def test_amount_as_text_equals_amount_as_number() -> None:
    for cents in (*range(200), 999999, 10**9 + 1):
        number = exact_json.dump(Decimal(cents).scaleb(-2)).decode()
        for written in (number, f'"{number}"'):
            body = f'{{"OrderTotal":1,"Products":[{{"ProductPrice":{written}}}]}}'.encode()
            assert parse_order(HttpResponse(200, body), "A-1").products[0].price == cents
