"""Table model of the history page: paging, eviction, updates, Qt's rules for models."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.logging import _QtMessageCapture
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.ledger.history import PAGE_SIZE
from bonifiq_desktop.ledger.history_filter import NEWEST, Cursor
from bonifiq_desktop.ui.history.model import CUSTOMER, ID_ROLE, MAX_CACHED, OPERATION_ROLE, STATE, HistoryModel
from bonifiq_desktop.ui.messages.formats import state_name
from tests.support.operations import make_operation

SPOKEN = Qt.ItemDataRole.AccessibleTextRole
NOW = datetime.now(UTC)
NOWHERE = QModelIndex()


def operation(number: int, state: State = State.CONFIRMED) -> Operation:
    """Make the operation with this id; higher ids are newer."""
    return make_operation(
        operation_id=number,
        order_id=f"order {number}",
        cancel_key=f"BQ-{number}",
        value=number * 100 + 90,
        state=state,
        created_at=NOW - timedelta(minutes=1000 - number),
    )


def page_before(number: int, size: int = PAGE_SIZE) -> list[Operation]:
    """Make a page of operations before this id, newest first."""
    return [operation(n) for n in range(number - 1, max(0, number - 1 - size), -1)]


@pytest.fixture(name="model")
def empty_model(qapp: object) -> HistoryModel:
    """An empty model."""
    return HistoryModel()


@pytest.fixture(name="requested")
def requested_pages(model: HistoryModel) -> list[int]:
    """Collect the ids before which pages are requested."""
    requested: list[int] = []
    model.nextPageNeeded.connect(lambda cursor: requested.append(cursor.own))
    return requested


def cell(model: HistoryModel, row: int, column: int, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    """Return a cell's data."""
    return model.data(model.index(row, column), role)


def test_each_column_has_its_heading_and_text(model: HistoryModel) -> None:
    model.show_first_page([operation(25, State.REVIEW)])
    headings = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    assert headings == ["Quando", "", "Pedido", "Cliente", "Quem", "Valor", "Situação"]
    spoken = [model.headerData(n, Qt.Orientation.Horizontal, SPOKEN) for n in range(model.columnCount())]
    assert spoken == ["Quando", "O quê", "Pedido", "Cliente", "Quem", "Valor", "Situação"]
    local = operation(25).created_at.astimezone()
    texts = [cell(model, 0, column) for column in range(model.columnCount())]
    assert str(texts[0]).startswith(f"{local:%d/%m}")
    assert texts[1:] == ["Devolução", "order 25", "", "", "R$\u00a025,90", state_name(State.REVIEW)]
    assert cell(model, 0, 0, OPERATION_ROLE) == operation(25, State.REVIEW)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.WITHDRAWN])
def test_contradicted_operation_is_marked_beside_its_state(model: HistoryModel, state: State) -> None:
    model.show_first_page([replace(operation(25, state), contradicted=True), operation(24, State.REVIEW)])
    assert cell(model, 0, STATE) == f"{state_name(state)} (conferir)"
    alarm, review = model.row(0), model.row(1)
    assert alarm is not None
    assert review is not None
    assert alarm.tone == review.tone == "danger"


def test_row_of_a_return_shows_the_leg_that_can_be_decided(model: HistoryModel) -> None:
    refused = replace(operation(1, State.REFUSED), system="mirakl", kind=Kind.RETURN, return_id="D-1", leg=1)
    points = replace(operation(2, State.REVIEW), return_id="D-1", leg=2)
    known = replace(points, order=Order("order 2", 100, customer=Customer(name="Maria")))
    model.show_first_page([known, refused])
    assert (model.rowCount(), cell(model, 0, 0, OPERATION_ROLE)) == (1, known)
    assert cell(model, 0, STATE) == state_name(State.REVIEW)


def test_row_of_a_return_names_the_customer_that_any_leg_knows(model: HistoryModel) -> None:
    refused = replace(operation(1, State.REFUSED), system="mirakl", kind=Kind.RETURN, return_id="D-1", leg=1)
    points = replace(operation(2, State.CONFIRMED), return_id="D-1", leg=2)
    model.show_first_page([replace(points, order=Order("order 2", 100, customer=Customer(name="Maria"))), refused])
    assert cell(model, 0, STATE) == state_name(State.REFUSED)
    assert cell(model, 0, CUSTOMER) == "Maria"


def test_every_cell_has_a_text_for_screen_readers(model: HistoryModel) -> None:
    known = replace(operation(2), registered_by="Ana", order=Order("order 2", 100, customer=Customer(name="Maria")))
    model.show_first_page([known, operation(1)])
    said = [[cell(model, row, column, SPOKEN) for column in range(model.columnCount())] for row in range(2)]
    assert said[0][1:6] == ["Devolução", "order 2", "Maria", "Ana", "R$\u00a02,90"]
    assert said[1][CUSTOMER] == "Cliente não informado"
    assert all(text for row in said for text in row)


