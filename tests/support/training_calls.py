"""Plain HTTP calls to a training server, for tests that must not use the program's client."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

from bonifiq_desktop.training_server.server import TrainingServer

REFUND_PATH = "/v1/pvt/POS/1001/partialcancel"
REFUND: dict[str, Any] = {"ValueToRefund": 49.9, "CancelKey": "K"}
CANCEL: dict[str, Any] = {"OrderCancelledDate": "2025-03-15T10:00:00Z"}
SALE: dict[str, Any] = {
    "OriginalId": "2001",
    "OrderPlacementDate": "2025-03-14T13:20:00.000Z",
    "OrderCompletedDate": "2025-03-14T13:25:00.000Z",
    "IsCompleted": True,
    "IsCancelledOrReturned": False,
    "OrderTotal": 90,
    "Customer": {"OriginalId": "52998224725", "Name": "Maria", "Document": "52998224725"},
    "Products": [{"OriginalId": "CAM-01", "Title": "Camiseta", "ProductPrice": 90}],
    "SalesPerson": {"OriginalId": "7", "Name": "Bia"},
    "Metadatas": [{"Name": "caixa", "Value": "1"}],
}

# One empty context for all clients: loading the certificate store takes longer than a test.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def client(server: TrainingServer, *, patience: float = 5, known: bool = True) -> httpx.Client:
    """An HTTP client for the server, with its credentials unless `known` is false.

    `patience`: seconds that it waits for an answer; it connects in any case.
    """
    auth = (server.token, server.key) if known else None
    return httpx.Client(
        base_url=server.url, auth=auth, timeout=httpx.Timeout(5, read=patience), trust_env=False, verify=_NO_TLS
    )


def refund(http: httpx.Client, key: str = "K") -> httpx.Response:
    """Refund 49,90 of order 1001."""
    return http.post(REFUND_PATH, json={**REFUND, "CancelKey": key})
