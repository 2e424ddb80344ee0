"""Tests of reading, formatting and masking CPF and CNPJ."""

import pytest

from bonifiq_desktop.domain.documents import DocumentError, mask_document, read_document


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("529.982.247-25", "52998224725"),
        ("52998224725", "52998224725"),
        (" 529 982 247 25\n", "52998224725"),
        ("529.982.247\u00a025", "52998224725"),
        ("12ABC34501DE35", "12ABC34501DE35"),
        ("12.abc.345/01de-35", "12ABC34501DE35"),
        ("00000000E08G12", "00000000E08G12"),
        ("11222333000181", "11222333000181"),
        ("11.222.333/0001-81", "11222333000181"),
        *(
            (f"529.982.247{dash}25", "52998224725")
            for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
        ),
        *((f"529{blank}982{blank}247{blank}25", "52998224725") for blank in "\u00a0\u2009\u202f\u3000\u2028\t"),
        *(
            (f"{sign}529.982{sign}.247-25{sign}", "52998224725")
            for sign in "\u200e\u200f\u200b\u2060\ufeff\u00ad\u202a\u2066"
        ),
        ("12.abc.345\u20440001\u201181".replace("0001\u201181", "01de\u201135"), "12ABC34501DE35"),
        ("11.222.333\u22150001\u201181", "11222333000181"),
        ("CPF: 529.982.247-25", "52998224725"),
        ("cpf 529982247\u201325", "52998224725"),
        ("CPF nº 529.982.247-25", "52998224725"),
        ("CPF/CNPJ: 11.222.333/0001-81", "11222333000181"),
        ("CNPJ\u00a011222333/0001-81", "11222333000181"),
    ],
)
def test_read_document_valid_gives_bare_form(text: str, document: str) -> None:
    assert read_document(text) == document


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1", "5299822472", "529982247255"),
        *("529.982.247-26", "111.111.111-11", "000.000.000-00", "12345678900", "11122233344"),
        *("12ABC34501DE36", "11222333000182", "00000000000000", "12ABC34501DEAB", "123450135"),
        *(
            "٥2998224725",
            "５29.982.247-25",
            "12\u0131BC34501DE35",
            "12ABC34501DE3\u00b5",
            "529,982,247-25",
            "52998224725x",
            "CPF",
            "CPF: ",
            "RG: 529.982.247-25",
            "529.982.247-25 e 111.444.777-35",
            "52998224725\0",
        ),
    ],
)
def test_read_document_invalid_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        read_document(text)


def test_read_document_odd_letters_are_refused() -> None:
    # upper() turns the long s, U+017F, into "S".
    good = next(f"SS{n:010}{d:02}" for n in range(50) for d in range(100) if _is_good(f"SS{n:010}{d:02}"))
    with pytest.raises(DocumentError):
        read_document(good.replace("S", "\u017f"))


def _is_good(text: str) -> bool:
    try:
        return read_document(text) == text
    except DocumentError:
        return False


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ("12345678909", "***.456.789-**"),
        ("123.456.789-09", "***.456.789-**"),
        ("12345678900", "***.456.789-**"),  # masked whether or not its check digits are right
        ("***.456.789-**", "***.456.789-**"),
        ("11222333000181", "11.222.333/0001-81"),
        ("12abc34501de35", "12.ABC.345/01DE-35"),
        (None, ""),
        ("", ""),
    ],
)
def test_mask_document_shows_only_middle_of_cpf(document: str | None, shown: str) -> None:
    assert mask_document(document) == shown


@pytest.mark.parametrize("document", ["00012345678909", "1234567890", "ana@example.com", "joaodasilva123", "***"])
def test_mask_document_other_text_is_hidden(document: str) -> None:
    assert mask_document(document) == "***"
