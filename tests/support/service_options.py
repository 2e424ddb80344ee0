"""The services that the documents allow, of which nobody knows which one BonifiQ is."""

from random import Random

from bonifiq_desktop.training_server.loyalty_service import SERVICE_OPTIONS, ServiceOptions


def random_options(rng: Random) -> ServiceOptions:
    """One service of the many that the documents allow. One that doubles an order is not among them: of a sale that
    the network delivers twice it would make two, whatever a client does.
    """
    drawn = {name: rng.choice(values) for name, values in SERVICE_OPTIONS.items()}
    drawn["known_sale"] = rng.choice(("updates", "refuses"))
    return drawn  # type: ignore[return-value]
