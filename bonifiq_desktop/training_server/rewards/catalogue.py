"""The reward programme of the practice shop: every kind of reward, and every condition that the vendor names."""

from bonifiq_desktop.training_server.rewards import models
from bonifiq_desktop.training_server.rewards.models import Configuration, RewardProduct

RESTRICTED_PRODUCTS = frozenset({"VAL-30"})
"""Products on which no cashback can be used: the gift card."""

CASHBACK_SHARE = 50
"""The largest part of the eligible basket, in percent, that cashback may pay."""

REWARDS = (
    Configuration(
        11,
        "Cashback",
        models.CASHBACK,
        minimum=1000,
        share=CASHBACK_SHARE,
        requirements="Compras a partir de R$ 10,00; até metade do valor da compra.",
    ),
    Configuration(
        12,
        "10% de desconto",
        models.PERCENT,
        10,
        points=100,
        minimum=3000,
        is_cumulative=False,
        requirements="Compras a partir de R$ 30,00.",
    ),
    Configuration(
        13,
        "R$ 20 de desconto",
        models.FIXED,
        2000,
        points=200,
    ),
    Configuration(
        14,
        "R$ 50 de desconto",
        models.FIXED,
        5000,
        points=400,
        minimum=6000,
        share=50,
        requirements="Compras a partir de R$ 60,00; até metade do valor da compra.",
    ),
    Configuration(15, "Ajuste de barra grátis", models.CUSTOM, points=50),
    Configuration(
        16,
        "Meia de presente",
        models.PRODUCT,
        points=150,
        product=RewardProduct("MEI-03", "Meia cano médio", models.MODE_FREE),
    ),
    Configuration(
        17,
        "Boné pela metade do preço",
        models.PRODUCT,
        points=80,
        requirements="Uma vez por cliente.",
        product=RewardProduct("BON-12", "Boné aba curva", models.MODE_PERCENT, 50, per_customer=1),
    ),
    Configuration(
        18,
        "Camiseta por R$ 19,90",
        models.PRODUCT,
        points=120,
        requirements="Com a camiseta na compra.",
        product=RewardProduct("CAM-01", "Camiseta básica algodão", models.MODE_FIXED_PRICE, 1990, needs_basket=True),
    ),
    Configuration(
        19,
        "Bermuda com R$ 15 a menos",
        models.PRODUCT,
        points=100,
        product=RewardProduct("BER-02", "Bermuda sarja", models.MODE_AMOUNT, 1500),
    ),
    Configuration(
        20,
        "Frete grátis no site",
        models.PRODUCT,
        points=60,
        requirements="Só nas compras pelo site.",
        product=RewardProduct("FRE-00", "Frete", models.MODE_FREE, only_online=True),
    ),
    Configuration(
        21,
        "Produto surpresa",
        models.PRODUCT,
        points=10,
        product=RewardProduct("", "", models.MODE_FREE),
    ),
)
