"""History search: it finds what a full scan finds, and its cost does not grow with the history."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.text import MAX_ORDER_ID
from bonifiq_desktop.ledger import database
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerFailed
from bonifiq_desktop.ledger.history import PAGE_SIZE
from bonifiq_desktop.ledger.history_filter import NEWEST, Cursor
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, NOON, bring_to, confirm, make_changed_backup, refund, sell

# What the index could take for its own language, for a wild card, or for another letter's other case.
TRAPS = ("%", "_", "\\", '"', "'", "*", "^", "(", ")", ":", "+", "-", " AND ", " OR ", " NOT ", "NEAR(", "search:")
LETTERS = ("a", "A", "b", "1", "0", "ß", "ẞ", "ç", "Ç", "İ", "ı", "i", "K", "k", "é", "e\u0301", "Σ", "ς", "字", "😀")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PIECES = st.lists(st.sampled_from(LETTERS + TRAPS), min_size=1, max_size=12).map("".join)
NUMBERS = st.one_of(PIECES, TEXTS).filter(lambda text: 0 < len(text.strip()) <= MAX_ORDER_ID)


def read_through(ledger: Ledger, text: str) -> list[int]:
    """The search without an index, in SQLite's own words."""
    literal = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = ledger.connection.db.execute(
        """SELECT id FROM operations WHERE order_id LIKE :like ESCAPE '\\' OR cancel_key LIKE :like ESCAPE '\\'
           ORDER BY id DESC LIMIT :most""",
        {"like": f"%{literal}%", "most": PAGE_SIZE},
    )
    return [row["id"] for row in rows]


def found(ledger: Ledger, text: str) -> list[int]:
    """The search as the window does it."""
    return [operation.operation_id for operation in ledger.queries.page(text)]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(numbers=st.lists(NUMBERS, min_size=1, max_size=6), data=st.data())
def test_search_by_index_finds_what_a_full_scan_finds(numbers: list[str], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder, closing(Ledger(Path(folder) / "ledger.db")) as ledger:
        made = [ledger.withdraw(refund(ledger, order_id=number, order=None).operation_id) for number in numbers]
        for _ in range(8):
            whole = data.draw(st.sampled_from([*numbers, str(made[0].cancel_key)]))
            start = data.draw(st.integers(0, len(whole) - 1))
            part = whole[start : data.draw(st.integers(start + 1, len(whole)))]
            for text in (part, part.lower(), part.upper(), part.swapcase(), data.draw(PIECES), data.draw(TEXTS)):
                assert found(ledger, text) == read_through(ledger, text), text


@pytest.mark.parametrize("size", [MAX_ORDER_ID, MAX_ORDER_ID + 1, 70_000])
def test_search_takes_a_text_of_any_length(ledger: Ledger, size: int) -> None:
    made = refund(ledger, order_id="%" * MAX_ORDER_ID)
    assert found(ledger, "%" * size) == [made.operation_id] * (size == MAX_ORDER_ID)


def test_search_finds_a_requeued_refund_by_its_new_key_only(ledger: Ledger) -> None:
    made = refund(ledger)
    bring_to(ledger, made, State.REVIEW)
    anew = SerializedRequest("/again", b"{}", "BQ-ANOTHER-KEY")
    ledger.requeue_with_new_key(made.operation_id, lambda _index: anew, note="another return")
    assert found(ledger, "another-key") == [made.operation_id]
    assert found(ledger, str(made.cancel_key)) == []
    assert found(ledger, made.order_id) == [made.operation_id]


def test_search_pages_have_no_gap_or_repeat(ledger: Ledger) -> None:
    made = [ledger.withdraw(refund(ledger, order_id=f"LOJA-{n}").operation_id) for n in range(2 * PAGE_SIZE + 3)]
    refund(ledger, order_id="OUTRA-1")
    pages, before = [], NEWEST
    while page := ledger.queries.page("loja", before):
        pages.append(page)
        before = before.after_all(page)
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 3]
    assert [operation for page in pages for operation in page] == made[::-1]


def steps_of(ledger: Ledger, ask: Callable[[], object]) -> int:
    """How many of SQLite's own steps a question takes."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    ledger.connection.db.set_progress_handler(count, 1)
    ask()
    ledger.connection.db.set_progress_handler(None, 1)
    return steps


@pytest.mark.parametrize("wanted", ["first", "of-3", "RST-OF"])
def test_search_cost_does_not_grow_with_the_history(ledger: Ledger, wanted: str) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            ledger.withdraw(refund(ledger, order_id=f"A{number}").operation_id)

    refund(ledger, order_id="first-of-34")
    fill(range(200))
    short = steps_of(ledger, lambda: ledger.queries.page(wanted))
    fill(range(200, 1000))
    assert steps_of(ledger, lambda: ledger.queries.page(wanted)) <= 2 * short


def test_search_with_thousands_of_hits_does_not_sort_them(ledger: Ledger) -> None:
    def fill(number: int) -> None:
        for _ in range(number):
            ledger.withdraw(refund(ledger, order_id="LOJA-1").operation_id)

    fill(PAGE_SIZE + 50)
    short = steps_of(ledger, lambda: ledger.queries.page("loja"))
    fill(3 * PAGE_SIZE)
    assert steps_of(ledger, lambda: ledger.queries.page("loja")) <= 1.2 * short


def test_every_page_costs_what_the_newest_costs(ledger: Ledger) -> None:
    for number in range(3 * PAGE_SIZE):
        ledger.withdraw(refund(ledger, order_id=f"A{number}").operation_id)
    newest = steps_of(ledger, lambda: ledger.queries.page(""))
    assert steps_of(ledger, lambda: ledger.queries.page("", Cursor(PAGE_SIZE + 1))) <= 1.2 * newest


def test_index_missing_an_operation_is_found_by_the_next_backup(ledger: Ledger, path: Path) -> None:
    made = confirm(ledger, refund(ledger))
    make_changed_backup(path)
    sell(ledger)
    values = (made.operation_id, made.order_id, made.cancel_key)
    ledger.connection.db.execute(
        "INSERT INTO search (search, rowid, order_id, cancel_key) VALUES ('delete', ?, ?, ?)", values
    )
    with pytest.raises(LedgerDamaged):
        found(ledger, made.order_id)
    database.check_integrity(ledger.connection.db)  # SQLite's own check does not see it
    with pytest.raises(LedgerDamaged):
        make_changed_backup(path, NOON)
    assert len(list((path.parent / "backups").iterdir())) == 1


def test_search_over_a_broken_index_reports_damage(ledger: Ledger, path: Path) -> None:
    made = confirm(ledger, refund(ledger))
    ledger.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10")
    unchecked = partial(LedgerConnection, checked=False)  # as a till opens it
    broken = Ledger(path, connect=unchecked, customer_keys=KEYS)
    with pytest.raises(LedgerDamaged):
        broken.queries.page(made.order_id)
    assert broken.queries.page("") == [made]
    assert broken.queries.history_of(made.order_id).operations == (made,)
    broken.close()


def test_sqlite_without_fts5_creates_and_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as lacking:
        lacking.setattr(database, "_SEARCH_MODULE", "fts-missing")
        with pytest.raises(LedgerFailed, match="fts-missing"):
            Ledger(path)
        assert list(path.parent.iterdir()) == []
    Ledger(path).close()
