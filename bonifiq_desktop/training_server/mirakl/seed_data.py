"""Initial orders of the marketplace. Some are the same purchases as orders of the loyalty service."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bonifiq_desktop.training_server.json_codec import format_timestamp
from bonifiq_desktop.training_server.mirakl.models import NONE, Line, MarketOrder, Tax

MARIA, JOAO, ANA = ("Maria Aparecida", "dos Santos"), ("João Batista", "Ferreira"), ("Ana Lúcia", "Gonçalves")

REASONS = (
    ("15", "Cliente desistiu da compra", "CANCELATION", True),
    ("16", "Produto sem estoque", "CANCELATION", True),
    ("17", "Outro motivo", "CANCELATION", True),
    ("SYSTEM_LATE_SHIPMENT_CANCELATION", "Atraso no envio", "CANCELATION", False),
    ("34", "Arrependimento", "REFUND", True),
    ("35", "Produto com defeito", "REFUND", True),
    ("36", "Tamanho errado", "REFUND", True),
    ("37", "Produto trocado", "REFUND", True),
    ("38", "Outro motivo", "REFUND", True),
    ("50", "Produto não chegou", "INCIDENT_OPEN", True),
)
"""Code, label, type, and whether the shop may use it."""


def _amount(text: str) -> Decimal:
    return Decimal(text)


def orders(now: datetime) -> list[MarketOrder]:
    day = timedelta(days=1)
    at = {days: format_timestamp(now - days * day) for days in range(1, 30)}
    shirt = ("CAM-01", "Camiseta básica algodão")
    shorts = ("BER-02", "Bermuda sarja")

    def delivered(line: Line, state: str = "RECEIVED") -> Line:
        return replace(line, debited=at[9], shipped=at[8], received=at[5], state=state)

    return [
        MarketOrder(
            "1001-A",
            "1001",
            [
                delivered(Line("1001-A-1", *shirt, 1, _amount("49.90"), _amount("8.00"))),
                delivered(Line("1001-A-2", *shorts, 1, _amount("65.10"))),
                delivered(Line("1001-A-3", "MEI-03", "Meia cano médio", 1, _amount("14.90"))),
            ],
            at[10], at[5], "RECEIVED", debited=at[9], customer=MARIA,
        ),
        MarketOrder(
            "8817455903-A",
            "8817455903",
            [
                delivered(Line("8817455903-A-1", *shirt, 1, _amount("49.90"), _amount("8.00"))),
                delivered(Line("8817455903-A-2", *shorts, 1, _amount("65.10"))),
            ],
            at[10], at[5], "RECEIVED", debited=at[9], customer=MARIA,
        ),
        MarketOrder(
            "2001-A",
            "2001",
            [
                Line("2001-A-1", *shirt, 3, _amount("149.70"), _amount("12.00"),
                     taxes=[Tax("ICMS", _amount("17.97")), Tax("TAXA", _amount("3.00"), NONE)],
                     shipping_taxes=[Tax("ICMS", _amount("1.44"))]),
                Line("2001-A-2", *shorts, 1, _amount("65.10")),
            ],
            at[2], at[2], workflow="PAY_ON_DELIVERY", tax_mode="TAX_EXCLUDED", customer=JOAO,
        ),
        MarketOrder(
            "2002-A", "2002", [Line("2002-A-1", "VES-04", "Vestido midi floral", 1, _amount("189.00"))],
            at[2], at[2], workflow="NO_CUSTOMER_PAYMENT_CONFIRMATION", customer=JOAO,
        ),
        MarketOrder(
            "2003-A", "2003", [Line("2003-A-1", *shirt, 2, _amount("99.80"), state="WAITING_ACCEPTANCE")],
            at[1], at[1], "WAITING_ACCEPTANCE", customer=ANA,
        ),
        MarketOrder(
            "2004-A", "2004", [delivered(Line("2004-A-1", *shirt, 1, _amount("4990")))],
            at[10], at[5], "RECEIVED", currency="JPY", debited=at[9], customer=ANA,
        ),
        MarketOrder(
            "2005-A", "2005", [delivered(Line("2005-A-1", *shirt, 3, _amount("14.970"), _amount("1.250")))],
            at[10], at[5], "RECEIVED", currency="KWD", debited=at[9], customer=ANA,
        ),
        MarketOrder(
            "2006-A", "2006", [delivered(Line("2006-A-1", *shirt, 1, _amount("49.90")), "INCIDENT_OPEN")],
            at[10], at[5], "RECEIVED", debited=at[9], customer=MARIA,
        ),
        MarketOrder(
            "2007-A", "2007", [Line("2007-A-1", *shirt, 2, _amount("99.80"), _amount("8.00"), debited=at[3])],
            at[4], at[3], debited=at[3], customer=MARIA,
        ),
        MarketOrder(
            "2008-A", "2008", [delivered(Line("2008-A-1", *shirt, 1, _amount("49.90")), "CLOSED")],
            at[29], at[15], "CLOSED", debited=at[28], customer=JOAO,
        ),
        MarketOrder(
            "2009-A", "2009", [delivered(Line("2009-A-1", *shorts, 1, _amount("65.10"), _amount("8.00")))],
            at[10], at[5], "RECEIVED", debited=at[9], customer=JOAO,
        ),
        MarketOrder(
            "2010-A", "2010",
            [Line("2010-A-1", *shirt, 2, _amount("99.80"), state="TO_COLLECT", debited=at[4], shipped=at[3])],
            at[5], at[3], "TO_COLLECT", debited=at[4], customer=MARIA,
        ),
        *[
            MarketOrder(
                order_id, "2011", [delivered(Line(f"{order_id}-1", *thing, 1, _amount(price)))],
                at[10], at[5], "RECEIVED", debited=at[9], customer=ANA,
            )
            for order_id, thing, price in (("2011-A", shirt, "49.90"), ("2011-B", shorts, "65.10"))
        ],
        MarketOrder(
            "2012-A", "2012", [Line("2012-A-1", *shirt, 2, _amount("19980"), _amount("1990"))],
            at[2], at[2], currency="CLP", workflow="PAY_ON_DUE_DATE", tax_mode="TAX_EXCLUDED", customer=ANA,
            has_order_taxes=True,
        ),
        MarketOrder(
            "2013-A", "2013",
            [
                Line("2013-A-1", *shirt, 3, _amount("44.970"), _amount("3.750"),
                     taxes=[Tax("TVA", _amount("7.180")), Tax("TIMBRE", _amount("0.600"), NONE)],
                     shipping_taxes=[Tax("TIMBRE", _amount("0.100"), NONE)],
                     fees=[Tax("ECO", _amount("0.500"))]),
            ],
            at[2], at[2], currency="TND", workflow="PAY_ON_SHIPMENT", customer=ANA,
        ),
    ]  # fmt: skip


def returns(now: datetime) -> list[dict[str, Any]]:
    """A return that the customer opened in the marketplace, and whose goods are on their way."""
    line = {"order_line_id": "2009-A-1", "quantity": 1, "reason_code": "RETURN_CHANGED_MIND"}
    return [
        {
            "id": "60001",
            "rma": "",
            "order_id": "2009-A",
            "order_commercial_id": "2009",
            "state": "IN_PROGRESS",
            "return_lines": [line],
            "date_created": format_timestamp(now - timedelta(days=2)),
        }
    ]
