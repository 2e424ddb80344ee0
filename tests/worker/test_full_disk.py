"""A look-up while the disk is slow."""

import sqlite3
from contextlib import closing

from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.worker.conftest import OpenClient, Window


def test_lookup_does_not_wait_for_the_disk_and_the_order_is_stored(
    open_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_client()
    window.get(client, c.LookUp("1002"))
    with closing(sqlite3.connect(paths.ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nothing can be written until this ends
        assert window.get(client, c.LookUp("1001")).order.order_id == "1001"
        other.execute("ROLLBACK")
    server.stop()
    seen = window.get(client, c.LookUp("1001"))
    assert (seen.order.order_id, seen.failure_reason) == ("1001", FailureReason.NO_CONNECTION)