@pytest.mark.parametrize("section", [-1, 7, 999])
def test_heading_outside_the_columns_is_none(model: HistoryModel, section: int) -> None:
    assert model.headerData(section, Qt.Orientation.Horizontal) is None


def test_missing_cell_is_none(model: HistoryModel) -> None:
    model.show_first_page([operation(1)])
    assert model.data(QModelIndex(), Qt.ItemDataRole.DisplayRole) is None
    assert model.data(model.index(7, 0), Qt.ItemDataRole.DisplayRole) is None


def test_history_model_has_no_nested_rows(model: HistoryModel) -> None:
    model.show_first_page([operation(1)])
    inside = model.index(0, 0)
    assert (model.rowCount(inside), model.columnCount(inside), model.canFetchMore(inside)) == (0, 0, False)


def test_full_page_requests_the_next_one_once(model: HistoryModel, requested: list[int]) -> None:
    model.show_first_page(page_before(501))
    assert (model.rowCount(), model.canFetchMore(NOWHERE)) == (PAGE_SIZE, True)
    model.fetchMore(NOWHERE)
    model.fetchMore(NOWHERE)
    assert requested == [501 - PAGE_SIZE]
    assert not model.canFetchMore(NOWHERE)
    model.append_page(page_before(requested[-1]))
    assert model.canFetchMore(NOWHERE)


def test_all_pages_load_in_order_and_then_no_more(model: HistoryModel, requested: list[int]) -> None:
    model.show_first_page(page_before(501))
    while model.canFetchMore(NOWHERE):
        model.fetchMore(NOWHERE)
        model.append_page(page_before(requested[-1]))
    numbers = [cell(model, row, 2) for row in range(model.rowCount())]
    assert numbers == [f"order {n}" for n in range(500, 0, -1)]
    model.fetchMore(NOWHERE)
    assert requested == list(range(501 - PAGE_SIZE, 1, -PAGE_SIZE))


def test_full_last_page_ends_with_an_empty_one(model: HistoryModel, requested: list[int]) -> None:
    model.show_first_page(page_before(PAGE_SIZE + 1))
    model.fetchMore(NOWHERE)
    model.append_page([])
    assert (model.rowCount(), model.canFetchMore(NOWHERE)) == (PAGE_SIZE, False)


def test_short_page_is_the_last_one(model: HistoryModel, requested: list[int]) -> None:
    for page in ([], page_before(4)):
        model.show_first_page(page)
        assert not model.canFetchMore(NOWHERE)
        model.fetchMore(NOWHERE)
    assert requested == []


def test_new_search_replaces_all_rows(model: HistoryModel) -> None:
    model.show_first_page(page_before(501))
    model.fetchMore(NOWHERE)
    model.show_first_page(page_before(4))
    assert model.rowCount() == 3
    assert not model.canFetchMore(NOWHERE)


def test_view_scrolled_to_its_end_loads_the_next_page(model: HistoryModel, requested: list[int], qtbot: QtBot) -> None:
    # Deferred like the worker's answer, so that Qt has finished the call that requested the page.
    model.nextPageNeeded.connect(lambda at: QTimer.singleShot(0, lambda: model.append_page(page_before(at.own))))
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    model.show_first_page(page_before(501))

    def is_all_there() -> bool:
        view.scrollToBottom()
        return model.rowCount() == 500

    qtbot.waitUntil(is_all_there)
    assert requested == list(range(501 - PAGE_SIZE, 1, -PAGE_SIZE))
    view.setModel(None)


def test_model_passes_qts_model_tester(model: HistoryModel, qtlog: _QtMessageCapture) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_first_page([])
    model.show_first_page(page_before(501))
    for before in range(501 - PAGE_SIZE, 1, -PAGE_SIZE):
        model.append_page(page_before(before))
    for number in (500, 250, 1):
        assert model.update_operation(operation(number, State.REVIEW))
    model.append_page([])
    model.show_first_page(page_before(4))
    assert tester.model() is model
    assert [record.message for record in qtlog.records] == []


def test_changed_operation_updates_its_row(model: HistoryModel) -> None:
    model.show_first_page(page_before(11))
    changed: list[tuple[int, int, int, int]] = []
    resets: list[None] = []
    model.dataChanged.connect(lambda a, b: changed.append((a.row(), a.column(), b.row(), b.column())))
    model.modelReset.connect(lambda: resets.append(None))
    assert model.update_operation(operation(8, State.UNKNOWN))
    assert cell(model, 2, STATE) == state_name(State.UNKNOWN)
    assert (changed, resets) == ([(2, 0, 2, STATE)], [])


