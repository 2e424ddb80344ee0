"""Tests of slip templates: their lines, a shop's own copies, and what a damaged copy leads to."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from bonifiq_desktop.domain.slips import LineStyle, SlipKind, SlipLine, SlipWarning, TemplateProblem
from bonifiq_desktop.services.slip_templates import (
    MAX_BYTES,
    MAX_LOGO_BYTES,
    PLACEHOLDERS,
    TemplateDamaged,
    Templates,
    Values,
    fill,
    parse,
)
from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.storage.paths import resource

NAMES = ("order", "status", "customer", "document", "item.name", "item.value")
ITEMS = {"item": [{"name": "Meia", "value": "R$ 1"}, {"name": "Boné", "value": "R$ 2"}]}


def filled(text: str, values: Values | None = None) -> tuple[SlipLine, ...]:
    """The lines that a template makes."""
    return fill(parse(text.encode(), NAMES), values or Values({"order": "1001", "status": "feito"}, ITEMS))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Pedido {order}", SlipLine("Pedido 1001")),
        ("^+ Venda", SlipLine("Venda", style=LineStyle.BIG, centred=True)),
        ("* {status}", SlipLine("feito", style=LineStyle.STRONG)),
        ("- a | b | {order}", SlipLine("a | b", "1001", LineStyle.SMALL)),
        ("---", SlipLine(style=LineStyle.RULE)),
        ("10 - 3 = 7", SlipLine("10 - 3 = 7")),
        ("a { b", SlipLine("a { b")),
    ],
)
def test_line_of_a_template_becomes_one_of_the_slip(text: str, line: SlipLine) -> None:
    assert filled(text) == (line,)


def test_remark_vanishes_and_a_line_vanishes_when_all_its_values_are_empty() -> None:
    text = "# Modelo\nCliente: {customer} {document}\nPedido {order} {document}"
    assert filled(text) == (SlipLine("Pedido 1001"),)


def test_lines_of_a_list_are_repeated_together_for_each_row() -> None:
    found = filled("{item.name}\n  vale | {item.value}\nfim")
    assert [(line.text, line.amount) for line in found] == [
        ("Meia", ""),
        ("vale", "R$ 1"),
        ("Boné", ""),
        ("vale", "R$ 2"),
        ("fim", ""),
    ]


def test_value_that_looks_like_a_placeholder_or_an_amount_stays_text() -> None:
    found = filled("{item.name}", Values({}, {"item": [{"name": "{order} | --- {item.value}"}]}))
    assert found == (SlipLine("{order} | --- {item.value}"),)


def test_rules_with_nothing_between_them_become_one() -> None:
    assert filled("---\n{customer}\n---\nfim")[0::2] == (SlipLine(style=LineStyle.RULE),)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{cancel_key}", TemplateProblem.UNKNOWN_PLACEHOLDER),
        (b"{}", TemplateProblem.UNKNOWN_PLACEHOLDER),
        ("Devolução {order}".encode("cp1252"), TemplateProblem.NOT_UTF8),
        (b"Pedido {order}", TemplateProblem.STATUS_MISSING),
    ],
)
def test_template_with_a_mistake_is_refused(content: bytes, problem: TemplateProblem) -> None:
    with pytest.raises(TemplateDamaged) as refused:
        parse(content, NAMES, "status")
    assert refused.value.problem is problem


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SlipKind)
def test_built_in_template_is_sound_and_no_name_is_cancel_key(language: str, kind: SlipKind) -> None:
    needed = "" if kind is SlipKind.TEST else "status"
    assert parse(resource(f"slips/{language}/{kind}.txt").read_bytes(), PLACEHOLDERS[kind], needed)
    assert not any("key" in name for name in PLACEHOLDERS[kind])


# --- the shop's own folder

VALUES = Values({"order": "1001", "status": "feito", "branch": "Centro", "till": "CAIXA1"})


def test_copy_of_the_shop_replaces_one_template_alone(tmp_path: Path) -> None:
    (tmp_path / "refund.txt").write_text("\ufeffTroca {order}\r\n{status}\r\n", encoding="utf-8")
    templates = Templates("pt_BR", tmp_path)
    assert templates.fill(SlipKind.REFUND, VALUES) == (SlipLine("Troca 1001"), SlipLine("feito"))
    assert templates.fill(SlipKind.SALE, VALUES)[0].text == "Venda"
    assert templates.fill_frame("header", VALUES)[0].text == "Centro"
    assert not templates.warnings


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{nome} {status}", TemplateProblem.UNKNOWN_PLACEHOLDER),
        (b"\xff\xfe{\x00", TemplateProblem.NOT_UTF8),
        (b"{status}\n" + b"x" * MAX_BYTES, TemplateProblem.TOO_LARGE),
        (b"Obrigado!", TemplateProblem.STATUS_MISSING),
        (None, TemplateProblem.UNREADABLE),
    ],
)
def test_damaged_copy_gives_the_built_in_slip_and_a_warning(
    tmp_path: Path, content: bytes | None, problem: TemplateProblem
) -> None:
    copy = tmp_path / "refund.txt"
    if content is None:
        copy.mkdir()
    else:
        copy.write_bytes(content)
    templates = Templates("pt_BR", tmp_path)
    assert templates.fill(SlipKind.REFUND, VALUES) == Templates("pt_BR", tmp_path / "none").fill(
        SlipKind.REFUND, VALUES
    )
    assert templates.warnings == [SlipWarning("refund.txt", problem)]


def png(path: Path, width: int = 40, height: int = 20) -> bytes:
    """Write a picture and return its bytes."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    assert image.save(str(path))
    return path.read_bytes()


def test_logo_of_the_shop_is_used(tmp_path: Path) -> None:
    png(tmp_path / "logo.png")
    templates = Templates("pt_BR", tmp_path)
    assert templates.logo() == str(tmp_path / "logo.png")
    assert not templates.warnings


def test_broken_logo_is_left_out_with_a_warning(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    whole = png(logo)
    changed = bytearray(whole)
    changed[45] ^= 1
    cases = {
        whole[:-20]: TemplateProblem.NOT_A_PICTURE,
        bytes(changed): TemplateProblem.NOT_A_PICTURE,
        b"": TemplateProblem.NOT_A_PICTURE,
        b"GIF89a": TemplateProblem.NOT_A_PICTURE,
        whole[:8] + whole[-12:]: TemplateProblem.NOT_A_PICTURE,
        whole + b"x" * MAX_LOGO_BYTES: TemplateProblem.TOO_LARGE,
        png(logo, 5000, 1): TemplateProblem.TOO_LARGE,
    }
    for content, problem in cases.items():
        logo.write_bytes(content)
        templates = Templates("pt_BR", tmp_path)
        assert (templates.logo(), templates.warnings) == ("", [SlipWarning("logo.png", problem)])
