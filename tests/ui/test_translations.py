"""Translation files match the code, and the window shows the chosen language only."""

import ast
import importlib.util
import re
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QTextEdit,
    QWidget,
)

from bonifiq_desktop.app import App, build
from bonifiq_desktop.diagnostics.log_file import stop_logging
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product
from bonifiq_desktop.domain.rewards import CannotUseReason, Reward, RewardKind
from bonifiq_desktop.domain.search import Balance, OpenCheckout
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.checkout_sheet import CheckoutSheet
from bonifiq_desktop.ui.refund.cancel_page import CancelPage
from bonifiq_desktop.ui.refund.refund_page import RefundPage
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.worker.commands import Outcome, Status

REPOSITORY = Path(__file__).resolve().parent.parent.parent
FOLDER = REPOSITORY / "resources" / "translations"
LANGUAGES = ("en", "pt_BR")

Build = Callable[[str], App]


@dataclass(frozen=True)
class Message:
    """One message of a .ts file: `forms` has one translation, or one for each plural form."""

    context: str
    source: str
    forms: tuple[str, ...]
    numerus: bool
    finished: bool


def messages(language: str, folder: Path = FOLDER) -> list[Message]:
    """Every message of a .ts file."""
    found = []
    for context in ET.parse(folder / f"bonifiq_{language}.ts").getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            found.append(
                Message(
                    context=context.findtext("name") or "",
                    source=message.findtext("source") or "",
                    forms=tuple(forms),
                    numerus=message.get("numerus") == "yes",
                    finished=translation.get("type") is None,
                )
            )
    return found


PLURALS = [(language, message) for language in LANGUAGES for message in messages(language) if message.numerus]

# Placeholders, and keys and options named in a text.
FILLED_IN = re.compile(r"\{\w*\}|%n|%L?\d|\bF\d+\b|\bEnter\b|\bEsc\b|\bDel\b|--\w+")

# --- the files


def _is_whole(message: Message) -> bool:
    return (
        message.finished
        and len(message.forms) == (2 if message.numerus else 1)
        and all(form.strip() for form in message.forms)
        and all(form[:1].isspace() == message.source[:1].isspace() for form in message.forms)
    )


