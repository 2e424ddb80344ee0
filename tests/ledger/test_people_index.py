"""The index of customers in memory: names, endings of phones, e-mails, and its fill from the file."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.phones import Phone
from bonifiq_desktop.domain.query import name_words
from bonifiq_desktop.ledger.history import inspect_ledger
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.people_index import PeopleIndex, Person, read_people
from tests.support.ledger_actions import ANA, KEYS, ORDER

JOAO = Customer(name="João D'Ávila\nda Conceição", document="11144477735", phone="(11) 3456-4321")


@pytest.fixture(name="people")
def index_of_people() -> Iterator[PeopleIndex]:
    people = PeopleIndex()
    people.change(1, ANA)
    people.change(2, JOAO)
    yield people
    people.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ana", [1]),
        ("PRADO lima", [1]),
        ("joao", [2]),
        ("João", [2]),
        ("conceicao", [2]),
        ("d'avila conc", [2]),
        ("a", [1]),
        ("ana joao", []),
        ("silva", []),
    ],
)
def test_name_is_found_by_the_beginnings_of_its_words(people: PeopleIndex, typed: str, found: list[int]) -> None:
    assert people.with_name(name_words(typed)) == found


@pytest.mark.parametrize(
    ("phone", "found"),
    [
        (Phone("4321"), [2, 1]),
        (Phone("87654321"), [1]),
        (Phone("87654321", "11"), [1]),
        (Phone("87654321", "21"), []),
        (Phone("34564321", "11"), [2]),
        (Phone("1234"), []),
    ],
)
def test_phone_is_found_by_its_last_digits(people: PeopleIndex, phone: Phone, found: list[int]) -> None:
    assert people.with_phone(phone) == found


def test_email_is_found_exactly(people: PeopleIndex) -> None:
    assert people.with_email("ana@exemplo.com.br") == [1]
    assert people.with_email("ana@exemplo") == []


def test_changed_customer_is_found_by_the_new_name_only_and_first(people: PeopleIndex) -> None:
    people.change(1, replace(ANA, name="Ana Moura"))
    assert (people.with_name(["moura"]), people.with_name(["prado"])) == ([1], [])
    people.change(3, replace(ANA, name="Ana Silva"))
    people.change(1, replace(ANA, name="Ana Moura"))
    assert people.with_name(["ana"]) == [1, 3]
    people.change(1, None)
    assert people.with_name(["ana"]) == [3]


def test_fill_leaves_what_was_changed_meanwhile(people: PeopleIndex) -> None:
    people.change(2, None)
    people.fill([Person.of(1, replace(ANA, name="Ana Antiga")), Person.of(2, JOAO), Person.of(3, JOAO)])
    people.finish()
    assert people.is_ready
    assert people.with_name(["antiga"]) == []
    assert people.with_name(["joao"]) == [3]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.data())
def test_every_name_is_found_by_any_of_its_words(names: list[str], data: st.DataObject) -> None:
    with closing(PeopleIndex()) as people:
        for number, name in enumerate(names, 1):
            people.change(number, Customer(name=name))
        for number, name in enumerate(names, 1):
            words = name_words(name)
            if words:
                typed = data.draw(st.lists(st.sampled_from(words), min_size=1))
                assert number in people.with_name([word[: max(1, len(word) - 1)] for word in typed])


def test_file_is_read_whole_with_the_last_seen_at_the_end(ledger: Ledger, path: Path) -> None:
    for number in range(620):
        person = Customer(
            name=f"Pessoa {chr(97 + number % 26)}", customer_id=str(number), email=f"p{number}@exemplo.com.br"
        )
        ledger.remember_order(replace(ORDER, order_id=str(number), customer=person))
    ledger.remember_order(replace(ORDER, order_id="0", customer=Customer(name="Ada", email="p0@exemplo.com.br")))
    batches = list(read_people(path, KEYS))
    found = [person for batch in batches for person in batch]
    assert len(batches) == 3
    assert len({person.customer for person in found}) == len(found) == 620
    assert found[-1].name == "ada"


def test_process_killed_during_the_fill_leaves_a_sound_ledger(ledger: Ledger, path: Path) -> None:
    for number in range(300):
        ledger.remember_order(
            replace(ORDER, order_id=str(number), customer=replace(ANA, document="", email=f"a{number}@b.co"))
        )
    ledger.close()
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from bonifiq_desktop.ledger.people_index import PeopleIndex, read_people\n"
        "from tests.support.ledger_actions import KEYS\n"
        "people = PeopleIndex()\n"
        "batches = read_people(Path(sys.argv[1]), KEYS)\n"
        "people.fill(next(batches))\n"
        "print('filling', flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-B", "-c", code, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as filling:
        assert filling.stdout is not None
        assert filling.stdout.readline().strip() == b"filling"
        os.kill(filling.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert inspect_ledger(path).changed_operations == ()
    with closing(Ledger(path, customer_keys=KEYS)) as again:
        assert len(again.orders.recent(8)) == 8
        assert sum(map(len, read_people(path, KEYS))) == 300
