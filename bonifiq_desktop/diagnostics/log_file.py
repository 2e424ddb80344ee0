"""The log: one JSON object per line with the fields of `log_schema` only.

The event is the constant text of the call; fields hold numbers and the program's own words. An exception is logged by
its class, the system's error name and our own stack frames, never by its text.
"""

import errno
import json
import logging
import logging.handlers
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

from bonifiq_desktop.diagnostics.log_schema import (
    CALL_FIELDS,
    ERROR_FIELDS,
    LOG_LINE,
    MAX_CAUSES,
    MAX_FRAMES,
    allowed,
    format_timestamp,
)
from bonifiq_desktop.domain.redaction import redact_secrets
from bonifiq_desktop.domain.strict_json import load
from bonifiq_desktop.storage.files import FolderNotPrivate, make_private_folder, open_private

PACKAGE = "bonifiq_desktop"
_FILE = "bonifiq-desktop.log"
_BYTES, _OLDER_FILES = 128 * 1024, 3


def describe_error(error: BaseException) -> dict[str, Any]:
    """Return the loggable facts of an exception: classes of it and its causes, system error names, our own frames."""
    causes = list(_causes(error))
    facts: dict[str, Any] = {"error": [type(cause).__name__ for cause in causes]}
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno is not None:
            facts.setdefault("errno", errno.errorcode.get(cause.errno))
        if code := getattr(cause, "sqlite_errorname", None):
            facts.setdefault("sqlite", code)
    facts["trace"] = [frame for cause in causes for frame in _our_frames(cause)][-MAX_FRAMES:]
    return allowed(facts, ERROR_FIELDS)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and its causes."""
    following: BaseException | None = error
    for _ in range(MAX_CAUSES):
        if following is None:
            return
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _our_frames(error: BaseException) -> Iterator[str]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(f"{PACKAGE}."):  # not by its path, which holds the user's name
            yield f"{module.removeprefix(f'{PACKAGE}.').replace('.', '/')}.py:{line} {frame.f_code.co_name}"


class _JsonFormatter(logging.Formatter):
    """Formats every line of the log."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": format_timestamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "where": record.name,
        }
        error = record.exc_info[1] if record.exc_info else None
        if record.name.startswith(f"{PACKAGE}."):
            line["event"] = record.msg
            line |= {name: record.__dict__[name] for name in CALL_FIELDS if name in record.__dict__}
            line |= describe_error(error) if error else {}
        elif error:  # texts of other libraries hold addresses and data
            line["error"] = describe_error(error)["error"]
        # Second net: the schema lets no secret through.
        return redact_secrets(json.dumps(allowed(line, LOG_LINE), ensure_ascii=False))


class _LogFile(logging.handlers.RotatingFileHandler):
    """A rotating log file. A line that cannot be written is lost, and the next one opens the file again."""

    def _open(self) -> TextIOWrapper:
        return cast("TextIOWrapper", open(self.baseFilename, self.mode, encoding="utf-8", opener=open_private))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        del record
        self._drop_stream()

    def close(self) -> None:
        """Close the file, also when its last line cannot be written."""
        self._drop_stream()
        super().close()

    def _drop_stream(self) -> None:
        # Drop buffered text: a full disk would refuse it again with every line, and at exit.
        stream, self.stream = self.stream, cast("TextIOWrapper", None)
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.close()


def start_logging(folder: Path) -> None:
    """Log to `folder`, at most half a megabyte; drop lines while it cannot be written. Raises FolderNotPrivate."""
    try:
        make_private_folder(folder)
    except FolderNotPrivate:
        raise
    except OSError:
        pass
    stop_logging()
    handler = _LogFile(folder / _FILE, maxBytes=_BYTES, backupCount=_OLDER_FILES, delay=True)
    handler.setFormatter(_JsonFormatter())
    logging.getLogger().addHandler(handler)  # other libraries' warnings, too: without a handler they are printed
    logging.getLogger(PACKAGE).setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)  # below that, their lines hold addresses


def stop_logging() -> None:
    """Close the log file, if one is open."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _LogFile)]:
        root.removeHandler(handler)
        handler.close()


def read_log_lines(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of the log, oldest first, without unreadable ones."""
    lines: list[dict[str, Any]] = []
    for age in range(_OLDER_FILES, -1, -1):
        with suppress(OSError), (folder / (f"{_FILE}.{age}" if age else _FILE)).open("rb") as file:
            for written in file.read(2 * _BYTES).splitlines():
                with suppress(ValueError):
                    found = load(written)
                    lines += [allowed(found, LOG_LINE)] if isinstance(found, dict) else []
    return lines
