"""Tests of the removal of invisible characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.contacts import ContactError, read_email
from bonifiq_desktop.domain.orders import OrderIdError, read_order_id
from bonifiq_desktop.domain.text import MAX_TEXT, escape_hidden, is_plain, plain

# From Unicode's list of default-ignorable code points, independent of the program's own list.
IGNORABLE = {
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
    *(*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)),
    *range(0xE0000, 0xE1000),
}
UNSEEN = [chr(point) for point in sorted(IGNORABLE)]
CONTROLS = [chr(point) for point in (*range(0x20), *range(0x7F, 0xA0))]
LINES = ["\u2028", "\u2029", "\x85", "\v", "\f"]
anything = st.text(st.one_of(st.characters(), st.sampled_from([*UNSEEN, *CONTROLS, *LINES])))
words = st.lists(
    st.text(st.characters(categories=["L", "N", "P", "Sc", "Sm"], exclude_characters="".join(UNSEEN)), min_size=1),
    max_size=8,
)


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} and ord(sign) not in IGNORABLE


@given(anything)
def test_plain_text_holds_nothing_hidden_and_is_idempotent(text: str) -> None:
    shown = plain(text)
    assert all(map(_is_shown, shown))
    assert plain(shown) == shown
    assert len(shown) <= min(len(text), MAX_TEXT)
    assert shown == shown.strip()
    assert "  " not in shown


@given(words, st.lists(st.sampled_from([*CONTROLS, *LINES, " ", "\u00a0", "\u3000"]), min_size=1, max_size=3))
def test_plain_visible_text_is_unchanged(found: list[str], between: list[str]) -> None:
    assert plain(" ".join(found)) == " ".join(found)[:MAX_TEXT].rstrip()
    if len(" ".join(found)) < MAX_TEXT // 3:
        assert plain("".join(between).join(found)) == " ".join(found)


@pytest.mark.parametrize("sign", [*UNSEEN[:40], *UNSEEN[-3:], "\u2800", "\ud800", "\ue000", "\U0010ffff"], ids=ascii)
def test_invisible_character_is_removed_from_text_and_marked_in_name(sign: str) -> None:
    assert plain(f"Jo{sign}ão") == "João"
    assert escape_hidden(f"10{sign}06") == "10\ufffd06" != escape_hidden("1006")
    assert not is_plain(f"10{sign}06")
    with pytest.raises(OrderIdError):
        read_order_id(f"10{sign}06")
    with pytest.raises(ContactError):
        read_email(f"a{sign}na@exemplo.com")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202eRELAPSE\u202c 10", "RELAPSE 10"),
        ("Ana\r\nTotal: R$\u00a00,00\u2028pago\t!", "Ana Total: R$ 0,00 pago !"),
        ("\x1b[31mred\x07", "[31mred"),
        ("José da Silva e Sá", "José da Silva e Sá"),
        ("Jose\u0301", "Jose\u0301"),
        ("<b>&amp;", "<b>&amp;"),
        ("\u200b\u2066 \n", ""),
        ("x" * 5000, "x" * MAX_TEXT),
    ],
)
def test_plain_examples_of_hidden_characters(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(anything)
def test_escape_hidden_name_never_equals_plain_one(name: str) -> None:
    seen = escape_hidden(name)
    assert is_plain(seen)
    assert escape_hidden(seen) == seen
    if not is_plain(name.strip()):
        assert "\ufffd" in seen or len(name) > MAX_TEXT
