"""Classification of typed and scanned texts: what each may mean, and which of them leave the till."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.money import MAX_CENTS, format_plain
from bonifiq_desktop.domain.personal_numbers import find_personal_number
from bonifiq_desktop.domain.query import Query, name_words, read_identifier, read_query, search_text
from bonifiq_desktop.domain.search import QueryKind as Kind
from tests.domain.test_personal_numbers import CERTAIN, DOUBTFUL, LAYOUT, LETTERS, key_of

TODAY = date(2026, 11, 29)
BREAKS = "\n\r\t\v\f\x00\x1c\x1d\x1e\x1f\x85\u2028\u2029"
INVISIBLE = "\u200b\u200e\u2060\ufeff\u00ad\u3164"


def read(text: str) -> Query:
    return read_query(text, TODAY)


@pytest.mark.parametrize(
    ("text", "kind", "order_id"),
    [
        ("", Kind.NOTHING, ""),
        (BREAKS, Kind.NOTHING, ""),
        ("PED-1001", Kind.ORDER_NUMBER, "PED-1001"),
        ("1006/B", Kind.ORDER_NUMBER, "1006/B"),
        ("702-1234567-1234567", Kind.ORDER_NUMBER, "702-1234567-1234567"),
        ("1001", Kind.ORDER_NUMBER | Kind.PHONE | Kind.AMOUNT, "1001"),
        ("101", Kind.ORDER_NUMBER | Kind.AMOUNT, "101"),
        ("28112026", Kind.ORDER_NUMBER | Kind.PHONE | Kind.AMOUNT | Kind.DATE, "28112026"),
        ("2000009876543210123", Kind.ORDER_NUMBER, "2000009876543210123"),
        ("52998224725", Kind.ORDER_NUMBER | Kind.DOCUMENT, ""),
        ("529.982.247-25", Kind.DOCUMENT, ""),
        ("12.ABC.345/01DE-35", Kind.DOCUMENT, ""),
        ("12abc34501de35", Kind.ORDER_NUMBER | Kind.DOCUMENT, ""),
        ("11987654321", Kind.ORDER_NUMBER | Kind.PHONE, ""),
        ("(11) 98765-4321", Kind.PHONE, ""),
        ("98765-4321", Kind.PHONE, ""),
        ("ana@exemplo.com.br", Kind.EMAIL, ""),
        ("R$ 25,90", Kind.AMOUNT, ""),
        ("25,90", Kind.ORDER_NUMBER | Kind.AMOUNT, ""),
        ("28/11", Kind.ORDER_NUMBER | Kind.DATE, ""),
        ("28/11/2026", Kind.ORDER_NUMBER | Kind.DATE, ""),
        ("2026-11-28", Kind.ORDER_NUMBER | Kind.DATE, ""),
        ("ontem", Kind.ORDER_NUMBER | Kind.DATE, ""),
        ("Maria", Kind.ORDER_NUMBER | Kind.NAME, ""),
        ("Conceição D'Ávila", Kind.ORDER_NUMBER | Kind.NAME, ""),
        ("https://loja.example/pedido", Kind.NOTHING, ""),
    ],
)
def test_text_has_these_meanings_and_goes_out_only_as_an_order_number(text: str, kind: Kind, order_id: str) -> None:
    found = read(text)
    assert (found.kind, found.order_id) == (kind, order_id)


@pytest.mark.parametrize("key", [key_of(LAYOUT), key_of(LETTERS)])
@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "https://www.fazenda.pr.gov.br/nfce/qrcode?p={}|3|1",
        "HTTPSÇ;;WWW.FAZENDA.PR.GOV.BR;NFCE;QRCODE:P={}}}3}}1",
        "httpsÇ--www.fazenda.pr.gov.br-nfce-qrcode_p0{}^3^1",
        "\x02{}\r\n",
    ],
)
def test_access_key_in_any_form_is_an_access_key_and_stays_here(key: str, form: str) -> None:
    for written in (key, key.lower(), " ".join(key[at : at + 4] for at in range(0, 44, 4))):
        found = read(form.format(written))
        assert (found.kind, found.access_key, found.order_id) == (Kind.ACCESS_KEY, key, "")


@given(st.text(st.sampled_from("0123456789ABCDE"), min_size=43, max_size=43), st.integers(0, 9))
def test_access_key_with_a_wrong_check_digit_is_none(signs: str, digit: int) -> None:
    found = read(signs + str(digit))
    assert not found.access_key or found.access_key == key_of(signs)


@pytest.mark.parametrize(("text", "kind"), [*CERTAIN, *DOUBTFUL])
def test_personal_number_never_goes_out_by_itself(text: str, kind: str) -> None:
    found = read(text)
    assert found.order_id == ""
    if kind == "email" and "%" not in text:
        assert Kind.EMAIL in found.kind


@given(st.text(max_size=40))
def test_text_that_goes_out_is_nothing_personal(text: str) -> None:
    found = read(text)
    if found.order_id:
        assert Kind.ORDER_NUMBER in found.kind
        assert not found.kind & (Kind.DOCUMENT | Kind.EMAIL | Kind.NAME | Kind.ACCESS_KEY)
        assert find_personal_number(text) is None
        assert found.order_id == search_text(text)


@given(
    st.sampled_from(["52998224725", "(11) 98765-4321", "28/11/2026", "José da Silva", "1006/B", "25,90"]),
    st.text(st.sampled_from(INVISIBLE), max_size=3),
    st.text(st.sampled_from(BREAKS), max_size=3),
)
def test_breaks_and_invisible_characters_change_no_meaning(text: str, invisible: str, breaks: str) -> None:
    hidden = invisible.join(text)
    assert read(f"{breaks}{hidden}{breaks}") == read(text)
    assert read(text.replace(" ", breaks or " ")) == read(text)


@given(st.dates(date(2025, 11, 30), TODAY))
def test_date_without_its_year_is_the_last_such_day(day: date) -> None:
    if (day.month, day.day) != (2, 29):
        assert read(f"{day.day}/{day.month}").day == read(f"{day:%d/%m}").day == day
    for written in (f"{day:%d/%m/%Y}", f"{day:%d/%m/%y}", f"{day:%d%m%Y}", f"{day:%d-%m-%Y}", f"{day:%Y-%m-%d}"):
        assert read(written).day == day


@pytest.mark.parametrize("text", ["31/02", "00/11", "32/01", "12/13", "2811202", "29022026"])
def test_impossible_day_is_no_date(text: str) -> None:
    assert read(text).day is None


@given(st.integers(1, MAX_CENTS))
def test_written_amount_is_found_to_the_cent(cents: int) -> None:
    plain = format_plain(cents)
    for written in (plain, f"R$ {plain}", f"R${plain.replace('.', '')}"):
        assert read(written).amounts == (cents,)
    if cents < 10**6:
        assert cents in read(str(cents)).amounts
        assert cents * 100 in read(str(cents)).amounts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("José da Conceição", ("jose", "da", "conceicao")),
        ("JOSE\u2028DA\nCONCEICAO", ("jose", "da", "conceicao")),
        ("Jose\u0301", ("jose",)),
        ("D'Ávila d\u2019Ávila", ("davila", "davila")),
        ("Ana-Maria  Groß", ("ana", "maria", "gross")),
        ("Jo\u200bsé", ("jose",)),
    ],
)
def test_name_is_compared_without_accents_capitals_and_breaks(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("text", "identifier"),
    [(" CPF 529.982.247-25", "52998224725"), ("Ana@Exemplo.com.br", "ana@exemplo.com.br"), ("Ana", ""), ("1001", "")],
)
def test_identifier_is_a_document_or_an_email(text: str, identifier: str) -> None:
    assert read_identifier(text) == identifier
