"""The frame: side bar and rail, what is pending, status strip, title, keys below a sheet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.ui.person_button import initials
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.commands import Status
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.staff import ANA
from tests.support.staff_actions import add_person, open_settings


def publish(cashier: Cashier, connection: ConnectionStatus, pending: int = 0, review: int = 0, **age: int) -> None:
    """Publish a status in the worker's place."""
    at = datetime.now(UTC) - timedelta(**age)
    status = Status(connection, pending, review, stopped_by_credentials=False, connection_at=at)
    cashier.app.client.statusChanged.emit(status)


@pytest.fixture(name="settled")
def settled_window(cashier: Cashier) -> Cashier:
    """A window whose worker has published its own status."""
    wait_until(lambda: cashier.text("pendingCount") == "Nada pendente", "the worker")
    return cashier


@pytest.mark.parametrize(
    ("connection", "age", "words"),
    [
        (ConnectionStatus.ONLINE, {"seconds": 5}, "Conectado agora"),
        (ConnectionStatus.ONLINE, {"minutes": 2}, "Conectado há 2 min"),
        (ConnectionStatus.OFFLINE, {"seconds": 5}, "Sem conexão"),
        (ConnectionStatus.OFFLINE, {"minutes": 5, "seconds": 1}, "Sem conexão há 5 min"),
        (ConnectionStatus.OFFLINE, {"hours": 3}, "Sem conexão há 3 h"),
        (ConnectionStatus.TROUBLE, {"days": 1}, "Sem resposta clara há 1 dia"),
        (ConnectionStatus.UNTRIED, {"hours": 1}, "Pronto"),
    ],
)
def test_strip_shows_the_connection_with_its_age(
    settled: Cashier, connection: ConnectionStatus, age: dict[str, int], words: str
) -> None:
    publish(settled, connection, **age)
    assert settled.text("connectionStatus") == words


def test_offline_state_stands_in_one_place(settled: Cashier) -> None:
    publish(settled, ConnectionStatus.OFFLINE, 2, minutes=5)
    shown = [
        child.text()
        for child in settled.window.findChildren(type(settled.find("connectionStatus")))
        if child.isVisible() and "conexão" in child.text().lower()
    ]
    assert shown == ["Sem conexão há 5 min"]


def test_strip_shows_till_and_time(settled: Cashier) -> None:
    wait_until(lambda: settled.text("tillName") == "CAIXA1", "the till")
    assert settled.text("clock") == f"{datetime.now().astimezone():%H:%M}"


def test_narrow_window_has_a_rail_and_the_pending_count_in_the_strip(settled: Cashier) -> None:
    bar, strip = settled.window.side_bar, settled.window.status_strip
    settled.window.resize(1366, 768)
    let_work(0.1)
    assert bar.width() == 184
    assert bar.isAncestorOf(settled.find("pendingCount"))
    settled.window.resize(1093, 614)
    let_work(0.1)
    assert bar.width() == 80
    assert strip.isAncestorOf(settled.find("pendingCount"))
    publish(settled, ConnectionStatus.ONLINE, 2, 1)
    assert settled.text("pendingCount") == "1 registro espera decisão · 2 registros em andamento"
    settled.window.resize(1366, 768)
    let_work(0.1)
    assert settled.text("pendingCount") == "1 registro espera decisão\n2 registros em andamento"


def test_side_bar_made_narrow_and_wide_again_has_its_first_sizes(settled: Cashier) -> None:
    parts = settled.window.side_bar.findChildren(QLabel)
    [cap] = [part for part in parts if part.text() == "F2"]
    sizes = []
    for width in (1366, 1093, 1366, 1093):
        settled.window.resize(width, 768)
        let_work(0.1)
        sizes.append([(part.sizeHint(), part.alignment()) for part in parts])
        room = cap.sizeHint().width() - cap.fontMetrics().horizontalAdvance(cap.text())
        assert (room >= 12) is (width == 1366)  # on both sides, beside the outline
    assert sizes[0] != sizes[1]
    assert sizes[2:] == sizes[:2]


def test_side_bar_and_strip_are_outside_the_tab_ring(settled: Cashier) -> None:
    for part in (settled.window.side_bar, settled.window.status_strip):
        buttons = part.findChildren(QPushButton)
        assert all(button.focusPolicy() is Qt.FocusPolicy.NoFocus for button in buttons)
    assert len(settled.window.side_bar.findChildren(QPushButton)) >= 6


