"""The connections of training: they exist by themselves, to the training servers, with every reason mapped."""

from bonifiq_desktop.domain.returns import AKINON, MIRAKL, CounterReason
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from bonifiq_desktop.training_server.akinon.shop import REASONS as SHOP_REASONS
from bonifiq_desktop.training_server.mirakl.seed_data import REASONS as MARKETPLACE_REASONS
from bonifiq_desktop.training_server.server import TrainingServer

MARKETPLACE = "Marketplace"
WEB_SHOP = "Loja on-line"
_CODES = {  # of the marketplace, then of the web shop, each for a cancellation and a refund
    CounterReason.REGRET: (("15", "34"), ("1", "7")),
    CounterReason.DEFECT: (("17", "35"), ("3", "8")),
    CounterReason.SIZE: (("17", "36"), ("3", "9")),
    CounterReason.WRONG_ITEM: (("17", "37"), ("3", "10")),
    CounterReason.OUT_OF_STOCK: (("16", "38"), ("2", "11")),
    CounterReason.OTHER: (("17", "38"), ("3", "11")),
}


def practice_connections(server: TrainingServer) -> tuple[RemoteSettings, ...]:
    """The connections to the training servers of other systems, which listen already."""
    marketplace, shop = server.mirakl, server.akinon
    marketplace_labels = {code: label for code, label, _purpose, _is_shops in MARKETPLACE_REASONS}
    shop_labels = {str(key): subject for key, _purpose, subject in SHOP_REASONS}
    return (
        RemoteSettings(
            MARKETPLACE,
            MIRAKL,
            marketplace.url,
            shop_id=marketplace.shop_id,
            currency="BRL",
            reasons=_mapped(0, marketplace_labels),
        ),
        RemoteSettings(
            WEB_SHOP,
            AKINON,
            shop.url,
            user=shop.user,
            channel=shop.channel,
            currency="BRL",
            reasons=_mapped(1, shop_labels),
        ),
    )


def practice_secrets(server: TrainingServer) -> dict[str, str]:
    """Their secrets, by name."""
    return {MARKETPLACE: server.mirakl.key, WEB_SHOP: server.akinon.password}


def _mapped(system: int, labels: dict[str, str]) -> tuple[ReasonMapping, ...]:
    pairs = {reason: codes[system] for reason, codes in _CODES.items()}
    return tuple(
        ReasonMapping(reason.value, cancel, labels[cancel], refund, labels[refund])
        for reason, (cancel, refund) in pairs.items()
    )
