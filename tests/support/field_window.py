"""The order of the field's reports, and a till in front of a scripted server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.cashier import Cashier, wait_until
from tests.support.scripted_server import Answer, Drop, Request, Script, ScriptedServer, success

ORDER: dict[str, Any] = {
    "OriginalId": "PED-1001",
    "OrderTotal": 129.90,
    "OrderPlacementDate": "2026-11-18T13:45:12Z",
    "OrderStatus": "Faturado",
    "IsCompleted": True,
    "IsCancelledOrReturned": False,
    "State": 2,
    "Origin": 3,
    "Customer": {
        "Id": 9,
        "OriginalId": "c9",
        "Name": "Cliente Teste",
        "Email": "c9@example.com",
        "Phone": "+5511987654321",
        "Document": "52998224725",
        "PointsBalance": 310,
        "Cashback": 12.5,
        "TierName": "Ouro",
    },
    "Products": [
        {"OriginalId": "P1", "Title": "Camiseta", "ProductPrice": 49.9},
        {"OriginalId": "P2", "Title": "Calca", "ProductPrice": 80.0},
    ],
}
DONE = success({"isCanceled": False, "UpdatedAt": "2026-11-28T10:00:00Z", "Status": 3})


OpenTill = Callable[[Script], tuple[Cashier, ScriptedServer]]


@pytest.fixture(name="till")
def opened_till(start: Callable[..., Cashier], data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenTill]:
    """Starts a scripted server with a script, and the program against it."""
    monkeypatch.setenv("BONIFIQ_API_TOKEN", "token-of-the-shop")
    monkeypatch.setenv("BONIFIQ_API_KEY", "key-of-the-shop")
    with ExitStack() as servers:

        def open_till(script: Script) -> tuple[Cashier, ScriptedServer]:
            server = servers.enter_context(ScriptedServer(script))
            cashier = start("--data-dir", str(data), "--api-url", server.url)
            wait_until(cashier.app.paths.ledger.exists, "the worker")
            return cashier, server

        yield open_till


def scripted(*posts: Answer | Drop, order: Any = None, gets: tuple[Answer, ...] = ()) -> Script:
    """Posts are answered in turn, the last one for ever; so are gets, else the order."""
    turns: dict[str, list[Answer | Drop]] = {
        "POST": list(posts),
        "GET": [*gets] or [Answer(200, order or ORDER)],
    }

    def answer(request: Request) -> Answer | Drop:
        if "invalid" in request.path:
            return Answer(200, {"CustomerExists": False})
        left = turns[request.method]
        return left.pop(0) if len(left) > 1 else left[0]

    return answer