@pytest.mark.parametrize(("pending", "review", "waiting"), [(2, 0, "pending"), (2, 1, "person")])
def test_click_on_the_pending_count_opens_the_list(
    settled: Cashier, monkeypatch: pytest.MonkeyPatch, pending: int, review: int, waiting: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(settled.window.content.history, "show_waiting", lambda what: asked.append(what.value))
    publish(settled, ConnectionStatus.ONLINE, pending, review)
    settled.find("pendingOpen").click()  # at once, before the worker publishes a status of its own
    assert settled.find("historyTable").isVisible()
    assert asked == [waiting]


def test_title_names_the_page_and_the_program_once(settled: Cashier) -> None:
    titles = []
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F10, Qt.Key.Key_F9, Qt.Key.Key_F2):
        settled.press(key)
        titles.append(settled.window.windowTitle())
    pages = ["Nova venda", "Histórico", "Fechamento", "Ajustes", "Consultar"]
    assert titles == [f"{page} — BonifiQ Desktop" for page in pages]


def test_keys_of_the_page_do_nothing_below_a_sheet(settled: Cashier) -> None:
    open_settings(settled, "people")
    settled.find("peopleAdd").click()
    sheet = Sheet.open_in(settled.window)
    assert sheet is not None
    focused = QApplication.focusWidget()
    assert focused is not None
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F4):
        QTest.keyClick(focused, key)
    let_work(0.1)
    assert settled.find("settingsSections").isVisible()
    assert sheet.isVisible()
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    wait_until(lambda: Sheet.open_in(settled.window) is None, "the closed sheet")
    assert settled.find("settingsSections").isVisible(), "the window's own Esc stayed quiet"


def test_training_mark_stays_above_a_sheet(start: Callable[..., Cashier], data: object) -> None:
    practice = start("--training", "--data-dir", str(data))
    open_settings(practice, "people")
    practice.find("peopleAdd").click()
    sheet = Sheet.open_in(practice.window)
    assert sheet is not None
    mark = practice.find("trainingMark")
    assert mark.isVisible()
    assert sheet.geometry().top() >= mark.mapTo(practice.window, mark.rect().bottomLeft()).y()


def test_first_cashier_leaves_the_owner_signed_in(managed: Cashier) -> None:
    add_person(managed, "Bia", "cashier", "7305", approved_by=ANA.pin)
    wait_until(lambda: managed.find("presentPerson").isVisible(), "the person")
    let_work(0.3)
    assert not managed.is_shown("lockPin")
    assert managed.find("presentPerson").accessibleName() == "No caixa: Ana"


def test_person_menu_opens_the_appearance(staffed: Cashier) -> None:
    staffed.find("presentPerson").click()
    menu = staffed.find("personMenu")
    menu.actions()[1].trigger()
    menu.close()
    assert staffed.find("settingsLook").isVisible()


@pytest.mark.parametrize(
    ("name", "letters"), [("Ana", "A"), ("Ana Paula Reis", "AR"), ("bia souza", "BS"), ("", ""), ("  ", "")]
)
def test_initials_are_of_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_larger_size_widens_the_side_bar(settled: Cashier) -> None:
    settled.window.resize(1900, 900)
    open_settings(settled, "appearance")
    QTest.keyClick(settled.find("settingsScale").findChildren(type(settled.find("settingsScale1")))[0], Qt.Key.Key_3)
    let_work(0.2)
    assert settled.window.side_bar.width() == round(184 * 1.3)
    assert settled.window.content.appearance.current.scale == 130


class ShownWindows(QObject):
    """Records every widget that the program shows as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(watched.objectName() or type(watched).__name__)
        return False


def test_pages_and_sections_when_made_open_no_window_of_their_own(
    start: Callable[..., Cashier], data: object, qapp: QApplication
) -> None:
    shown = ShownWindows()
    qapp.installEventFilter(shown)
    cashier = start("--training", "--data-dir", str(data))
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.press(Qt.Key.Key_Escape)
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F4):
        cashier.press(key)
    for section in ("till", "people", "lists", "scanner", "appearance", "privacy", "advanced"):
        open_settings(cashier, section)
    qapp.removeEventFilter(shown)
    assert shown.names == ["mainWindow"]
