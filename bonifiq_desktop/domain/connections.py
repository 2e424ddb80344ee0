"""Connections to remote systems: their status, and the shop that their credentials belong to."""

from enum import StrEnum


class ConnectionStatus(StrEnum):
    """Outcome of the last call to a remote system."""

    OPENING = "opening"
    """The keyring has not yet said which credentials there are."""
    NOT_SET_UP = "not_set_up"
    UNTRIED = "untried"
    ONLINE = "online"
    OFFLINE = "offline"
    CREDENTIALS = "credentials"
    TROUBLE = "trouble"


class NotSetUp(Exception):
    """The connection has no credentials yet."""


class OffLine(Exception):
    """The system is not reached, and what was asked for makes sense only with its answer."""


class Shop(StrEnum):
    """The owner's answer about a pair of credentials that is new to this till."""

    SAME = "same"
    ANOTHER = "another"


class ShopUncertain(Exception):
    """The pair in force is new to this till; the owner must say whether it belongs to the same shop."""


class ShopNotProved(Exception):
    """The new pair finds none of this till's orders, so it is not known to be the same shop's."""
