"""What is noted of a crash, for whoever supports this till: known fields only, as in the log.

`reports/crash-<UTC>-<n>.json`: versions, the exception's class and our own lines, the end of the log. Never an
exception's text, a value, or anything of a customer. A death without an exception (a fault in a library) leaves
`reports/fault.log`, which the next start turns into a report.
"""

import platform
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bonifiq_desktop import __version__
from bonifiq_desktop.diagnostics.fault_handler import fault_log_path
from bonifiq_desktop.diagnostics.log_file import (
    ERROR_FACTS,
    MOMENT,
    describe_error,
    format_timestamp,
    known,
    read_log_lines,
)
from bonifiq_desktop.diagnostics.log_schema import REPORTED_OPTIONS, Shape, kept, text
from bonifiq_desktop.storage.files import make_private_folder, read_json, write_json
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import SettingsError, load_settings

_MAX_REPORTS = 10
_LOG_LINES = 50
_LIBRARIES = ("PySide6-Essentials", "cryptography", "httpx", "keyring", "pydantic")
_MAX_FAULT_BYTES = 64 * 1024  # bytes
_NAME = re.compile(r"crash-(\d{8}T\d{6}Z)-(\d{1,4})\.json")
_FATAL = re.compile(r"^(?:Fatal Python error|Windows fatal exception): ([A-Za-z0-9 ]{1,40})$", re.MULTILINE)
_FRAME = re.compile(
    r'^  File ".*\bbonifiq_desktop[/\\]((?:[a-z_]+[/\\])*[a-z_]+\.py)", line (\d+) in ([A-Za-z0-9_<>]+)$', re.MULTILINE
)
_version = text(r"[A-Za-z0-9_.+ -]{1,60}")


def _versions(value: Any) -> bool:
    return isinstance(value, dict) and all(_version(name) and _version(told) for name, told in value.items())


def _log_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, dict) and known(line) == line for line in value)


def _options(value: Any) -> bool:
    return isinstance(value, list) and set(REPORTED_OPTIONS).issuperset(value)


_FIELDS: dict[str, Shape] = {
    "at": MOMENT,
    "died_at": MOMENT,
    "fault": text(r"[A-Za-z0-9 ]{1,40}"),
    "thread": text(
        r"MainThread|[a-z]{1,20}|(?:Thread|Dummy|ThreadPoolExecutor|asyncio)[-_0-9]{1,9}(?: \([a-z_]{1,40}\))?"
    ),
    **ERROR_FACTS,
    "versions": _versions,
    "options": _options,
    "language": text(r"[a-z]{2}(?:_[A-Z]{2})?"),
    "order_paths": text(r"[A-Za-z]{1,10}"),
    "log": _log_lines,
}


def component_versions() -> dict[str, str]:
    """Of this program, the system under it and the libraries that matter."""
    told = {
        "program": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            told[name] = version(name)
    return told


def write_crash_report(paths: Paths, error: BaseException, *, thread: str, options: list[str]) -> Path:
    """Keep a report of an exception that nobody caught; where it is. Raises OSError."""
    return _write(paths, {**describe_error(error), "thread": thread, "options": options})


def report_fault(paths: Paths) -> Path | None:
    """Turn what the last run left when it died into a report; where it is, or None.

    Before `noting_faults`, which begins a new note.
    """
    path = fault_log_path(paths)
    report = None
    with suppress(OSError):
        if path.stat().st_size:
            report = _write(paths, read_fault_log(paths) or {})
        path.unlink()
    return report


def read_fault_log(paths: Paths) -> dict[str, Any] | None:
    """What a run that died left behind and no start has looked at yet, or None."""
    path = fault_log_path(paths)
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            noted = file.read(_MAX_FAULT_BYTES)
        died_at = format_timestamp(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except OSError:
        return None
    if not noted:
        return None
    fatal = _FATAL.search(noted)
    frames = reversed(_FRAME.findall(noted))  # the newest last, as everywhere
    trace = [f"{file}:{line} {function}".replace("\\", "/") for file, line, function in frames]
    told = {"died_at": died_at, "fault": fatal[1] if fatal else "unknown", "trace": trace[-40:]}
    return kept(told, _FIELDS)


def read_crash_reports(paths: Paths) -> dict[str, dict[str, Any]]:
    """The reports by their names, oldest first; what is no report of ours is left out."""
    found = {}
    for path in _report_files(paths):
        with suppress(OSError, ValueError):
            found[path.name] = kept(read_json(path), _FIELDS)
    return found


def _write(paths: Paths, facts: Mapping[str, Any]) -> Path:
    now = datetime.now(UTC)
    report = {
        "at": format_timestamp(now),
        **facts,
        "versions": component_versions(),
        "log": read_log_lines(paths.logs)[-_LOG_LINES:],
    }
    with suppress(SettingsError, OSError):
        settings = load_settings(paths.settings)
        report |= {"language": settings.language, "order_paths": settings.order_paths}
    make_private_folder(paths.crash_reports)
    stamp, number = f"{now:%Y%m%dT%H%M%SZ}", 1
    while (path := paths.crash_reports / f"crash-{stamp}-{number}.json").exists():
        number += 1
    write_json(path, kept(report, _FIELDS))
    for older in [other for other in _report_files(paths) if other != path][: 1 - _MAX_REPORTS]:
        older.unlink(missing_ok=True)
    return path


def _report_files(paths: Paths) -> list[Path]:
    """Oldest first, as far as the clock was right."""
    named = [
        (match, path) for path in paths.crash_reports.glob("crash-*.json") if (match := _NAME.fullmatch(path.name))
    ]
    return [path for _, path in sorted(named, key=lambda both: (both[0][1], int(both[0][2])))]
