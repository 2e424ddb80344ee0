"""The connectors of the systems beside BonifiQ that a connection can lead to, by system.

A connector is imported when the first connection of its system is made: most tills have none, and both together take
as much memory as a page of the window.
"""

from collections.abc import Callable, Mapping

from bonifiq_desktop.connectors.connector import CallReport, Observer, ReturnConnector
from bonifiq_desktop.domain.returns import AKINON, MIRAKL
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.connections import ReturnConnectorFactory
from bonifiq_desktop.storage.remote_settings import RemoteSettings


def _ignore(_report: CallReport) -> None:
    """The observer of a connector that nothing observes."""


def _mirakl(
    url: str, credentials: Credentials, *, observe: Observer = _ignore, settings: Callable[[], RemoteSettings]
) -> ReturnConnector:
    from bonifiq_desktop.connectors.mirakl.connector import MiraklConnector

    return MiraklConnector(url, credentials, observe=observe, settings=settings)


def _akinon(
    url: str, credentials: Credentials, *, observe: Observer = _ignore, settings: Callable[[], RemoteSettings]
) -> ReturnConnector:
    from bonifiq_desktop.connectors.akinon.connector import AkinonConnector

    return AkinonConnector(url, credentials, observe=observe, settings=settings)


CONNECTORS: Mapping[str, ReturnConnectorFactory] = {MIRAKL: _mirakl, AKINON: _akinon}
