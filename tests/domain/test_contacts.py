"""Tests of reading and masking phones and e-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.contacts import ContactError, is_masked, mask_email, mask_phone, read_email, read_phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(11) 98765-4321", "+5511987654321"),
        ("11987654321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("11 3333-4444", "+551133334444"),
        ("+351 912 345 678", "+351912345678"),
        *((f"(11) 98765{dash}4321", "+5511987654321") for dash in "\u2010\u2011\u2012\u2013\u2014\u2212"),
        *(
            (f"{sign}11 98765{sign}-4321{sign}", "+5511987654321")
            for sign in "\u200e\u200f\u202a\u202c\ufeff\u00ad\u2066"
        ),
        ("11\u00a098765\u202f4321", "+5511987654321"),
        ("tel:+55-11-98765-4321", "+5511987654321"),
        ("(11) 98765-4321;", "+5511987654321"),
    ],
)
def test_read_phone_valid_gives_international_form(text: str, phone: str) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    "text", ["", "abc", "123", "11 8765-4321", "98765-4321", "9" * 300, "11 98765-4321 / 11 3333-4444"]
)
def test_read_phone_invalid_is_refused(text: str) -> None:
    with pytest.raises(ContactError):
        read_phone(text)


def test_read_email_plain_is_only_trimmed() -> None:
    assert read_email("  Ana.Lima+loja@Exemplo.com.br ") == "Ana.Lima+loja@Exemplo.com.br"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "c9@example.com;",
            "c9@example.com>",
            "<c9@example.com",
            "<c9@example.com>",
            "<c9@example.com>;",
            ";c9@example.com",
        ),
        *(
            "c9@example.com,",
            "c9@example.com.",
            "(c9@example.com)",
            '"c9@example.com"',
            "'c9@example.com'",
            "[c9@example.com]",
        ),
        *("Ana Lima <c9@example.com>", '"Lima, Ana" <c9@example.com>;', "Ana<c9@example.com>", "Ana <c9@example.com"),
        *(
            "mailto:c9@example.com",
            "<mailto:c9@example.com>",
            "\u200ec9@example.com\u200b",
            "\ufeffc9@example.com",
            "\tc9@example.com\u00a0",
        ),
    ],
)
def test_read_email_surroundings_are_removed(text: str) -> None:
    assert read_email(text) == "c9@example.com"


@pytest.mark.parametrize(
    "text", ["a-b@c-d.com.br", "o'neil@x.io", "ação@exemplo.com", "a@xn--bcher-kva.de", "a@bücher.de"]
)
def test_read_email_unusual_is_unchanged(text: str) -> None:
    assert read_email(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a@b.com; c@d.com",
            "a@b.com;c@d.com",
            "a@b.com c@d.com",
            "a@b.com,c@d.com",
            "Ana <a@b.com>, Bia <c@d.com>",
            "a@b.com <c@d.com>",
        ),
        *(
            "c9@example.com;x",
            "c9@exa;mple.com",
            "c9@example,com",
            "c9@example.com>x",
            "c9@example.com\\",
            "c9@-example.com",
        ),
        *(
            "c9@example-.com",
            "c9@example.com|",
            "c9@example.com/x",
            "c9@example.com?",
            "c9@example.com*",
            "Ana c9@example.com",
        ),
        *("c9@exam\u200bple.com", "<>", "<c9@example.com> Ana"),
    ],
)
def test_read_email_ambiguous_is_refused(text: str) -> None:
    with pytest.raises(ContactError):
        read_email(text)


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "@exemplo.com", "ana@exemplo", "a b@c.de", "a@b..c", "a@@b.c", "a\0@b.cd", "a" * 250 + "@b.cd"],
)
def test_read_email_impossible_is_refused(text: str) -> None:
    with pytest.raises(ContactError):
        read_email(text)


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("maria.santos@gmail.com", "m***@gmail.com"),
        ("m@gmail.com", "m***@gmail.com"),
        ("*m@gmail.com", "***@gmail.com"),
        ("@gmail.com", "***@gmail.com"),
        ("a@b@gmail.com", "a***@gmail.com"),
        ("nenhum", "***"),
        ("", ""),
    ],
)
def test_mask_email_shows_first_letter_and_domain(email: str, masked: str) -> None:
    assert mask_email(email) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+5511987651234", "(11) *****-1234"),
        ("(11) 98765-1234", "(11) *****-1234"),
        ("5511987651234", "(11) *****-1234"),
        ("+551133331234", "(11) ****-1234"),
        ("+351912345678", "***"),
        ("+1 212 555 1234", "***"),
        ("98765-1234", "***"),
        ("ramal 12", "***"),
        ("", ""),
    ],
)
def test_mask_phone_shows_area_and_last_digits(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@given(st.text() | st.emails() | st.text("0123456789+-() ", max_size=20))
def test_masked_contact_is_recognized_and_unchanged(text: str) -> None:
    for mask in (mask_email, mask_phone):
        masked = mask(text)
        assert mask(masked) == masked
        assert is_masked(masked) is bool(text)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_mask_phone_never_shows_more_than_area_and_four_digits(digits: str) -> None:
    assert sum(map(str.isdigit, mask_phone(digits))) <= 6
    assert digits[2:7] not in mask_phone(digits).replace("-", "")


@given(st.emails())
def test_mask_email_never_shows_more_than_one_letter(email: str) -> None:
    person, _, place = email.rpartition("@")
    assert mask_email(email).removesuffix(f"@{place}") in {f"{person[0]}***", "***"}
