"""Names with a code, as a shop writes them into its lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.named import Named, code_in, read_named, read_path, write_named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("17 = Ana Lima", Named("17", "Ana Lima")),
        ("17=Ana", Named("17", "Ana")),
        (" Ana ", Named("Ana", "Ana")),
        ("= Ana", Named("Ana", "Ana")),
        ("17 =", Named("17", "17")),
        ("a = b = c", Named("a", "b = c")),
        ("", None),
        (" = ", None),
    ],
)
def test_a_code_and_a_name_are_told_apart(text: str, named: Named | None) -> None:
    assert read_named(text) == named


def test_a_category_is_read_from_the_widest_down() -> None:
    assert read_path("r = Roupas > 12 = Blusas") == (Named("r", "Roupas"), Named("12", "Blusas"))
    assert read_path("Roupas > > Blusas >") == (Named("Roupas", "Roupas"), Named("Blusas", "Blusas"))
    assert read_path("") == ()


@given(st.text("ab 1", max_size=6), st.text("ab 1", max_size=6))
def test_what_is_written_is_read_back(code: str, name: str) -> None:
    code, name = " ".join(code.split()), " ".join(name.split())
    wanted = Named(code or name, name or code) if code or name else None
    assert read_named(write_named(code, name)) == wanted


def test_a_list_knows_the_code_of_a_name() -> None:
    people = ("17 = Ana", "Bia", "3 = Cida Souza")
    assert code_in(people, "ana") == "17"
    assert code_in(people, " Cida  Souza ") == "3"
    assert code_in(people, "Bia") == code_in(people, "Rui") == code_in(people, "") == ""
