"""The connectors of the systems beside BonifiQ that a connection can lead to, by system."""

from collections.abc import Mapping

from bonifiq_desktop.services.connections import ReturnConnectorFactory

CONNECTORS: Mapping[str, ReturnConnectorFactory] = {}
