"""A sale with every field that the form can hold, filled in as a cashier does, fits the API's document."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.storage.settings import Settings, save_settings
from tests.support.cashier import Cashier, wait_until
from tests.support.contract_server import ContractServer, contract, served

DOCUMENT = Path(__file__).parents[2] / "docs" / "api-fields.md"
SHOP = Settings(
    till="CAIXA7",
    branch_id="L1",
    branch_name="Centro",
    sales_people=("17 = Bia",),
    payment_methods=("v = Cartão Visa",),
    brands=("10 = Nike",),
    categories=("r = Roupas > 12 = Blusas",),
)
FIELDS = {
    "saleDocument": "529.982.247-25",
    "saleName": "Maria Aparecida",
    "saleEmail": "Maria <maria@exemplo.com.br>;",
    "salePhone": "(11) 98765\u20114321",
    "saleOrderId": "PAPEL-77",
    "saleDate": "19/11/2025 14:05",
    "saleStateDate": "20/11/2025 9:30",
    "saleBirthday": "17/05/1990",
    "saleCoupon": "VIP10",
    "saleNote": "embrulhar",
}
ITEMS = (("789", "Blusa", "2", "4990"), ("790", "Meia", "1", "1000"))


@pytest.fixture(name="mock")
def contract_on_a_port() -> Iterator[ContractServer]:
    with served() as mock:
        yield mock


@pytest.fixture(name="counter")
def counter_of_a_shop_with_lists(
    mock: ContractServer, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Cashier], tmp_path: Path
) -> Cashier:
    monkeypatch.setenv("BONIFIQ_API_TOKEN", "token")
    monkeypatch.setenv("BONIFIQ_API_KEY", "key")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    save_settings(data / "settings.json", SHOP)
    cashier = start("--data-dir", str(data), "--api-url", mock.url)
    wait_until(cashier.app.paths.ledger.exists, "the worker")
    wait_until(lambda: cashier.find("salePayment").count() > 1, "the shop's lists")
    return cashier


def fill_all(cashier: Cashier, state: SaleState) -> None:
    cashier.press(Qt.Key.Key_F3)
    for code, name, quantity, price in ITEMS:
        for field, text in (("Code", code), ("Name", name), ("Quantity", quantity)):
            cashier.type(f"saleItem{field}", text)
        cashier.find("saleItemBrand").setCurrentText(SHOP.brands[0])
        cashier.find("saleItemCategory").setCurrentText(SHOP.categories[0])
        cashier.type("saleItemPrice", price)
        cashier.press(Qt.Key.Key_Return, "saleItemPrice")
    box = cashier.find("saleState")
    box.setCurrentIndex(box.findData(state))
    for name, text in FIELDS.items():
        if cashier.find(name).isEnabled():
            cashier.find(name).setFocus()
            cashier.find(name).setText(text)  # pasted: some characters are on no keyboard
    cashier.type("saleDiscount", "980")
    cashier.find("salePayment").setCurrentText("Cartão Visa")
    cashier.find("saleSalesPerson").setCurrentText("Bia")
    cashier.find("saleEnrolled").click()
    for name, value in (("Cupom fiscal", "000123"), ("Chave da NFC-e", "35" * 22)):
        cashier.find("saleMetadataName").setCurrentText(name)
        cashier.type("saleMetadataValue", value)
        cashier.press(Qt.Key.Key_Return, "saleMetadataValue")
    cashier.find("saleMetadataName").setCurrentText("Caixa")  # the program fills in its value and adds it


def sales(mock: ContractServer) -> list[dict[str, Any]]:
    """The sales that were sent. The page may ask for the customer's rewards meanwhile, which is a POST, too."""
    return [body for path, body in mock.bodies if path == "/v1/pvt/POS/orders"]


def utc(text: str) -> str:
    """Convert a typed local time to the form of a request."""
    local = datetime.strptime(text, "%d/%m/%Y %H:%M").astimezone()
    return local.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("state", SaleState)
