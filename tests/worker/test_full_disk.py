"""The disk is in nobody's way."""

import sqlite3
from contextlib import closing

from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.worker.conftest import OpenDesk, Window


def test_whoever_looks_an_order_up_does_not_wait_for_the_disk_and_the_order_is_kept_all_the_same(
    open_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = open_desk()
    window.get(desk, c.LookUp("1002"))
    with closing(sqlite3.connect(paths.ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nothing can be written until this ends
        assert window.get(desk, c.LookUp("1001")).order.order_id == "1001"
        other.execute("ROLLBACK")
    server.stop()
    seen = window.get(desk, c.LookUp("1001"))
    assert (seen.order.order_id, seen.failure_reason) == ("1001", FailureReason.NO_CONNECTION)
