"""Calls of the vendor's example program, except those about rewards, against the training server.

The bodies have the fields of the example with other values. The example omits empty fields.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bonifiq_desktop.training_server.json_codec import read_json
from bonifiq_desktop.training_server.server import TrainingServer

CUSTOMER: dict[str, Any] = {
    "OriginalId": "nova.cliente@exemplo.com.br",
    "Name": "Nova Cliente",
    "Email": "nova.cliente@exemplo.com.br",
    "Phone": "+5511900000099",
    "BirthdayDate": "1991-07-02",
    "SignupDate": "2025-03-14T13:19:58.120Z",
    "Document": "16899535009",
    "IsEnrolled": True,
    "EnrolledDate": "2025-03-14T13:20:00.000Z",
}
CATEGORY: dict[str, Any] = {
    "OriginalId": "cat-camisetas",
    "Name": "Camisetas",
    "Description": "Manga curta e longa",
    "ParentCategory": {
        "OriginalId": "cat-roupas",
        "Name": "Roupas",
        "ParentCategory": {"OriginalId": "cat-loja", "Name": "Loja"},
    },
}
ORDER: dict[str, Any] = {
    "OriginalId": "PDV-2025/0314-7",
    "OrderPlacementDate": "2025-03-14T13:20:00.000Z",
    "OrderCompletedDate": "2025-03-14T13:20:00.000Z",
    "OrderStatus": "Concluído",
    "IsCancelledOrReturned": False,
    "IsCompleted": True,
    "OrderTotal": 116.91,
    "Coupon": "OUTONO10",
    "Customer": CUSTOMER,
    "Products": [
        {
            "OriginalId": "CAM-01",
            "Title": "Camiseta",
            "Url": "https://loja.exemplo.com.br/cam-01",
            "ImageUrl": "https://loja.exemplo.com.br/cam-01.png",
            "IsActive": True,
            "ProductPrice": 89.82,
            "ProductBrand": {"OriginalId": "marca-1", "Name": "Marca Um"},
            "ProductCategory": CATEGORY,
        },
        {"OriginalId": "MEI-03", "Title": "Meia", "IsActive": True, "ProductPrice": 27.09},
    ],
    "PaymentMethods": [
        {"OriginalId": "credito-visa", "Name": "Visa crédito", "PaidAmount": 100},
        {"OriginalId": "pix", "Name": "Pix", "PaidAmount": 16.91},
    ],
    "Branch": {"OriginalId": "loja-1", "Name": "Loja 1"},
    "SalesPerson": {"OriginalId": "vendedor-3", "Name": "Bia"},
}
PARTS = [{"OriginalId": "CAM-01", "ValueToRefund": 44.91}, {"OriginalId": "MEI-03", "ValueToRefund": 9.03}]
REFUND: dict[str, Any] = {"ValueToRefund": 53.94, "CancelKey": "cancel-1", "Products": PARTS}
CANCEL = {"OrderCancelledDate": "2025-03-15T10:00:00.000Z", "OrderStatus": "Cancelado"}
PATH = "/v1/pvt/POS/orders/PDV-2025%2F0314-7"
REFUND_PATH = "/v1/pvt/POS/PDV-2025%2F0314-7/partialcancel"


def worked(answer: httpx.Response) -> dict[str, Any]:
    """The data of an answer. As in the vendor's example, any flag, Severity 2 or an empty Result is a failure."""
    body: dict[str, Any] = read_json(answer.content)
    assert answer.status_code == 200
    assert (body["HasError"], body["Severity"]) == (False, 0)
    assert body["Result"] is not None
    assert "RefundErrorDetails" not in body["Result"]
    result: dict[str, Any] = body["Result"]
    return result


def test_sale_refund_and_cancel_of_vendor_example_are_applied(http: httpx.Client, server: TrainingServer) -> None:
    sold = worked(http.post("/v1/pvt/POS/orders", json=ORDER))
    assert (sold["OriginalId"], str(sold["OrderTotal"]), sold["State"]) == (ORDER["OriginalId"], "116.91", 2)
    assert (sold["EstimatedBonus"]["GenerateBonus"], sold["EstimatedBonus"]["EstimatedPoints"]) == (True, 116)
    assert sold["EstimatedBonus"]["EstimatedCashbackFormatted"] == "R$\N{NO-BREAK SPACE}5,84"
    assert sold["Coupon"] == "OUTONO10"
    assert (sold["Branch"], sold["TenantSalesman"]) == (ORDER["Branch"], ORDER["SalesPerson"])
    part = worked(http.post(REFUND_PATH, json=REFUND))
    assert (part["isCanceled"], part["Status"]) == (False, 3)
    whole = worked(http.post(f"{PATH}/cancel", json=CANCEL))
    assert whole["isCanceled"] is True
    assert [(entry.kind, entry.cents) for entry in server.service.applied] == [
        ("sale", 11691),
        ("refund", 5394),
        ("cancel", 6297),
    ]


