"""Tests of the redaction of personal data and secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.keys import cancel_key
from bonifiq_desktop.domain.redaction import redact_personal_data, redact_secrets


@st.composite
def cpfs(draw: st.DrawFn) -> str:
    """A valid CPF in any usual spelling."""
    stem = draw(st.text("0123456789", min_size=9, max_size=9))
    first = _check_digit(stem)
    bare = f"{stem}{first}{_check_digit(stem + first)}"
    a, b, c, d = bare[:3], bare[3:6], bare[6:9], bare[9:]
    return draw(st.sampled_from([bare, f"{a}.{b}.{c}-{d}", f"{a}{b}{c}-{d}", f"{a} {b} {c} {d}", f"{a}.{b}.{c}–{d}"]))


def _check_digit(digits: str) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(len(digits) + 1, 1, -1), strict=True)) % 11
    return str(0 if rest < 2 else 11 - rest)


NO_DIGIT = st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@"), max_size=30)
PLACES = st.text("abcdefghijklmnopqrstuvwxyz0123456789._%+-", min_size=1, max_size=20)


@given(NO_DIGIT, cpfs(), NO_DIGIT)
def test_redact_text_with_cpf_masks_it(before: str, cpf: str, after: str) -> None:
    kept = redact_personal_data(f"{before}{cpf}{after}")
    bare = "".join(filter(str.isdigit, cpf))
    assert kept == f"{before}***.{bare[3:6]}.{bare[6:9]}-**{after}"


@given(NO_DIGIT, PLACES, st.sampled_from(["@", "%40"]), NO_DIGIT)
def test_redact_text_with_email_removes_it(before: str, person: str, at: str, after: str) -> None:
    address = f"{person}{at}exemplo.com.br"
    kept = redact_personal_data(f"{before} {address} {after}")
    assert "exemplo.com" not in kept
    assert "[e-mail]" in kept


@pytest.mark.parametrize(
    "phone",
    ["(11) 98765-4321", "(11)987654321", "(011) 9 8765-4321", "(11) 3333-4444", "+5511987654321", "+55 (11) 98765 4321",
     "+55 11 3333-4444", "+55-11-98765-4321"],
)  # fmt: skip
def test_redact_text_with_marked_phone_removes_it(phone: str) -> None:
    assert redact_personal_data(f"ligar para {phone}, à tarde") == "ligar para [telefone], à tarde"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Cliente devolveu o produto",
        "Pedido CAIXA1-261120-7KQF-0001 não encontrado",
        "NFC-e 35261112ABC34501DE35650010000001231000001234",
        "NF 35261112345678000195650010000001231000001234",
        "CNPJ 12.ABC.345/01DE-35 e 11.222.333/0001-81",
        "tel 1234-5678 em 20/11/2026 15:00:00,123, R$ 1.234.567,89",
        "***.982.247-** e m***@x",
        "[e-mail] [telefone]",
        "operação 1234567890 de 123456789012",
    ],
)
def test_redact_text_without_personal_data_changes_nothing(text: str) -> None:
    assert redact_personal_data(text) == text


@given(st.text(), st.text(), st.integers(0, 10**9), st.integers(0, 9))
def test_redact_cancel_key_changes_nothing(account: str, order: str, value: int, times: int) -> None:
    key = cancel_key(account, order, value, times)
    assert redact_personal_data(f"CancelKey {key} already used") == f"CancelKey {key} already used"


@given(NO_DIGIT, cpfs(), NO_DIGIT)
def test_redact_secrets_removes_personal_data_and_passwords(before: str, cpf: str, after: str) -> None:
    assert redact_secrets(f"{before}{cpf}{after}") == f"{before}[removed]{after}"
