"""The sections of the settings: what is saved, what stays typed, rows of the lists, the scanner's try-out."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.storage.appearance import Appearance
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import load_settings
from bonifiq_desktop.ui.settings.list_editor import ListEditor
from bonifiq_desktop.ui.settings.section_list import SectionList
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.choice import Choice
from tests.support.owner import Owner
from tests.ui.settings.conftest import OpenPage


def sections(owner: Owner) -> SectionList:
    return owner.find(SectionList, "settingsSections")


def test_save_stores_the_shown_section_and_keeps_what_is_typed_in_another(open_page: OpenPage, paths: Paths) -> None:
    owner = open_page()
    owner.fill("settingsTill", "LOJA2")
    owner.fill("settingsAccount", "MATRIZ")
    assert sections(owner).current() == "advanced"
    assert "Ajustes salvos." in owner.save()
    stored = load_settings(paths.settings)
    assert (stored.account, stored.till) == ("MATRIZ", "CAIXA1")
    assert owner.text("settingsTill") == "LOJA2"
    assert sections(owner).item(1).text() == "Este caixa •"
    assert sections(owner).item(9).text() == "Avançado"
    sections(owner).choose("till")
    owner.save()
    assert load_settings(paths.settings).till == "LOJA2"
    assert sections(owner).item(1).text() == "Este caixa"


def test_field_that_changes_shows_its_section(open_page: OpenPage) -> None:
    owner = open_page()
    assert sections(owner).current() == "connections"
    owner.fill("settingsKeepDays", "90")
    assert sections(owner).current() == "privacy"
    assert owner.find(QLineEdit, "settingsKeepDays").isVisible()


@pytest.mark.parametrize(
    ("section", "saves"),
    [("connections", True), ("till", True), ("people", True), ("lists", True), ("scanner", False),
     ("appearance", False), ("privacy", True), ("advanced", True)],
)  # fmt: skip
def test_save_is_offered_where_there_is_something_to_save(open_page: OpenPage, section: str, saves: bool) -> None:
    owner = open_page()
    sections(owner).choose(section)
    assert owner.find(QLineEdit, "settingsUrl").isVisible() is (section == "connections")
    from PySide6.QtWidgets import QPushButton

    assert owner.find(QPushButton, "settingsSave").isVisible() is saves


def test_keys_lead_through_the_list_into_a_section(open_page: OpenPage, qtbot: QtBot) -> None:
    owner = open_page()
    owner.page.activateWindow()
    owner.page.open()
    qtbot.waitUntil(sections(owner).hasFocus)
    QTest.keyClick(sections(owner), Qt.Key.Key_Down)
    assert sections(owner).current() == "till"
    QTest.keyClick(sections(owner), Qt.Key.Key_Return)
    assert owner.find(QLineEdit, "settingsTill").hasFocus()


def test_saving_another_section_leaves_the_key_where_it_is(open_page: OpenPage) -> None:
    from PySide6.QtWidgets import QCheckBox

    owner = open_page()
    owner.fill("settingsToken", "token-123456")
    owner.fill("settingsKey", "key")
    owner.find(QCheckBox, "settingsConsent").setChecked(True)
    owner.save()
    owner.fill("settingsBranchName", "Centro")
    owner.save()
    assert owner.changes[-1].has_key
    again = open_page()
    assert again.changes[0].has_key


# --- lists


@pytest.fixture(name="editor")
def list_editor(open_page: OpenPage) -> ListEditor:
    """The list of the sellers, with three of them."""
    owner = open_page()
    owner.page.show_section("lists")
    editor = owner.find(ListEditor, "settingsSalesPeople")
    editor.set_values(("Ana", "17 = Bia", "Caio"))
    return editor


def table(editor: ListEditor) -> QTableWidget:
    found = editor.findChild(QTableWidget)
    assert isinstance(found, QTableWidget)
    return found


def test_list_shows_names_and_codes_in_two_columns(editor: ListEditor) -> None:
    rows = [[table(editor).item(row, column).text() for column in (0, 1)] for row in range(3)]  # type: ignore[union-attr]
    assert rows == [["Ana", ""], ["Bia", "17"], ["Caio", ""]]
    assert editor.values() == ("Ana", "17 = Bia", "Caio")


def test_row_is_moved_and_removed_with_keys_and_comes_back(editor: ListEditor) -> None:
    rows = table(editor)
    rows.setCurrentCell(1, 0)
    QTest.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert editor.values() == ("17 = Bia", "Ana", "Caio")
    assert rows.currentRow() == 0
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert editor.values() == ("Ana", "Caio")
    QTest.keyClick(editor.window(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.values() == ("17 = Bia", "Ana", "Caio")


def test_emptied_row_leaves_the_list(editor: ListEditor) -> None:
    item = table(editor).item(0, 0)
    assert item is not None
    item.setText("  ")
    assert editor.values() == ("17 = Bia", "Caio")


def test_categories_keep_their_path_in_one_column(open_page: OpenPage) -> None:
    editor = open_page().find(ListEditor, "settingsCategories")
    editor.set_values(("Roupas > 12 = Camisetas",))
    assert editor.values() == ("Roupas > 12 = Camisetas",)
    assert table(editor).columnCount() == 1


# --- appearance and scanner


def test_appearance_is_chosen_at_once(open_page: OpenPage) -> None:
    owner = open_page()
    chosen: list[dict[str, object]] = []
    owner.page.appearanceChosen.connect(chosen.append)
    owner.page.show_appearance(Appearance("dark", 115, sounds=True))
    look, scale = owner.find(Choice, "settingsLook"), owner.find(Choice, "settingsScale")
    assert (look.value(), scale.value()) == ("dark", 115)
    look.choose(3)
    scale.choose(2)
    assert chosen == [{"look": "contrast"}, {"scale": 130}]


def scan(field: QLineEdit, code: str, *, pause: float = 0.0, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
    for letter in code:
        QTest.keyClicks(field, letter)
        time.sleep(pause)
    if end is not None:
        QTest.keyClick(field, end)


@pytest.mark.parametrize(
    ("code", "pause", "end", "tone", "words"),
    [
        ("PED-1001", 0.0, Qt.Key.Key_Return, "success", "Serve como número de pedido"),
        ("52998224725", 0.0, Qt.Key.Key_Return, "success", "É um CPF"),
        ("PED-1001", 0.0, Qt.Key.Key_Tab, "success", "terminadas com Tab"),
        ("PED-1001", 0.0, None, "warning", "não mandou Enter"),
        ("1001", 0.08, Qt.Key.Key_Return, "info", "digitado"),
    ],
)
def test_scanner_test_says_what_was_read(
    open_page: OpenPage, qtbot: QtBot, code: str, pause: float, end: Qt.Key | None, tone: str, words: str
) -> None:
    owner = open_page()
    sections(owner).choose("scanner")
    result = owner.find(Notice, "settingsScanResult")
    scan(owner.find(QLineEdit, "settingsScan"), code, pause=pause, end=end)
    qtbot.waitUntil(lambda: bool(result.text()))
    assert result.property("tone") == tone
    assert words in result.text()
    assert "52998224725" not in result.text()
