"""Health of a connection to a remote system."""

from enum import StrEnum


class ConnectionStatus(StrEnum):
    """How the last call to BonifiQ went."""

    OPENING = "opening"
    """The keyring has not said yet which credentials there are."""
    NOT_SET_UP = "not_set_up"
    UNTRIED = "untried"
    ONLINE = "online"
    OFFLINE = "offline"
    CREDENTIALS = "credentials"
    TROUBLE = "trouble"
