"""The connectors of the systems beside BonifiQ that a connection can lead to, by system."""

from collections.abc import Mapping

from bonifiq_desktop.connectors.akinon.connector import AkinonConnector
from bonifiq_desktop.connectors.mirakl.connector import MiraklConnector
from bonifiq_desktop.domain.returns import AKINON, MIRAKL
from bonifiq_desktop.services.connections import ReturnConnectorFactory

CONNECTORS: Mapping[str, ReturnConnectorFactory] = {MIRAKL: MiraklConnector, AKINON: AkinonConnector}
