"""Section with the pictures: by keyboard, with figures for assistive technology, and never an old answer."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableWidget, QWidget

from bonifiq_desktop.domain.day_close import NamedSum, Sum
from bonifiq_desktop.domain.progress import WorkStopped
from bonifiq_desktop.domain.reports import Flow, Pictures, PointsStep, Step
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.domain.verdicts import Bonus
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ui.reports.charts_page import ChartsPage
from bonifiq_desktop.worker.commands import StopWork
from bonifiq_desktop.worker.report_commands import ReadPictures, SaveReport
from tests.support.scripted_client import ScriptedClient

HOURS = tuple(Flow(Sum(hour, hour * 100), Sum(1, hour * 10)) for hour in range(24))
DAYS = tuple(Flow(Sum(1, 100)) for _ in range(7))


def today() -> date:
    return datetime.now().astimezone().date()


def pictures(command: ReadPictures) -> Pictures:
    """Pictures of the asked period."""
    steps = (PointsStep(command.first, Bonus(30, 450), Bonus(10, 5)),)
    reasons = (NamedSum("Troca", Sum(2, 4990)), NamedSum("", Sum(1, 500, "USD")))
    return Pictures(command.first, command.last, HOURS, DAYS, reasons, Step.DAY, steps, (Sum(1, 500, "USD"),), untold=2)


def nothing(command: ReadPictures) -> Pictures:
    return Pictures(command.first, command.last, (Flow(),) * 24, (Flow(),) * 7, (), Step.DAY, ())


class Page:
    """The section over a scripted client."""

    def __init__(self) -> None:
        self.client = ScriptedClient()
        self.client.script[ReadPictures] = pictures
        self.page = ChartsPage(self.client)
        self.page.resize(1100, 640)
        self.page.show()

    def find(self, name: str) -> Any:
        found = self.page.findChild(QWidget, name)
        assert found is not None, name
        return found

    def press(self, name: str, key: Qt.Key) -> None:
        QTest.keyClick(self.find(name), key)

    def is_shown(self, name: str) -> bool:
        return bool(self.find(name).isVisible())


@pytest.fixture(name="page")
def charts_page(qapp: QApplication) -> Iterator[Page]:
    page = Page()
    yield page
    page.page.close()
    page.page.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_month_is_read_when_shown_and_painted_with_a_name(page: Page) -> None:
    [command] = page.client.of(ReadPictures)
    assert (command.first, command.last) == (today().replace(day=1), today())
    page.client.answer()
    chart = page.find("chartsChart")
    assert page.is_shown("chartsChart")
    assert chart.accessibleName().startswith("Vendas e devoluções por hora")
    assert chart.accessibleDescription() == "Vendas: 23h, R$\u00a023; Devoluções e cancelamentos: 23h, R$\u00a02"
    image = chart.grab().toImage()
    assert len({image.pixelColor(x, y).name() for x in range(0, 900, 7) for y in range(0, 400, 7)}) > 3


def test_digit_keys_choose_picture_and_period(page: Page) -> None:
    page.client.answer()
    page.press("chartsPicture1", Qt.Key.Key_3)
    assert page.find("chartsChart").accessibleName().startswith("Devoluções e cancelamentos por motivo")
    page.press("chartsPeriod3", Qt.Key.Key_1)
    page.client.answer()
    assert page.client.of(ReadPictures)[-1].first == today()
    assert page.find("chartsChart").accessibleName().startswith("Devoluções e cancelamentos por motivo")
    assert not page.is_shown("chartsFrom")
    page.press("chartsPeriod3", Qt.Key.Key_5)
    assert page.is_shown("chartsFrom")
    assert page.is_shown("chartsTo")


def test_figures_stand_behind_the_chart(page: Page) -> None:
    page.client.answer()
    page.press("chartsPicture1", Qt.Key.Key_4)
    page.press("chartsTable", Qt.Key.Key_Space)
    table: QTableWidget = page.find("chartsFigures")
    assert table.isVisible()
    assert table.accessibleName().startswith("Pontos dados e retirados")
    texts = [table.item(0, column).text() for column in range(table.columnCount())]  # type: ignore[union-attr]
    assert texts[1:] == ["30", "10", "R$\u00a04,50", "R$\u00a00,05"]
    assert "estimativa" in table.horizontalHeaderItem(2).text()  # type: ignore[union-attr]
    assert "2" in page.find("chartsNotes").text()
    page.press("chartsTable", Qt.Key.Key_Space)
    assert page.is_shown("chartsChart")


def test_other_currency_stands_in_the_table_and_not_in_the_bars(page: Page) -> None:
    page.client.answer()
    page.press("chartsPicture1", Qt.Key.Key_3)
    assert page.find("chartsChart").accessibleDescription() == "Valor: Troca, R$\u00a049,90"
    assert page.find("chartsFigures").rowCount() == 2
    assert "US$" in page.find("chartsNotes").text()


def test_answer_to_an_older_period_is_stopped_and_dropped(page: Page) -> None:
    page.client.holds = lambda command: isinstance(command, ReadPictures)
    page.press("chartsPeriod3", Qt.Key.Key_4)
    assert page.client.of(StopWork) == [StopWork(ReadPictures)]
    month, year = page.client.of(ReadPictures)
    page.client.answer(lambda command: command is month)
    assert not page.is_shown("chartsChart")
    page.client.answer(lambda command: command is year)
    assert year.first.strftime("%d/%m/%Y") in page.find("chartsChart").accessibleName()


@pytest.mark.parametrize("error", [LedgerFailed("busy"), WorkStopped()])
def test_old_answer_does_not_stay_after_an_error(page: Page, error: Exception) -> None:
    page.client.answer()

    def fail(_command: ReadPictures) -> Pictures:
        raise error

    page.client.script[ReadPictures] = fail
    page.page.reload()
    page.client.answer()
    assert not page.is_shown("chartsChart")
    assert page.is_shown("chartsEmpty")
    assert page.is_shown("chartsMessage")
    assert not page.find("chartsSave").isEnabled()
    assert page.find("chartsChart").accessibleName() == ""


def test_another_period_hides_the_answer_at_once(page: Page) -> None:
    page.client.answer()
    page.press("chartsPeriod3", Qt.Key.Key_4)
    assert not page.is_shown("chartsChart")


def test_empty_period_is_said(page: Page) -> None:
    page.client.script[ReadPictures] = nothing
    page.client.answer()
    assert "Nenhuma venda ou devolução" in page.find("chartsEmpty").text()
    assert not page.find("chartsTable").isEnabled()


def test_change_of_the_session_forgets_what_was_shown(page: Page) -> None:
    page.client.answer()
    page.client.holds = lambda command: isinstance(command, ReadPictures)
    page.client.sessionChanged.emit(Session())
    assert not page.is_shown("chartsChart")


@pytest.mark.parametrize(("name", "begin"), [("a.pdf", b"%PDF"), ("a.png", b"\x89PNG")])
def test_chart_is_saved_as_pdf_or_picture(page: Page, tmp_path: Path, name: str, begin: bytes) -> None:
    page.client.answer()
    page.page.save_to(str(tmp_path / name))
    [command] = page.client.of(SaveReport)
    assert command.path == str(tmp_path / name)
    assert command.content.startswith(begin)
    assert "PDF" not in repr(command)
    page.client.answer()
    assert "Gráfico salvo" in page.find("chartsMessage").accessibleName()
