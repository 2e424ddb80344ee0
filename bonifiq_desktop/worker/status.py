"""The status of the backend, as the window shows it: counts of operations, and the state of each connection."""

import logging
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.worker import commands as c

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend

_log = logging.getLogger(__name__)


def read_status(backend: "Backend", *, newer_release: Release | None, failed_version: str) -> c.Status | None:
    """The present status. None after a ledger error: the command that needs the ledger reports it."""
    connection, queries = backend.connection, backend.ledger.queries
    try:
        counts = queries.counts()
        each = (connection, *(remote.connection for remote in backend.connections)) if counts.pending else ()
        waiting = [found for one in each for found in queries.waiting_elsewhere(one.server_id, one.account, one.scope)]
    except Exception:
        _log.exception("status update failed")
        return None
    is_idle = not counts.pending and not counts.review
    return c.Status(
        connection.status,
        counts.pending,
        counts.review,
        backend.outbox.stopped_by_credentials,
        counts.contradicted,
        newer_release=newer_release if is_idle else None,
        clock_doubt=connection.clock.doubt(),
        pending_for_other_shop=len(waiting),
        shop_unconfirmed=backend.settings_store.shop_unconfirmed,
        failed_version=failed_version,
        connection_at=connection.status_at,
        elsewhere=_elsewhere(backend),
    )


def _elsewhere(backend: "Backend") -> tuple[c.RemoteStatus, ...]:
    return tuple(
        c.RemoteStatus(
            each.settings.name,
            each.settings.system,
            each.connection.status,
            each.services.outbox.stopped_by_credentials,
            each.connection.status_at,
        )
        for each in backend.connections
    )