def test_optional_sale_fields_of_vendor_example_are_stored(http: httpx.Client, server: TrainingServer) -> None:
    worked(http.post("/v1/pvt/POS/orders", json=ORDER))
    order, customer = server.service.find(ORDER["OriginalId"]), server.service.customer(CUSTOMER["OriginalId"])
    assert order is not None
    assert customer is not None
    assert [(item.brand, item.category) for item in order.items] == [
        ({"OriginalId": "marca-1", "Name": "Marca Um"}, CATEGORY),
        (None, None),
    ]
    assert [(payment["OriginalId"], payment["cents"]) for payment in order.payments] == [
        ("credito-visa", 10000),
        ("pix", 1691),
    ]
    assert (customer.birthday, customer.signed_up) == (CUSTOMER["BirthdayDate"], CUSTOMER["SignupDate"])
    found = read_json(http.get("/v1/pvt/Order/PDV-2025%2F0314-7").content)
    assert found["Customer"]["EnrolledDate"] == CUSTOMER["EnrolledDate"]


def test_order_paths_and_single_payment_method_are_accepted(http: httpx.Client, server: TrainingServer) -> None:
    plain = {name: value for name, value in ORDER.items() if name != "PaymentMethods"}
    worked(http.post("/v1/pvt/Order", json={**plain, "PaymentMethod": {"OriginalId": "pix", "Name": "Pix"}}))
    worked(http.post(REFUND_PATH.replace("POS", "Order"), json={**REFUND, "ShouldRefundRedeem": False}))
    worked(http.post("/v1/pvt/Order/PDV-2025%2F0314-7/cancel", json=CANCEL))
    assert [entry.kind for entry in server.service.applied] == ["sale", "refund", "cancel"]


def test_refund_without_products_and_key_is_applied(http: httpx.Client, server: TrainingServer) -> None:
    worked(http.post("/v1/pvt/POS/orders", json=ORDER))
    worked(http.post(REFUND_PATH, json={"ValueToRefund": 10.5}))
    assert (server.service.applied[-1].key, server.service.applied[-1].cents) == ("", 1050)


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"ValueToRefund": 53.93}, 200, "PRODUCT_REFUND_TOTAL_MISMATCH"),
        ({"Products": PARTS[:1]}, 200, "PRODUCT_REFUND_TOTAL_MISMATCH"),
        ({"ValueToRefund": 0}, 400, "INVALID_REFUND"),
        ({"ValueToRefund": -1}, 400, "INVALID_REFUND"),
        ({"ValueToRefund": 53.945}, 200, "INVALID_REFUND"),
    ],
)
def test_refusal_has_the_code_name_of_the_vendors_example(
    http: httpx.Client, server: TrainingServer, change: dict[str, Any], status: int, name: str
) -> None:
    worked(http.post("/v1/pvt/POS/orders", json=ORDER))
    answer = http.post(REFUND_PATH, json={**REFUND, **change})
    body = answer.json()
    assert (answer.status_code, body["HasError"], body["Severity"], body["Result"]) == (status, True, 2, None)
    assert body["CodeName"] == name
    assert [entry.kind for entry in server.service.applied] == ["sale"]


def test_customer_path_accepts_store_id_email_or_document(http: httpx.Client) -> None:
    worked(http.post("/v1/pvt/POS/orders", json={**ORDER, "Customer": {**CUSTOMER, "OriginalId": "loja-99"}}))
    for given in ("loja-99", "NOVA.cliente%40exemplo.com.br", "168.995.350-09", "16899535009"):
        customer = worked(http.get(f"/v1/pvt/Customer/{given}"))
        assert (customer["OriginalId"], customer["BalanceOfPoints"]) == ("loja-99", 116)
        balance = read_json(http.get(f"/v1/pvt/Customer/{given}/points").content)
        assert (balance["CustomerExists"], balance["PointsBalance"]) == (True, 116)
        assert [entry["Amount"] for entry in balance["PointHistory"]] == [116]
    missing = http.get("/v1/pvt/Customer/ninguem").json()
    assert (missing["HasError"], missing["Result"], missing["CodeName"]) == (True, None, "CUSTOMER_NOT_FOUND")


def test_customer_report_filters_and_pages(http: httpx.Client) -> None:
    outside = {**CUSTOMER, "IsEnrolled": False}
    worked(http.post("/v1/pvt/POS/orders", json={**ORDER, "Customer": outside}))

    def names(**asked: Any) -> list[str]:
        page = http.get("/v1/pvt/Reports/ListCustomersReport", params=asked).json()
        assert (page["HasError"], page["ErrorMessages"]) == (False, [])
        return [item["OriginalId"] for item in page["Items"]]

    assert names(document=CUSTOMER["Document"]) == []
    assert names(document=CUSTOMER["Document"], isEnrolled="false") == [CUSTOMER["OriginalId"]]
    assert names(document="529.982.247-25") == ["maria.santos@exemplo.com.br"]
    assert names(email="MARIA.santos@exemplo.com.br") == names(originalId="maria.santos@exemplo.com.br")
    all_names = names()
    assert len(all_names) == 6
    assert names(pageSize=4) + names(pageSize=4, pageNumber=2) == all_names
    first = http.get("/v1/pvt/Reports/ListCustomersReport", params={"pageSize": 4}).json()
    assert (first["TotalItemCount"], first["HasNextPage"]) == (6, True)
    for wrong in ({"pageSize": 501}, {"pageSize": 0}, {"pageNumber": "x"}, {"pageNumber": -1}):
        assert http.get("/v1/pvt/Reports/ListCustomersReport", params=wrong).status_code == 400
