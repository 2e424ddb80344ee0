"""Announcer: the sentence comes after the focus has settled, and stays in a focusable element."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.ui.widgets import announcer
from bonifiq_desktop.ui.widgets.announcer import announce, announcer_of


@pytest.fixture(name="heard")
def sentences(qtbot: QtBot) -> Iterator[list[str]]:
    """Return the list of the sentences that were announced."""
    del qtbot
    application = QCoreApplication.instance()
    assert application is not None
    heard: list[str] = []
    collect = heard.append
    announcer_of(application).announced.connect(collect)
    yield heard
    announcer_of(application).announced.disconnect(collect)


class Form:
    """A window with a field, a button and a label."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.field, self.button, self.label = QLineEdit(), QPushButton("Fechar"), QLabel("x")
        layout = QVBoxLayout(self.window)
        for widget in (self.field, self.button, self.label):
            layout.addWidget(widget)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self.field.setFocus()


def test_sentence_waits_for_the_focus_to_settle(qtbot: QtBot, heard: list[str]) -> None:
    form = Form(qtbot)
    announce(form.button, "R$ 49,90 devolvidos.")
    QTest.qWait(200)
    form.button.setFocus()
    QTest.qWait(200)
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["R$ 49,90 devolvidos."])


def test_moving_focus_delays_no_sentence_for_ever(
    qtbot: QtBot, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcer, "_LONGEST_WAIT", 0.0)
    form = Form(qtbot)
    announce(form.button, "Recusado.")
    form.button.setFocus()
    QTest.qWait(340)
    assert heard == ["Recusado."]


def test_stream_of_sentences_delays_none_for_ever(qtbot: QtBot, heard: list[str]) -> None:
    form = Form(qtbot)
    for _count in range(25):
        announce(form.label, "Enviando…")
        QTest.qWait(100)
        if heard:
            break
    assert heard == ["Enviando…"]


def test_later_sentence_of_a_widget_replaces_the_waiting_one(qtbot: QtBot, heard: list[str]) -> None:
    form = Form(qtbot)
    announce(form.label, "Consultando…")
    announce(form.button, "2 pendentes.")
    announce(form.label, "Pedido 1001.")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == ["2 pendentes.", "Pedido 1001."]


def test_hidden_or_deleted_widget_announces_nothing(qtbot: QtBot, heard: list[str]) -> None:
    form, gone = Form(qtbot), QWidget()
    gone.show()
    announce(form.label, "a")
    announce(gone, "b")
    announce(form.button, "c")
    form.label.hide()
    gone.deleteLater()
    qtbot.waitUntil(lambda: heard == ["c"])


def test_sentence_of_a_label_stays_with_the_focused_element(qtbot: QtBot, heard: list[str]) -> None:
    form = Form(qtbot)
    announce(form.label, "R$ 49,90 devolvidos.")
    qtbot.waitUntil(lambda: len(heard) == 1)
    assert form.field.accessibleDescription() == "R$ 49,90 devolvidos."
    announce(form.button, "Copiado.")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert (form.field.accessibleDescription(), form.button.accessibleDescription()) == ("", "Copiado.")


def test_sentence_in_the_name_of_a_focusable_element_is_not_repeated(qtbot: QtBot, heard: list[str]) -> None:
    form = Form(qtbot)
    form.button.setAccessibleName("Copiado.")
    announce(form.button, "Copiado.")
    qtbot.waitUntil(lambda: heard == ["Copiado."])
    assert form.field.accessibleDescription() == form.button.accessibleDescription() == ""