def test_changed_operation_without_a_row_is_ignored(model: HistoryModel) -> None:
    model.show_first_page(page_before(11))
    assert not model.update_operation(replace(operation(8), operation_id=99))
    assert model.rowCount() == 10
    assert 99 not in [o.operation_id for o in (cell(model, n, 0, OPERATION_ROLE) for n in range(10))]  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_own_word(model: HistoryModel, state: State) -> None:
    model.show_first_page([operation(1, state)])
    words = {state_name(other) for other in State if other is not state}
    assert cell(model, 0, STATE)
    assert cell(model, 0, STATE) not in words


def test_tooltip_shows_an_html_order_number_as_text(model: HistoryModel) -> None:
    model.show_first_page([replace(operation(1), order_id="<b>1</b>")])
    assert cell(model, 0, 2) == "<b>1</b>"
    assert cell(model, 0, 2, Qt.ItemDataRole.ToolTipRole) == "<span>&lt;b&gt;1&lt;/b&gt;</span>"


def scrolled_through(model: HistoryModel, requested: list[int], newest: int) -> None:
    """Load every page, from `newest` to the last."""
    model.show_first_page(page_before(newest + 1))
    while model.canFetchMore(NOWHERE):
        model.fetchMore(NOWHERE)
        model.append_page(page_before(requested[-1]))


def test_scrolling_far_keeps_the_cache_within_its_limit(model: HistoryModel, requested: list[int]) -> None:
    scrolled_through(model, requested, 2 * MAX_CACHED)
    assert model.rowCount() == 2 * MAX_CACHED
    assert len(model._cache) == MAX_CACHED
    assert [cell(model, row, 0, ID_ROLE) for row in range(2 * MAX_CACHED)] == list(range(2 * MAX_CACHED, 0, -1))


def test_evicted_row_is_requested_once_and_restored(model: HistoryModel, requested: list[int]) -> None:
    again: list[int] = []
    changed: list[tuple[int, int]] = []
    model.evictedPageNeeded.connect(lambda cursor: again.append(cursor.own))
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    scrolled_through(model, requested, 2 * MAX_CACHED)
    row = PAGE_SIZE + 7
    assert [cell(model, row, 2), cell(model, row, 2), cell(model, 3 * PAGE_SIZE, 2)] == [None, None, None]
    assert again == [2 * MAX_CACHED - PAGE_SIZE + 1]
    model.restore_page(page_before(again[0]))
    assert cell(model, row, 2) == f"order {2 * MAX_CACHED - row}"
    assert changed == [(0, 2 * MAX_CACHED - 1)]
    assert len(again) == 1
    assert cell(model, 3 * PAGE_SIZE, 2) is None
    assert again[1:] == [2 * MAX_CACHED - 3 * PAGE_SIZE + 1]


def test_restored_page_with_a_damaged_row_keeps_the_readable_rows(model: HistoryModel, requested: list[int]) -> None:
    again: list[int] = []
    model.evictedPageNeeded.connect(lambda cursor: again.append(cursor.own))
    scrolled_through(model, requested, 2 * MAX_CACHED)
    last = PAGE_SIZE - 1
    assert cell(model, 0, 2) is None
    # The file holds one more, damaged operation: the page ends one row earlier.
    model.restore_page(page_before(again[0], PAGE_SIZE - 1), unreadable=1)
    assert model.rowCount() == 2 * MAX_CACHED
    assert cell(model, last - 1, 2) == f"order {2 * MAX_CACHED - last + 1}"
    assert cell(model, last, 2) is None
    assert again[1:] == [2 * MAX_CACHED - last + 1], "from where the page ended, not the same one for ever"
    model.restore_page(page_before(again[1]))
    assert cell(model, last, 2) == f"order {2 * MAX_CACHED - last}"


def test_evicted_page_is_requested_again_after_a_failure(model: HistoryModel, requested: list[int]) -> None:
    again: list[int] = []
    model.evictedPageNeeded.connect(lambda cursor: again.append(cursor.own))
    scrolled_through(model, requested, 2 * MAX_CACHED)
    assert [cell(model, 0, 2), cell(model, 0, 2)] == [None, None]
    model.cancel_restore()
    assert cell(model, 0, 2) is None
    assert len(again) == 2


def of_shop(number: int, other: int) -> Operation:
    """Make an operation of this till, or with `other` one of another till as old as this one's."""
    if not other:
        return operation(number)
    return replace(operation(number), operation_id=-other, till="CAIXA2", order_id=f"other {number}")


