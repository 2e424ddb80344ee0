"""Random choices of the behaviour that the vendor does not document."""

from random import Random

from bonifiq_desktop.training_server.loyalty_service import SERVICE_OPTIONS, ServiceOptions


def random_options(rng: Random) -> ServiceOptions:
    """Random service options without duplicates: a duplicating service applies a sale twice that the network delivers
    twice, which no client can prevent.
    """
    drawn = {name: rng.choice(values) for name, values in SERVICE_OPTIONS.items()}
    drawn["known_sale"] = rng.choice(("updates", "refuses"))
    return drawn  # type: ignore[return-value]
