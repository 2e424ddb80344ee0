"""Tests of the detection of personal data and access keys in typed order numbers."""

import random

import pytest

from bonifiq_desktop.domain.access_key import find_access_key
from bonifiq_desktop.domain.orders import (
    FiscalKeyTyped,
    OrderIdError,
    PersonalOrderId,
    read_order_id,
    read_typed_order_id,
)
from bonifiq_desktop.domain.personal_numbers import find_personal_number

CERTAIN = [
    ("529.982.247-25", "cpf"),
    ("111.111.111-11", "cpf"),  # a mistyped CPF is personal data too
    ("529.982.247\N{EN DASH}25", "cpf"),
    ("529.982.247\N{NON-BREAKING HYPHEN}25", "cpf"),
    ("５２９．９８２．２４７－２５", "cpf"),
    ("CPF 529.982.247-25", "cpf"),
    ("CPF 529982247-25", "cpf"),
    ("cpf: 52998224726", "cpf"),
    ("12.ABC.345/01DE-35", "cnpj"),
    ("11.222.333/0001-81", "cnpj"),
    ("CNPJ 11222333000181", "cnpj"),
    ("maria.santos@exemplo.com.br", "email"),
    ("maria%40exemplo.com.br", "email"),
    ("maria.santos＠exemplo.com.br", "email"),
    ("+55 11 98765-4321", "phone"),
    ("+5511987654321", "phone"),
    ("(11) 98765-4321", "phone"),
    ("(011) 3456-7890", "phone"),
    ("+1 202 555 0123", "phone"),
]
DOUBTFUL = [
    ("52998224725", "cpf"),
    ("529982247-25", "cpf"),
    ("529-982-247-25", "cpf"),
    ("529 982 247 25", "cpf"),
    ("529\N{NO-BREAK SPACE}982\N{NO-BREAK SPACE}247\N{NO-BREAK SPACE}25", "cpf"),
    ("529982247\N{MINUS SIGN}25", "cpf"),
    ("\u200e529982247\u201125", "cpf"),
    ("5299822\u200b4725", "cpf"),
    ("５２９９８２２４７２５", "cpf"),
    ("٥٢٩٩٨٢٢٤٧٢٥", "cpf"),
    ("11222333/0001-81", "cnpj"),
    ("11222333000181", "cnpj"),
    ("12abc34501de35", "cnpj"),
    ("11987654321", "phone"),
    ("011987654321", "phone"),
    ("5511987654321", "phone"),
    ("11 98765-4321", "phone"),
    ("11-98765-4321", "phone"),
    ("011 98765 4321", "phone"),
    ("11 3456-7890", "phone"),
    ("98765-4321", "phone"),
    ("tel: 11987654321", "phone"),
]
ORDERS = [
    "1006/B", "v1.0", "1.529.982.247-25", "a@b", "1001", "1187654321", "12345678901", "702-1234567-1234567",
    "2000009876543210123", "0001234567", "7891000315507", "1529982247251", "PED-1001", "VTEX-1234567890123-01", "03/04",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kind"), CERTAIN)
def test_order_id_with_certain_personal_data_is_refused(typed: str, kind: str) -> None:
    for read in (read_order_id, read_typed_order_id):
        with pytest.raises(PersonalOrderId) as refused:
            read(typed)
        assert (refused.value.like, refused.value.order_id) == (kind, "")


@pytest.mark.parametrize(("typed", "kind"), DOUBTFUL)
def test_order_id_with_uncertain_personal_data_is_asked_back(typed: str, kind: str) -> None:
    with pytest.raises(PersonalOrderId) as doubted:
        read_typed_order_id(f" {typed} ")
    assert doubted.value.like == kind
    if doubted.value.order_id:
        assert read_order_id(doubted.value.order_id) == typed
    else:
        with pytest.raises(OrderIdError):
            read_order_id(typed)


@pytest.mark.parametrize("typed", ORDERS)
def test_order_id_without_personal_data_is_read(typed: str) -> None:
    assert find_personal_number(typed) is None
    assert read_typed_order_id(typed) == typed


def test_order_id_of_random_digits_is_seldom_asked_back() -> None:
    numbers = random.Random(1)
    for digits, most in ((6, 0), (8, 0), (9, 0), (10, 0), (11, 0.12), (12, 0.02), (13, 0.02), (17, 0)):
        typed = [str(numbers.randrange(10 ** (digits - 1), 10**digits)) for _ in range(2000)]
        assert sum(find_personal_number(each) is not None for each in typed) <= most * len(typed), digits


# --- the access key of a fiscal receipt

LAYOUT = "3526091122233300018165001000000123100000123"
LETTERS = "35260912ABC34501DE3565001000000123100000123"


def key_of(signs: str) -> str:
    """The key with its check digit, by the table of weights in the official layout."""
    weights = [4, 3, 2, *([9, 8, 7, 6, 5, 4, 3, 2] * 5)]
    rest = sum((ord(sign) - 48) * weight for sign, weight in zip(signs, weights, strict=True)) % 11
    return signs + ("0" if rest < 2 else str(11 - rest))


@pytest.mark.parametrize("key", [key_of(LAYOUT), key_of(LETTERS)])
@pytest.mark.parametrize(
    "written",
    [
        "{key}",
        "{grouped}",
        "https://www.nfce.fazenda.sp.gov.br/NFCeConsultaPublica/Paginas/Consulta.aspx?p={key}|2|1|1|0123456789ABCDEF0",
        "https://www.fazenda.pr.gov.br/nfce/qrcode?p={key}|3|1",
        "HTTPSÇ;;WWW.FAZENDA.PR.GOV.BR;NFCE;QRCODE:P={key}}}3}}1",  # a scanner set for another keyboard
        "httpsÇ;;www.fazenda.pr.gov.br;nfce;qrcodeÇp={lower}|3|1",
        "NFe{key}",
    ],
)
def test_access_key_in_any_surroundings_is_found(key: str, written: str) -> None:
    grouped = " ".join(key[at : at + 4] for at in range(0, 44, 4))
    text = written.format(key=key, grouped=grouped, lower=key.lower())
    assert find_access_key(text) == key
    with pytest.raises(FiscalKeyTyped) as told:
        read_typed_order_id(text)
    assert told.value.order_id == key


def test_access_key_in_other_long_number_is_not_found() -> None:
    key = key_of(LAYOUT)
    for at in range(44):
        other = key[:at] + str((int(key[at]) + 1) % 10) + key[at + 1 :]
        assert find_access_key(other) is None, at
    assert find_access_key(key[:43]) is None
    assert find_access_key("1" * 44) is None
    assert find_access_key("0" * 44) is None