def _fills_in_the_same(message: Message) -> bool:
    wanted = Counter(FILLED_IN.findall(message.source))
    return all(Counter(FILLED_IN.findall(form)) == wanted for form in message.forms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_all_translated(language: str) -> None:
    every = messages(language)
    assert every
    assert [message for message in every if not _is_whole(message)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_the_placeholders_and_keys_of_its_source(language: str) -> None:
    assert [message for message in messages(language) if not _fills_in_the_same(message)] == []


def test_plural_messages_are_equal_in_both_languages() -> None:
    english, portuguese = ({(m.context, m.source) for at, m in PLURALS if at == language} for language in LANGUAGES)
    assert english == portuguese != set()


@pytest.fixture(name="tool", scope="module")
def translations_tool() -> ModuleType:
    """`packaging/translations.py`, which runs the real lupdate and lrelease."""
    spec = importlib.util.spec_from_file_location("translations_tool", REPOSITORY / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="copy")
def copied_sources(tmp_path: Path) -> Path:
    """A folder with copies of the .ts files."""
    for file in FOLDER.glob("*.ts"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_ts_files_hold_exactly_the_texts_of_the_code(tool: ModuleType, copy: Path) -> None:
    tool.update(copy)
    for language in LANGUAGES:
        fresh = {(m.context, m.source) for m in messages(language, copy)}
        kept = {(m.context, m.source) for m in messages(language)}
        assert fresh - kept == set(), f"{language}: run packaging/translations.py"
        assert kept - fresh == set(), f"{language}: run packaging/translations.py"


def test_qm_files_are_compiled_from_the_ts_files(tool: ModuleType, copy: Path) -> None:
    tool.release(copy)
    made = sorted(copy.glob("*.qm"))
    assert [file.name for file in made] == sorted(file.name for file in FOLDER.glob("*.qm")) != []
    for file in made:
        assert file.read_bytes() == (FOLDER / file.name).read_bytes(), f"{file.name}: run packaging/translations.py"


# --- the code


class _Calls(ast.NodeVisitor):
    """Every call of `tr` and `translate`, as (context, source); a computed text is None."""

    def __init__(self) -> None:
        self.found: list[tuple[object, object]] = []
        self._class = ""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        outside, self._class = self._class, node.name
        self.generic_visit(node)
        self._class = outside

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        spelt = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
        if called == "tr":
            self.found.append((self._class, spelt[0]))
        elif called == "translate" and len(spelt) > 1:
            self.found.append((spelt[0], spelt[1]))
        self.generic_visit(node)


def _texts_in(source: str) -> list[tuple[object, object]]:
    calls = _Calls()
    calls.visit(ast.parse(source))
    return calls.found


def test_translated_texts_of_the_code_are_all_found_by_lupdate() -> None:
    """lupdate does not read f-strings, nor texts composed at run time."""
    seen = {(message.context, message.source) for message in messages("en")}
    files = sorted((REPOSITORY / "bonifiq_desktop").rglob("*.py"))
    texts = [(file.name, *text) for file in files for text in _texts_in(file.read_text(encoding="utf-8"))]
    assert len(texts) >= len(seen)
    assert [text for text in texts if text[1:] not in seen] == []


def test_text_finder_finds_joined_nested_and_computed_texts() -> None:
    assert _texts_in("class Page:\n    def f(self):\n        self.tr('a ' 'b')") == [("Page", "a b")]
    assert _texts_in('f\'<b>{escape(translate("C", "d"))}</b>\'') == [("C", "d")]
    assert _texts_in("QCoreApplication.translate('C', text)") == [("C", None)]


# --- the window


@pytest.fixture(name="build_in")
def windows_built(qapp: QApplication, tmp_path: Path) -> Iterator[Build]:
    """Builds the program in a language, one at a time, without its worker."""
    del qapp
    built: list[App] = []

    def stop() -> None:
        for app in built:
            assert app.stop()
            app.deleteLater()
        built.clear()
        stop_logging()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def build_in(language: str) -> App:
        stop()
        built.append(build(["--training", "--data-dir", str(tmp_path), "--lang", language]))
        return built[0]

    locale = QLocale()
    yield build_in
    stop()
    QLocale.setDefault(locale)


def _heading_texts(heading: QHeaderView) -> list[Any]:
    if heading.orientation() != Qt.Orientation.Horizontal:
        return []
    model = heading.model()
    return [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]


def _own_texts(widget: QWidget) -> list[Any]:
    """Texts that a widget shows or gives to a screen reader, without typed text."""
    texts: list[Any] = [widget.windowTitle(), widget.accessibleName(), widget.toolTip()]
    match widget:
        case QLabel() | QAbstractButton():
            texts.append(widget.text())
        case QLineEdit():
            texts.append(widget.placeholderText())
        case QComboBox():
            texts += [widget.itemText(index) for index in range(widget.count())]
        case QTableView():
            texts += _heading_texts(widget.horizontalHeader())
        case QTextEdit() if widget.isReadOnly():
            texts.append(widget.toPlainText())
    return texts


def _texts(top: QWidget) -> list[str]:
    """Every text of a window, also of the pages behind the one in front, in the order of the widgets."""
    texts = [text for widget in (top, *top.findChildren(QWidget)) for text in _own_texts(widget)]
    return [text for text in texts if isinstance(text, str) and text.strip()]


def _found(asked: str = "A-77") -> LookupResult:
    """An order whose texts belong to neither language."""
    products = (Product("p1", "P-1", 4990), Product("p2", "P-2", 1010))
    customer = Customer(name="Ana", document="52998224725", tier="VIP", points=71, cashback=250)
    order = Order("A-77", 6000, state=OrderState.COMPLETED, customer=customer, products=products)
    return LookupResult(order, asked, refundable=5000, refunded=1000, operations=(), unfinished=None, closed=False)


def _open_everything(app: App) -> QWidget:
    """The window with an order on its card, both dialogs and a sentence on the settings page."""
    window = app.window
    window.lookup.load_views().result._show_order(_found(asked="B-1"))
    window.content.settings.show_welcome()
    RefundPage(app.client, _found(asked="B-1"), window)
    CancelPage(app.client, _found(), window)
    for can_continue in (True, False):
        left = OpenCheckout("c1", "Ana", "P-1", 1000, datetime.now(UTC), can_continue=can_continue)
        CheckoutSheet(app.client, left, window)
    rewards = tuple(
        Reward(1, "P-1", RewardKind.FIXED, Decimal(0), can_use=False, reason=reason, points=500)
        for reason in CannotUseReason
    )
    window.lookup.load_views().balance.show_balance(Balance("Ana", "VIP", 71, 0, rewards=rewards))
    return window


# Names, and words that are the same in both languages.
STAY = {"BonifiQ", "Cashback", "Cashback: R$\u00a00,00", "Token", "E-mail", "2  Token", "Português (Brasil)", "English"}
PORTUGUESE_LETTERS = re.compile("[ãõáâàéêíóôúç]", re.IGNORECASE)
PORTUGUESE_WORDS = re.compile(
    r"\b(ajuda|ajustes|aperte|ainda|caixa|cancelar|chave|cliente|compare com|consultar|cupom|da|de|desconto|desistir|"
    r"defeito|devolveu|devolver|digite|em|enviar|este|filial|idioma|itens|leia|listas|mais|motivo|na|nada|nenhum|erro|nome|nova|os|ou|outro|"
    r"para|pago|pagou|pedidos?|pendente|planilha|procurar|produto|pronto|quando|registros?|registrar|resta|salvar|sem|telefone|"
    r"testar|troca|tudo|minutos?|pontos|pessoas?|mudar|tirar|faz|mostrar|apagar|arquivo|suporte|dias|limite|esqueci|"
    r"hoje|qualquer|vendas|cancelamentos|decidir|pendentes|todas|todos|sistemas?|"
    r"guardado|dados|entrar|sair|quem|um|uma|valor|venda|vendedor(es)?|voltar|outra|copiar|abrir|limpar|ontem|cancelada|"
    r"abrindo|alto|bem-vindo|fechar|fechados?|fechamento|imprimir|claro|conectar|escuro|quantidade|categorias?)\b",
    re.IGNORECASE,
)


def _is_portuguese(text: str) -> bool:
    text = re.sub(r"\b[A-Z]+-\d\d\b", "", text)  # a message's code is the same in every language
    return bool(PORTUGUESE_LETTERS.search(text) or PORTUGUESE_WORDS.search(text))


def test_english_window_shows_no_portuguese(build_in: Build) -> None:
    texts = _texts(_open_everything(build_in("en")))
    assert len(texts) > 100
    assert [text for text in texts if text not in STAY and _is_portuguese(text)] == []


def test_portuguese_detector_recognizes_the_portuguese_window(build_in: Build) -> None:
    """The same window in Portuguese: nearly every text with letters is recognized, so the test above can fail."""
    texts = {text for text in _texts(_open_everything(build_in("pt_BR"))) if re.search("[a-z]{3}", text)} - STAY
    missed = {text for text in texts if not _is_portuguese(text)}
    assert len(texts) > 60
    assert len(missed) <= len(texts) // 10, missed


def test_window_texts_equal_in_both_languages_are_names_only(build_in: Build) -> None:
    english = _texts(_open_everything(build_in("en")))
    portuguese = _texts(_open_everything(build_in("pt_BR")))
    assert len(english) == len(portuguese)
    same = {one for one, other in zip(english, portuguese, strict=True) if one == other and re.search("[a-z]{3}", one)}
    assert same <= STAY


# --- plurals


def _label(app: App, name: str) -> str:
    label = app.window.findChild(QLabel, name) or app.window.findChild(Notice, name)
    assert label is not None
    return label.text()


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(("language", "message"), PLURALS, ids=lambda value: getattr(value, "source", value))
def test_plural_message_has_a_form_for_one_and_for_more(
    build_in: Build, language: str, message: Message, number: int
) -> None:
    build_in(language)
    one, more = message.forms
    assert one != more
    assert "(" not in one + more
    shown = QCoreApplication.translate(message.context, message.source, None, number)
    assert shown == (one, more)[number - 1].replace("%n", str(number))


COUNTED = {
    ("en", 1): ("1 record in progress", "1 record needs a decision", "Spreadsheet saved with 1 row."),
    ("en", 2): ("2 records in progress", "2 records need a decision", "Spreadsheet saved with 2 rows."),
    ("pt_BR", 1): ("1 registro em andamento", "1 registro espera decisão", "Planilha salva com 1 linha."),
    ("pt_BR", 2): ("2 registros em andamento", "2 registros esperam decisão", "Planilha salva com 2 linhas."),
}
TO_CHECK = {
    ("en", 1): "1 record to check at BonifiQ",
    ("en", 2): "2 records to check at BonifiQ",
    ("pt_BR", 1): "1 registro para conferir no BonifiQ",
    ("pt_BR", 2): "2 registros para conferir no BonifiQ",
}


@pytest.mark.parametrize(("language", "number"), COUNTED)
def test_window_counts_with_plurals_of_its_language(build_in: Build, language: str, number: int) -> None:
    app = build_in(language)
    pending, review, saved = COUNTED[language, number]
    app.client.statusChanged.emit(Status(ConnectionStatus.ONLINE, number, 0, stopped_by_credentials=False))
    assert _label(app, "pendingCount") == pending
    app.client.statusChanged.emit(Status(ConnectionStatus.ONLINE, 0, number, stopped_by_credentials=False))
    assert _label(app, "pendingCount") == review
    app.client.statusChanged.emit(
        Status(ConnectionStatus.ONLINE, 0, 0, stopped_by_credentials=False, contradictions=number)
    )
    assert _label(app, "pendingCount") == TO_CHECK[language, number]
    app.window.content.history._exported(Outcome(1, value=number))
    assert _label(app, "historyMessage") == saved


# --- one language after the other


def _spoken(app: App) -> tuple[str, str, str, str]:
    """Window title, a plural, Qt's translation of Cancel, and the locale."""
    app.client.statusChanged.emit(Status(ConnectionStatus.ONLINE, 1, 0, stopped_by_credentials=False))
    cancel = QCoreApplication.translate("QPlatformTheme", "Cancel")
    return app.window.windowTitle(), _label(app, "pendingCount"), cancel, QLocale().name()


ENGLISH = ("TRAINING · Look up — BonifiQ Desktop", "1 record in progress", "Cancel", "en_US")
PORTUGUESE = ("TREINAMENTO · Consultar — BonifiQ Desktop", "1 registro em andamento", "Cancelar", "pt_BR")


@pytest.mark.parametrize(
    "turns",
    [[("en", ENGLISH), ("pt_BR", PORTUGUESE)], [("pt_BR", PORTUGUESE), ("en", ENGLISH)]],
    ids=["en first", "pt_BR first"],
)
def test_program_built_after_another_shows_its_own_language(
    build_in: Build, turns: list[tuple[str, tuple[str, ...]]]
) -> None:
    for language, spoken in [*turns, *turns]:
        assert _spoken(build_in(language)) == spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_stopped_program_removes_its_translations(build_in: Build, language: str) -> None:
    build_in(language).stop()
    left = {(m.context, m.source): QCoreApplication.translate(m.context, m.source) for m in messages("en")}
    assert {key: text for key, text in left.items() if text != key[1]} == {}
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
