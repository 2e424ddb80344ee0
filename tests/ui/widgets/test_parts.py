"""Buttons, notices and chips."""

from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import Chip


def test_button_shows_its_key_and_reads_its_text(qapp: QApplication) -> None:
    button = ActionButton("x", "Devolver & trocar", "F6")
    assert button.text() == "Devolver && trocar"
    assert button.accessibleName() == "Devolver & trocar"
    assert button.accessibleDescription() == "F6"
    with_key = button.grab().toImage()
    button._key = ""
    assert button.grab().toImage() != with_key


def test_notice_shows_title_and_lines_as_plain_text(qapp: QApplication) -> None:
    notice = Notice("x")
    assert notice.isHidden()
    notice.say("danger", "<b>Não deu</b>", "Nada foi enviado.", "Chame o suporte.")
    assert notice.text() == notice.accessibleName() == "<b>Não deu</b>\nNada foi enviado.\nChame o suporte."
    assert notice.property("tone") == "danger"
    shown = [made.text() for made in notice.findChildren(QLabel) if made.text()]
    assert shown == ["<b>Não deu</b>", "Nada foi enviado.\nChame o suporte."]
    notice.clear()
    assert notice.isHidden()
    assert notice.text() == ""


def test_notice_that_speaks_before_it_has_a_parent_is_no_window(qapp: QApplication) -> None:
    notice, gone = Notice("x"), Notice("y")
    for each in (notice, gone):
        each.say("warning", "Sem notícia.")
        assert each.isHidden()
    gone.clear()
    page = QWidget()
    row = QHBoxLayout(page)
    row.addWidget(notice)
    row.addWidget(gone)
    page.show()
    assert notice.isVisible()
    assert gone.isHidden()


def test_reserved_notice_moves_nothing_when_it_comes(qapp: QApplication) -> None:
    page = QWidget()
    row = QHBoxLayout(page)
    notice = Notice("x", reserved=True)
    row.addWidget(notice)
    before = page.sizeHint()
    notice.say("info", "Um título", "Uma linha.")
    assert page.sizeHint().height() == before.height()


def test_chip_without_text_is_hidden(qapp: QApplication) -> None:
    chip = Chip("x")
    chip.show_chip("success", "Concluído", "done")
    assert (chip.text(), chip.property("tone"), chip.isHidden()) == ("Concluído", "success", False)
    width = chip.sizeHint().width()
    chip.show_chip("success", "Concluído")
    assert chip.sizeHint().width() < width
    chip.show_chip("neutral", "")
    assert chip.isHidden()
