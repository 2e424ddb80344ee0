"""Phones and e-mails as typed at a Brazilian counter."""

import pytest

from bonifiq_desktop.domain.contacts import ContactError, read_email, read_phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(11) 98765-4321", "+5511987654321"),
        ("11987654321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("11 3333-4444", "+551133334444"),
        ("+351 912 345 678", "+351912345678"),
    ],
)
def test_a_phone_that_can_ring_is_kept_in_international_form(text: str, phone: str) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize("text", ["", "abc", "123", "11 8765-4321", "98765-4321", "9" * 300])
def test_a_phone_that_cannot_ring_is_refused(text: str) -> None:
    with pytest.raises(ContactError):
        read_phone(text)


def test_an_email_is_trimmed_and_otherwise_left_alone() -> None:
    assert read_email("  Ana.Lima+loja@Exemplo.com.br ") == "Ana.Lima+loja@Exemplo.com.br"


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "@exemplo.com", "ana@exemplo", "a b@c.de", "a@b..c", "a@@b.c", "a\0@b.cd", "a" * 250 + "@b.cd"],
)
def test_what_can_be_no_email_is_refused(text: str) -> None:
    with pytest.raises(ContactError):
        read_email(text)
