"""Initial orders and customers: a clothes shop with invented people and short order numbers.

Documents have valid check digits. Names, addresses and phone numbers are made up.
"""

from datetime import datetime, timedelta

from bonifiq_desktop.training_server.json_codec import format_timestamp
from bonifiq_desktop.training_server.models import ORIGIN_API, Customer, Item, Order

_LONG_NAME = (
    "Maria Francisca Antonieta Guilhermina de Albuquerque Cavalcanti e Vasconcelos de Oliveira Figueiredo "
    "da Conceição Rodrigues dos Anjos Nepomuceno"
)
_LONG_TITLE = (
    "Conjunto de moletom unissex com capuz forrado, bolso canguru, punhos canelados e calça com elástico "
    "regulável, tecido 100% algodão orgânico certificado, cor azul-marinho mesclado, tamanho extragrande"
)

SUGGESTIONS = (
    ("1001", "três produtos, R$ 129,90"),
    ("1002", "um produto só"),
    ("1003", "oito produtos"),
    ("1004", "nomes muito longos"),
    ("1005", "já cancelado"),
    ("1006/B", "número com barra"),
    ("1007", "ainda pendente"),
    ("1008", "cliente sem documento"),
    ("1009", "empresa, CNPJ com letras"),
    ("1010", "poucos centavos"),
    ("1011", "valor alto"),
    ("1012", "com cupom de desconto"),
    ("8817455903", "também no marketplace"),
)
"""Order numbers to try, each with a hint in Portuguese, easiest first."""

CUSTOMER_SUGGESTIONS = (
    ("529.982.247-25", "cashback e pontos"),
    ("123.456.789-09", "pede um código"),
    ("714.602.380-01", "sem telefone, pede código"),
    ("862.883.667-57", "fora do programa"),
)
"""Documents of customers to try a sale with a benefit, each with a hint in Portuguese."""


def customers() -> list[Customer]:
    ana = _customer(503, "Ana Lúcia Gonçalves", "ana.goncalves@exemplo.com.br", "12345678909", (1280, 4575))
    ana.check = "code"
    return [
        _customer(501, "Maria Aparecida dos Santos", "maria.santos@exemplo.com.br", "52998224725", (244, 670)),
        _customer(502, "João Batista Ferreira", "joao.ferreira@exemplo.com.br", "11144477735", (0, 0)),
        ana,
        _customer(504, _LONG_NAME, "francisca.antonieta@exemplo.com.br", "98765432100", (90, 310)),
        _customer(505, "Zé Carlos", "ze.carlos@exemplo.com.br", None, (15, 0)),
        Customer(
            original_id="12ABC34501DE35",
            number=506,
            name="Uniformes Boa Vista Ltda.",
            email="compras@boavista.exemplo.com.br",
            phone="+551130000006",
            document="12ABC34501DE35",
            signed_up="2024-02-01T12:00:00.0000000Z",
            tier="Ouro",
            points=5000,
            cashback_cents=20000,
            check="code",
        ),
        *_practice_customers(),
    ]


def _practice_customers() -> list[Customer]:
    """Customers outside the programme, for practice of the sign-up check. They have no orders."""
    tiago = _customer(507, "Tiago Ramos", "tiago.ramos@exemplo.com.br", "71460238001", (400, 3000))
    helena = _customer(508, "Helena Castro", "helena.castro@exemplo.com.br", "15350946056", (120, 900))
    rui = _customer(509, "Rui Barros", "rui.barros@exemplo.com.br", "86288366757", (200, 1500))
    tiago.check = helena.check = "signup"
    tiago.email, tiago.phone = None, None
    helena.email, helena.phone, helena.missing_contact = None, None, "email"
    for customer in (tiago, helena, rui):
        customer.is_enrolled = False
    return [tiago, helena, rui]