class ShopPages:
    """Pages of a history in which each second operation is of another till, read as the ledger reads them."""

    def __init__(self, newest: int) -> None:
        self.evicted: list[Cursor] = []
        self.all = [
            of_shop(number, 1000 * ((newest - number) % newest + 1) if number % 2 else 0)
            for number in range(newest, 0, -1)
        ]

    def at(self, cursor: Cursor) -> list[Operation]:
        own = [o for o in self.all if 0 < o.operation_id < cursor.own]
        others = [o for o in self.all if o.till]
        shown = next((place + 1 for place, o in enumerate(others) if -o.operation_id == cursor.shop), 0)
        return sorted([*own, *others[shown:]], key=lambda o: o.created_at, reverse=True)[:PAGE_SIZE]


@pytest.fixture(name="pages")
def scrolled_shop(model: HistoryModel, monkeypatch: pytest.MonkeyPatch) -> ShopPages:
    """The pages of a shop, all of which the model loaded; it asks for evicted ones by itself."""
    monkeypatch.setattr("bonifiq_desktop.ui.history.model.MAX_CACHED", 3 * PAGE_SIZE)
    pages = ShopPages(8 * PAGE_SIZE)
    asked: list[Cursor] = []
    model.nextPageNeeded.connect(asked.append)
    model.evictedPageNeeded.connect(pages.evicted.append)
    model.show_first_page(pages.at(NEWEST))
    while model.canFetchMore(NOWHERE):
        model.fetchMore(NOWHERE)
        model.append_page(pages.at(asked[-1]))
    return pages


def restored(model: HistoryModel, pages: ShopPages, row: int) -> object:
    """The order of a row whose page is read again as often as the model asks for it."""
    for _ in range(5):
        found = cell(model, row, 2)
        if found is not None:
            break
        model.restore_page(pages.at(pages.evicted[-1]))
    return found


def test_pages_of_a_shop_have_no_gap_or_repeat(model: HistoryModel, pages: ShopPages) -> None:
    assert [cell(model, row, 0, ID_ROLE) for row in range(model.rowCount())] == [o.operation_id for o in pages.all]


@pytest.mark.parametrize("row", [0, 1, PAGE_SIZE - 1, PAGE_SIZE, 3 * PAGE_SIZE + 7])
def test_evicted_page_of_a_shop_is_restored_as_it_was(model: HistoryModel, pages: ShopPages, row: int) -> None:
    assert restored(model, pages, row) == pages.all[row].order_id
    assert model.rowCount() == len(pages.all)


def test_operations_that_another_till_told_late_appear_where_their_page_is_restored(
    model: HistoryModel, pages: ShopPages, qtlog: _QtMessageCapture
) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    before = [o.order_id for o in pages.all[: 2 * PAGE_SIZE]]
    pages.all += [
        replace(o, operation_id=o.operation_id - 500, order_id="late", created_at=o.created_at + timedelta(seconds=20))
        for o in pages.all[PAGE_SIZE + 5 : PAGE_SIZE + 24]
        if o.till
    ]
    pages.all.sort(key=lambda o: o.created_at, reverse=True)
    expected = [o.order_id for o in pages.all[: 2 * PAGE_SIZE]]
    assert expected != before
    assert [restored(model, pages, row) for row in range(2 * PAGE_SIZE)] == expected
    assert model.rowCount() == len(pages.all)
    assert tester.model() is model
    assert [record.message for record in qtlog.records] == []


def test_changed_operation_of_another_till_updates_its_row(model: HistoryModel, pages: ShopPages) -> None:
    row = next(row for row, o in enumerate(pages.all) if o.till)
    assert model.update_operation(replace(pages.all[row], state=State.UNKNOWN))
    assert cell(model, row, STATE) == state_name(State.UNKNOWN)


def test_row_missing_from_the_restored_page_is_removed(
    model: HistoryModel, requested: list[int], qtlog: _QtMessageCapture
) -> None:
    again: list[int] = []
    model.evictedPageNeeded.connect(lambda cursor: again.append(cursor.own))
    scrolled_through(model, requested, 2 * MAX_CACHED)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert cell(model, 0, 2) is None
    model.restore_page([o for o in page_before(again[0]) if o.operation_id != 2 * MAX_CACHED - 5])
    assert model.rowCount() == 2 * MAX_CACHED - 1
    assert [cell(model, row, 2) for row in (4, 5)] == [f"order {2 * MAX_CACHED - 4}", f"order {2 * MAX_CACHED - 6}"]
    model.restore_page([])
    assert model.rowCount() == 2 * MAX_CACHED - 1
    assert tester.model() is model
    assert [record.message for record in qtlog.records] == []


def test_changed_evicted_operation_updates_its_row(model: HistoryModel, requested: list[int]) -> None:
    scrolled_through(model, requested, 2 * MAX_CACHED)
    assert model.update_operation(operation(2 * MAX_CACHED - 1, State.UNKNOWN))
    assert cell(model, 1, STATE) == state_name(State.UNKNOWN)
    assert len(model._cache) == MAX_CACHED
