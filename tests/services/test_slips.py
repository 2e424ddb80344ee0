"""Tests of slips made from a real till's ledger: what stands in them, and what never does."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validate_docbr import CPF

from bonifiq_desktop.domain.day_close import ClosedDay, DayTotals, LateChange, NamedSum, Sum
from bonifiq_desktop.domain.documents import mask_document
from bonifiq_desktop.domain.operations import Kind, Line, State
from bonifiq_desktop.domain.orders import Customer, Order, Product
from bonifiq_desktop.domain.search import QueryKind, SlipMatch
from bonifiq_desktop.domain.slip_numbers import read_slip_number, slip_number, till_tag
from bonifiq_desktop.domain.slips import Slip, SlipKind, SlipSubject, slip_from_json, slip_to_json, subject_of
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.search import SearchService
from bonifiq_desktop.services.slip_of_day import values_of_day
from bonifiq_desktop.services.slip_sentences import Sentences
from bonifiq_desktop.services.slip_values import values_of
from bonifiq_desktop.services.slips import SlipService
from bonifiq_desktop.storage.language import LANGUAGES
from tests.services.conftest import MakeTill
from tests.support.headless_till import CUSTOMER_KEYS, SALE, Till
from tests.support.operations import make_operation
from tests.support.rewarded_sales import redeem
from tests.support.shop_teller import Teller
from tests.support.tally_system import ReturnTallyConnector, TallyServer
from tests.support.tally_till import NAME, Tally


@pytest.fixture(name="slips")
def slips_of_the_till(till: Till, tmp_path: Path) -> SlipService:
    """The slips of the till."""
    return SlipService(till.ledger, lambda: till.settings, tmp_path / "slips", is_training=False)


def text_of(slip: Slip) -> str:
    """All texts of a slip, a line each."""
    return "\n".join(f"{line.text} {line.amount}".rstrip() for line in (*slip.header, *slip.lines, *slip.footer))


def refund(till: Till, value: int = 4990) -> str:
    """Register a refund of order 1001; the value is the id of its operation."""
    order = till.run(till.lookup.look_up("1001")).order
    item = order.products[0]
    request = RefundRequest(order, value, "Tamanho", lines=(Line(item.product_id, item.title, value, 0),))
    return str(till.registration.refund(request).operation_id)


def settle(till: Till, operation_id: str) -> None:
    """Let the outbox send an operation."""
    till.wait_until_settled(till.ledger.queries.operation(int(operation_id)))


# --- kinds


def test_slip_of_a_refund_says_that_it_is_under_way_and_later_that_it_is_done(till: Till, slips: SlipService) -> None:
    subject = SlipSubject(SlipKind.REFUND, refund(till))
    before = text_of(slips.make(subject))
    assert "Em andamento, ainda não confirmado" in before
    assert "estornados" not in before
    settle(till, subject.id)
    after = text_of(slips.make(subject))
    assert "Em andamento" not in after
    assert "Devolução de R$\u00a049,90" in after
    assert "volta na maquininha ou na gaveta" in after


def test_slip_of_a_refund_names_order_customer_value_and_reason_and_masks_the_cpf(
    till: Till, slips: SlipService
) -> None:
    slip = slips.make(SlipSubject(SlipKind.REFUND, refund(till)))
    text = text_of(slip)
    for expected in ("Pedido 1001", "Maria ***.982.247-**", "Valor devolvido R$\u00a049,90", "Motivo: Tamanho"):
        assert expected in text
    assert slip.qr == "1001"
    assert "52998224725" not in text


def test_slip_of_a_sale_counts_its_items_and_marks_the_estimate(till: Till, slips: SlipService) -> None:
    items = (Product("1", "Camiseta", 6000, quantity=2), Product("2", "Meia", 3000))
    sold = till.registration.sell(replace(SALE, products=items, payment_method="4 = Pix"), "a1")
    settle(till, str(sold.operation_id))
    text = text_of(slips.make(subject_of(sold)))
    for expected in ("2 × Camiseta R$\u00a060,00", "Meia R$\u00a030,00", "Total R$\u00a090,00", "Pagamento: Pix"):
        assert expected in text
    assert "estimativa do BonifiQ" in text
    assert "gaveta" not in text


def test_slip_of_a_whole_cancel_and_of_a_redemption_name_what_was_done(till: Till, slips: SlipService) -> None:
    order = till.run(till.lookup.look_up("1001")).order
    cancel, used = till.registration.cancel(order, "Arrependimento"), redeem(till)
    settle(till, str(cancel.operation_id))
    settle(till, str(used.operation_id))
    assert "Pedido inteiro cancelado no BonifiQ." in text_of(slips.make(subject_of(cancel)))
    text = text_of(slips.make(subject_of(used)))
    assert "Benefício usado no BonifiQ." in text
    code = till.ledger.queries.operation(used.operation_id).external_code
    assert code
    assert code not in text


@pytest.fixture(name="tally")
def tally_beside_the_till(till: Till) -> Iterator[Tally]:
    """A system that gives money back, beside BonifiQ."""
    with TallyServer().listening() as url:
        tally = Tally(till, url, ReturnTallyConnector)
        yield tally
        tally.stop()


def test_slip_of_a_return_has_all_legs_and_the_number_of_the_first(tally: Tally, slips: SlipService) -> None:
    till = tally.till
    one, two, points = tally.register(tally.money("A", 1000, "DV-1"), tally.money("B", 1000, "DV-1"), points=2590)
    assert {subject_of(leg) for leg in (one, two, points)} == {SlipSubject(SlipKind.RETURN, "DV-1")}
    slip = slips.make(SlipSubject(SlipKind.RETURN, "DV-1"))
    text = text_of(slip)
    assert text.count(NAME) >= 2
    assert "BonifiQ R$\u00a025,90" in text
    assert "O estorno dos pontos espera o dinheiro." in text
    assert "Em andamento, ainda não confirmado: devolução registrada." in text
    number = read_slip_number(slip.number)
    assert number is not None
    assert number.operation_id == one.operation_id
    till.start_outbox()
    tally.start()
    tally.settled(points)
    assert "Devolução aceita." in text_of(slips.make(SlipSubject(SlipKind.RETURN, "DV-1")))
    assert till.ledger.queries.operation(points.operation_id).state is State.CONFIRMED


def test_slip_of_a_closed_day_comes_from_its_record(till: Till, slips: SlipService) -> None:
    operation_id = refund(till)
    today = datetime.now().astimezone().date()
    settle(till, operation_id)
    closed = till.ledger.days.close(today, till="CAIXA1", seen_operations=1, person="", reason="")
    assert isinstance(closed, ClosedDay)
    slip = slips.make(SlipSubject(SlipKind.DAY_CLOSE, today.isoformat()))
    text = text_of(slip)
    assert f"{today:%d/%m/%Y}" in text
    assert "Devoluções no BonifiQ (1) R$\u00a049,90" in text
    assert "Tamanho (1) R$\u00a049,90" in text
    assert f"Código do fechamento: {closed.code}" in text
    assert "Fechado: nada ficou sem envio ou sem decisão." in text
    assert (slip.number, slip.qr) == ("", "")


def test_slip_of_a_day_names_what_its_sums_hide() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    late = LateChange(
        7, Kind.REFUND, "1001", date(2026, 11, 19), State.CONFIRMED, State.CONFIRMED, 2590, "BRL", at, contradicted=True
    )
    totals = DayTotals(
        sales=Sum(2, 3000),
        sales_by_payment=(NamedSum("17 = Pix", Sum(2, 3000)),),
        pending_sales=Sum(1, 1000),
        completions=Sum(1, 500),
    )
    closed = ClosedDay(at.date(), 1, at, "Ana", "disco", totals, 1, (late,), "ABCD1234", 3, -180, (9,))
    values = values_of_day(closed, Sentences("pt_BR"))
    assert values.texts["status"].endswith("Danificados no disco, e em nenhum total: 1.")
    assert [row.get("name") or row["part"] for row in values.lists["sum"]] == [
        "Vendas (2)",
        "por forma de pagamento:",
        "Pix (2)",
        "Das vendas, pendentes (1)",
        "Vendas pendentes concluídas (1)",
    ]
    assert values.lists["late"][0]["name"].endswith("confirmada → confirmada (conferir)")


@pytest.mark.parametrize(
    "subject",
    [
        SlipSubject(SlipKind.REFUND, "99"),
        SlipSubject(SlipKind.REFUND, "x"),
        SlipSubject(SlipKind.RETURN, "none"),
        SlipSubject(SlipKind.DAY_CLOSE, "2026-11-20"),
        SlipSubject(SlipKind.DAY_CLOSE, "yesterday"),
    ],
)
def test_slip_of_what_the_ledger_does_not_hold_is_refused(slips: SlipService, subject: SlipSubject) -> None:
    with pytest.raises(LookupError):
        slips.make(subject)


def test_slip_of_a_sale_is_not_made_for_a_refund(till: Till, slips: SlipService) -> None:
    with pytest.raises(LookupError):
        slips.make(SlipSubject(SlipKind.SALE, refund(till)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_slip_crosses_to_the_printing_process_as_json(till: Till, slips: SlipService, language: str) -> None:
    till.settings = replace(till.settings, language=language)
    for subject in (SlipSubject(SlipKind.TEST), SlipSubject(SlipKind.REFUND, refund(till))):
        slip = slips.make(subject)
        assert slip.language == language
        assert slip_from_json(json.loads(json.dumps(slip_to_json(slip)))) == slip


@pytest.mark.parametrize("document", [{}, {"subject": {"kind": "refund", "id": 7}}, {"subject": {"kind": "none"}}])
def test_json_that_is_no_slip_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"slip|SlipKind"):
        slip_from_json(document)


# --- what never stands on a slip

WRITTEN: list[Callable[[str], str]] = [
    lambda cpf: cpf,
    lambda cpf: f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}",
    lambda cpf: f"CPF: {cpf[:3]} {cpf[3:6]} {cpf[6:9]} {cpf[9:]}",
    lambda cpf: f"Loja do João {cpf}",
]
KEYS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ23456789-", min_size=12, max_size=40).filter(lambda key: key.strip("-") == key)


def _with_check_digits(digits: str) -> str:
    for _ in range(2):
        weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(len(digits) + 1, 1, -1), strict=True))
        digits += str(0 if weighted % 11 < 2 else 11 - weighted % 11)
    return digits


CPFS = st.from_regex("[0-9]{9}", fullmatch=True).map(_with_check_digits).filter(CPF().validate)


@given(cpf=CPFS, write=st.sampled_from(WRITTEN), key=KEYS)
def test_no_cpf_and_no_cancel_key_stands_on_a_slip(cpf: str, write: Callable[[str], str], key: str) -> None:
    dirty = f"{write(cpf)} {key}"
    order = Order(
        cpf,
        9000,
        customer=Customer(name=write(cpf), document=mask_document(cpf)),
        products=(Product("1", dirty, 9000),),
        coupon=dirty,
        payment_method=dirty,
        sales_person=dirty,
    )
    for kind in Kind:
        operation = make_operation(
            kind=kind, order_id=write(cpf), cancel_key=key, order=order, reason=dirty, registered_by=dirty,
            message=dirty, lines=(Line("1", dirty, 9000, 1),), external_code=key, evidence_id=key,
        )  # fmt: skip
        values = values_of([operation], Sentences("pt_BR"))
        rows = [row for each in values.lists.values() for row in each]
        for text in (text for each in (values.texts, *rows) for text in each.values()):
            assert key not in text
            assert cpf not in "".join(filter(str.isdecimal, text))


class _NoIndex:
    people = None
    is_ready = True


# --- found by the look-up


@pytest.fixture(name="search")
def search_of_the_till(till: Till, tmp_path: Path) -> SearchService:
    """The search of the till, without names."""
    return SearchService(till.ledger, _NoIndex(), tmp_path / "drafts")  # type: ignore[arg-type]


def test_number_of_a_slip_finds_its_order_typed_or_scanned(
    till: Till, slips: SlipService, search: SearchService
) -> None:
    number = slips.make(SlipSubject(SlipKind.REFUND, refund(till))).number
    for typed in (number, f"{number[:4]} {number[4:8]} {number[8:]}", f" {number}\r\n"):
        found = search.search(typed)
        assert (found.kind, found.order_id, [hit.order_id for hit in found.hits]) == (
            QueryKind.SLIP, "1001", ["1001"],
        )  # fmt: skip


def test_order_number_of_the_same_digits_wins_over_a_slip_number(till: Till, search: SearchService) -> None:
    refund(till)
    number = slip_number(till.ledger.connection.ledger_id, 1)
    assert search.search(number).order_id == "1001"
    till.registration.sell(replace(SALE, order_id=number), "a2")
    found = search.search(number)
    assert (found.order_id, [hit.order_id for hit in found.hits]) == (number, [number])


def test_number_of_another_tills_slip_is_told_and_does_not_go_out(till: Till, search: SearchService) -> None:
    here = till_tag(till.ledger.connection.ledger_id)
    other = next(name for name in ("AAAA", "BBBB") if till_tag(name) != here)
    found = search.search(slip_number(other, 1))
    assert (found.slip, found.order_id, found.hits) == (SlipMatch.OTHER_TILL, "", ())


def test_number_of_another_tills_slip_finds_the_order_once_it_is_told(
    till: Till, make_till: MakeTill, search: SearchService, tmp_path: Path
) -> None:
    other = make_till("caixa2")
    slips = SlipService(other.ledger, lambda: other.settings, tmp_path / "slips", is_training=False)
    number = slips.make(SlipSubject(SlipKind.REFUND, refund(other))).number
    assert search.search(number).slip is SlipMatch.OTHER_TILL
    Teller(other.ledger, keys=CUSTOMER_KEYS).tell_to(till.ledger)
    found = search.search(number)
    assert (found.kind, found.slip, found.order_id) == (QueryKind.SLIP, None, "1001")
    assert [hit.order_id for hit in found.hits] == ["1001"]


def test_number_of_an_operation_that_is_gone_is_told(till: Till, search: SearchService) -> None:
    found = search.search(slip_number(till.ledger.connection.ledger_id, 77))
    assert (found.slip, found.order_id) == (SlipMatch.UNKNOWN, "")


def test_codes_of_the_test_page_prove_that_the_scanner_works(slips: SlipService, search: SearchService) -> None:
    slip = slips.make(SlipSubject(SlipKind.TEST))
    assert slip.number == slip.qr
    assert search.search(slip.qr).slip is SlipMatch.TEST_PAGE


def test_slip_of_the_training_is_marked(till: Till, tmp_path: Path) -> None:
    slips = SlipService(till.ledger, lambda: till.settings, tmp_path, is_training=True)
    assert slips.make(SlipSubject(SlipKind.TEST)).training
