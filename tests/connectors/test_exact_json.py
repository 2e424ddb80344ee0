"""JSON with exact numbers, both ways."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.exact_json import Unreadable, dump, load

text = st.text(st.characters(codec="utf-8"))
amounts = st.decimals(-(10**10), 10**10, places=2)
documents: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | amounts | text,
    lambda inner: st.lists(inner) | st.dictionaries(text, inner),
    max_leaves=20,
)


@given(documents)
def test_dumped_document_is_loaded_unchanged(document: Any) -> None:
    assert load(dump(document)) == document


def test_dumped_json_is_compact_utf_8() -> None:
    body = {
        "ValueToRefund": Decimal("25.90"),
        "Name": 'João "Zé"',
        "Ok": True,
        "No": None,
        "List": [1, Decimal("1E+3")],
    }
    assert dump(body) == '{"ValueToRefund":25.90,"Name":"João \\"Zé\\"","Ok":true,"No":null,"List":[1,1000]}'.encode()
    assert dump({"empty": {}, "none": []}) == b'{"empty":{},"none":[]}'


@pytest.mark.parametrize(
    "bad", [Decimal("0.1").__float__(), Decimal("NaN"), Decimal("Infinity"), b"x", {1: 2}, {None: 1}]
)
def test_dump_of_float_or_other_type_is_refused(bad: object) -> None:
    with pytest.raises(TypeError):
        dump([bad])


def test_document_at_depth_and_digit_limits_is_loaded() -> None:
    assert load(b"[" * 32 + b"]" * 32)
    assert load(b'{"a":' * 32 + b"1" + b"}" * 32)
    assert load(b"[" + b"9" * 64 + b"]") == [int("9" * 64)]


def test_number_is_loaded_with_every_digit() -> None:
    assert str(load(b'{"a":129.90}')["a"]) == "129.90"
    assert load(b"0.1000000000000000000000000000000000001") == Decimal("0.1000000000000000000000000000000000001")
    assert load(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b" ", b"<html></html>", b'{"a":1', b'{"a":1}{', b"{'a':1}", b'{"a":01}'),
        *(b"NaN", b"[Infinity]", b"-Infinity", b'{"a":NaN}'),
        *(b'{"a":1,"a":2}', b'{"x":{"a":1,"a":1}}'),
        *(b"[" * 33 + b"]" * 33, b'{"a":' * 33 + b"1" + b"}" * 33),
        *(b'{"a":' + b"9" * 65 + b"}", b"[0." + b"1" * 63 + b"]", b"1" + b"0" * 2000 + b"e-2000", b"1e" + b"0" * 63),
        *(b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"1e99999999999999999999"),
        *(b"\xff\xfe{}", b'"\xe9"', '{"a":1}'.encode("utf-16")),
    ],
)
def test_malformed_or_ambiguous_document_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        load(content)


@given(st.binary())
def test_random_bytes_are_loaded_or_unreadable(content: bytes) -> None:
    try:
        load(content)
    except Unreadable:
        return
