"""The log file: rotated, without anything a stranger may not read."""

import logging
import logging.handlers
from pathlib import Path

from bonifiq_desktop.config.files import make_private_folder
from bonifiq_desktop.domain.redaction import without_secrets

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class _Redacting(logging.Formatter):
    """The one place through which every line goes."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def start_logging(folder: Path) -> None:
    """Log to `folder`, half a megabyte at most. Raises OSError."""
    make_private_folder(folder)
    stop_logging()
    handler = logging.handlers.RotatingFileHandler(
        folder / "bonifiq-desktop.log", maxBytes=128 * 1024, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Redacting(_FORMAT))
    root = logging.getLogger("bonifiq_desktop")
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    for noisy in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)  # below that, their lines hold addresses


def stop_logging() -> None:
    """Close the log file, if one is open."""
    root = logging.getLogger("bonifiq_desktop")
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