def orders(now: datetime) -> list[Order]:
    maria, joao, ana = (f"{name}@exemplo.com.br" for name in ("maria.santos", "joao.ferreira", "ana.goncalves"))
    shirt, shorts, socks = (
        ("CAM-01", "Camiseta básica algodão"),
        ("BER-02", "Bermuda sarja"),
        ("MEI-03", "Meia cano médio"),
    )
    found = [
        _order(9001, "1001", maria, now, [(*shirt, 4990), (*shorts, 6510), (*socks, 1490)]),
        _order(9002, "1002", joao, now, [("VES-04", "Vestido midi floral", 18900)]),
        _order(9003, "1003", ana, now, _eight_items()),
        _order(
            9004,
            "1004",
            "francisca.antonieta@exemplo.com.br",
            now,
            [("MOL-10", _LONG_TITLE, 24999), (*socks, 1490)],
        ),
        _order(9005, "1005", joao, now, [("JAQ-11", "Jaqueta jeans", 29990)]),
        _order(9006, "1006/B", maria, now, [(*shirt, 4990), ("BON-12", "Boné aba curva", 3990)]),
        _order(9007, "1007", ana, now, [("TEN-13", "Tênis casual", 21990)]),
        _order(9008, "1008", "ze.carlos@exemplo.com.br", now, [("CIN-14", "Cinto de couro", 7950)]),
        _order(
            9009,
            "1009",
            "12ABC34501DE35",
            now,
            [("UNI-15", "Camisa polo uniforme", 93000), ("UNI-16", "Calça de brim uniforme", 61250)],
        ),
        _order(9010, "1010", joao, now, [("BOT-17", "Botão avulso", 7)]),
        _order(9011, "1011", ana, now, [("CAS-18", "Casaco de couro sob medida", 1234567)]),
        _order(9012, "1012", maria, now, [(*shirt, 4491), (*shorts, 5859)]),
        # A purchase in the marketplace, less a discount; its points are no part of the balance that Maria starts with.
        _order(9013, "8817455903", maria, now, [(*shirt, 4606), (*shorts, 6009)]),
    ]
    _add_special_cases({order.original_id: order for order in found}, now)
    return found


def _add_special_cases(found: dict[str, Order], now: datetime) -> None:
    cancelled, pending, discounted = found["1005"], found["1007"], found["1012"]
    cancelled.cancelled, cancelled.status = format_timestamp(now - timedelta(days=9)), "Cancelado"
    pending.completed, pending.is_completed, pending.status = None, False, "Aguardando pagamento"
    pending.origin = ORIGIN_API
    discounted.coupon = "OUTONO10"
    discounted.metadata = [{"Name": "canal", "Value": "loja física"}]


def _eight_items() -> list[tuple[str, str, int]]:
    titles = [
        "Camisa social", "Calça alfaiataria", "Gravata seda", "Lenço estampado",
        "Meia social", "Cueca boxer", "Pijama curto", "Chinelo de dedo",
    ]  # fmt: skip
    prices = [15990, 19990, 8990, 3333, 1990, 2990, 9917, 2500]
    return [
        (f"SOC-{place:02d}", title, price) for place, (title, price) in enumerate(zip(titles, prices, strict=True), 20)
    ]


def _customer(number: int, name: str, email: str, document: str | None, balances: tuple[int, int]) -> Customer:
    points, cashback_cents = balances
    return Customer(
        original_id=email,
        number=number,
        name=name,
        email=email,
        phone=f"+5511900000{number}",
        document=document,
        # Without offset, like birthdays in the vendor's samples.
        birthday=f"19{number - 420}-0{number - 500}-14T00:00:00",
        signed_up="2024-05-20T15:30:00.1234567Z",
        tier="Prata" if points else "Bronze",
        points=points,
        cashback_cents=cashback_cents,
    )


def _order(
    number: int,
    order_id: str,
    customer_id: str,
    now: datetime,
    products: list[tuple[str, str, int]],
) -> Order:
    # Higher numbers are older, so that 1001 is a recent purchase.
    placed = now - timedelta(days=2 * (number - 9000), minutes=number % 60)
    done = format_timestamp(placed + timedelta(minutes=3))
    return Order(
        original_id=order_id,
        number=number,
        customer_id=customer_id,
        total_cents=sum(price for _, _, price in products),
        placed=format_timestamp(placed),
        completed=done,
        updated=done,
        status="Concluído",
        items=[Item(product_id, title, price) for product_id, title, price in products],
    )
