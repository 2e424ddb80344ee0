"""One function per command; importing this package registers all of them."""

from bonifiq_desktop.worker.handlers import (
    drafts,
    history,
    lookup,
    personal_data,
    recovery,
    registration,
    review,
    settings,
    staff,
    support,
    versions,
)
from bonifiq_desktop.worker.handlers.registry import Mode, dispatch, handler_of

__all__ = [
    "Mode",
    "dispatch",
    "drafts",
    "handler_of",
    "history",
    "lookup",
    "personal_data",
    "recovery",
    "registration",
    "review",
    "settings",
    "staff",
    "support",
    "versions",
]
