"""What a server or a customer wrote is shown letter by letter, wherever the window shows it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QApplication

import bonifiq_desktop.ui
from bonifiq_desktop.ui.widgets.labels import tooltip

UI = Path(bonifiq_desktop.ui.__file__).parent
SOURCES = sorted(UI.rglob("*.py"))
# Each makes Qt show something else than the text that it is given, unless one of our own functions is between.
MADE_IN = {
    "QLabel": {"widgets/labels.py"},
    "QMessageBox": set[str](),
    "QErrorMessage": set[str](),
    "QToolTip": set[str](),
}
ESCAPED_BY = {"setToolTip": "tooltip", "setWhatsThis": "tooltip", "setStatusTip": "tooltip"}
HTML_IN = {
    "setHtml": {"history/detail_panel.py"},
    "insertHtml": set[str](),
    "setMarkdown": {"help/guide_text.py"},  # the program's own documents
    "RichText": {"widgets/banner.py"},
}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _complaints(source: str, file: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = _name(node.func)
            if file not in MADE_IN.get(called, {file}):
                yield f"{called} is made"
            escape = ESCAPED_BY.get(called)
            if escape and not (isinstance(node.args[0], ast.Call) and _name(node.args[0].func) == escape):
                yield f"{called} without {escape}()"
        if isinstance(node, ast.Attribute) and file not in HTML_IN.get(node.attr, {file}):
            yield f"{node.attr} is used"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(UI).as_posix())
def test_label_text_format_is_always_set(file: Path) -> None:
    assert list(_complaints(file.read_text(encoding="utf-8"), file.relative_to(UI).as_posix())) == []


@pytest.mark.parametrize(
    "code",
    [
        "QLabel('x')",
        "QtWidgets.QLabel(name)",
        "QMessageBox.warning",
        "item.setToolTip(product.title)",
        "item.setToolTip(escape(product.title))",
        "browser.setHtml(text)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
    ],
)
def test_label_without_text_format_is_detected(code: str) -> None:
    code = f"{code}()" if code.startswith("QMessageBox") else code
    assert list(_complaints(code.replace("QMessageBox.warning", "QMessageBox"), "some_page.py"))


@given(st.text(st.characters(min_codepoint=0x20, exclude_categories=["C", "Z"])).filter(bool))
def test_tooltip_shows_plain_text(qapp: QApplication, text: str) -> None:
    tip = tooltip(text)
    assert Qt.mightBeRichText(tip)  # else Qt would show our own signs
    shown = QTextDocument()
    shown.setHtml(tip)
    assert shown.toPlainText() == text


def test_tooltip_with_html_shows_its_source(qapp: QApplication) -> None:
    evil = '<b>Grátis</b><img src="file:///etc/passwd">'
    assert Qt.mightBeRichText(evil)
    shown = QTextDocument()
    shown.setHtml(tooltip(evil))
    assert shown.toPlainText() == evil
    assert tooltip("") == ""
