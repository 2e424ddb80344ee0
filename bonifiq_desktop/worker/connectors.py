"""The connectors of the systems beside BonifiQ that a connection can lead to, by system."""

from collections.abc import Mapping

from bonifiq_desktop.connectors.akinon.connector import AkinonConnector
from bonifiq_desktop.domain.returns import AKINON
from bonifiq_desktop.services.connections import ReturnConnectorFactory

CONNECTORS: Mapping[str, ReturnConnectorFactory] = {AKINON: AkinonConnector}