def test_sale_with_every_field_matches_the_api_contract(
    counter: Cashier, mock: ContractServer, state: SaleState
) -> None:
    fill_all(counter, state)
    counter.press(Qt.Key.Key_Return, "saleSubmit")
    counter.wait_for_state("saleOutcome", "confirmed")
    assert mock.misfits == []
    [body] = sales(mock)
    assert body["OriginalId"] == "PAPEL-77"
    assert body["OrderPlacementDate"] == utc(FIELDS["saleDate"])
    settled = {SaleState.COMPLETED: "OrderCompletedDate", SaleState.CANCELLED: "OrderCancelledDate"}.get(state)
    for name in ("OrderCompletedDate", "OrderCancelledDate"):
        assert body.get(name) == (utc(FIELDS["saleStateDate"]) if name == settled else None)
    assert body["Customer"] == {
        "OriginalId": "52998224725",
        "Name": "Maria Aparecida",
        "Document": "52998224725",
        "Email": "maria@exemplo.com.br",
        "Phone": "+5511987654321",
        "BirthdayDate": "1990-05-17T12:00:00.000Z",
        "IsEnrolled": False,
    }
    category = {"OriginalId": "12", "Name": "Blusas", "ParentCategory": {"OriginalId": "r", "Name": "Roupas"}}
    groups = {"ProductBrand": {"OriginalId": "10", "Name": "Nike"}, "ProductCategory": category, "IsActive": True}
    assert body["Products"] == [
        {"OriginalId": "789", "Title": "Blusa", "ProductPrice": Decimal("90.89"), **groups},
        {"OriginalId": "790", "Title": "Meia", "ProductPrice": Decimal("9.11"), **groups},
    ]
    assert body["OrderTotal"] == Decimal("100.00")
    assert body["PaymentMethod"] == {"OriginalId": "v", "Name": "Cartão Visa"}
    assert body["SalesPerson"] == {"OriginalId": "17", "Name": "Bia"}
    assert body["Branch"] == {"OriginalId": "L1", "Name": "Centro"}
    pairs = [(pair["Name"], pair["Value"]) for pair in body["Metadatas"]]
    wanted = [("Observação", "embrulhar"), ("Cupom fiscal", "000123"), ("Chave da NFC-e", "35" * 22)]
    assert [pair for pair in pairs if pair in {*wanted, ("Caixa", "CAIXA7")}] == [*wanted, ("Caixa", "CAIXA7")]


def _names(schemas: dict[str, Any], name: str, above: str = "") -> set[str]:
    """Every field of a schema by its way there; a category within a category once."""
    found: set[str] = set()
    for field, schema in schemas[name]["properties"].items():
        way = f"{above}{field}"
        found.add(way)
        inner = re.search(r"#/components/schemas/(\w+)", str(schema))
        if inner and inner[1] != name:
            found |= _names(schemas, inner[1], f"{way}.")
    return found


def _ways(value: Any, above: str = "") -> set[str]:
    if isinstance(value, list):
        return set().union(*(_ways(item, above) for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    return {f"{above}{name}" for name in value}.union(
        *(_ways(inner, f"{above}{name}.") for name, inner in value.items() if name != "ParentCategory")
    )


def test_every_contract_field_of_a_sale_is_sent_or_listed_as_unused(counter: Cashier, mock: ContractServer) -> None:
    sent: set[str] = set()
    for state in (SaleState.COMPLETED, SaleState.CANCELLED):
        fill_all(counter, state)
        counter.type("saleOrderId", f"PAPEL-{state}")
        counter.press(Qt.Key.Key_Return, "saleSubmit")
        counter.wait_for_state("saleOutcome", "confirmed")
        sent |= _ways(sales(mock)[-1])
    told = set(re.findall(r"^\| `([\w.]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    document = _names(contract()["components"]["schemas"], "NewOrder")
    named = {way for way in document if any(way == each or way.startswith(f"{each}.") for each in told)}
    assert told <= document, "the table names a field that is none"
    assert sent <= document
    assert not sent & named, "the table names a field that is sent"
    assert document - sent - named == set(), "fields neither sent nor told of"
