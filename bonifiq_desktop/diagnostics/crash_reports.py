"""Crash reports for the support: only fields of `log_schema`, as in the log.

`reports/crash-<UTC>-<n>.json`: a code to read out, versions, the exception's class and our own lines, the end of the
log. Never an exception's text, a value, or anything of a customer. A death without an exception (a fault in a library)
leaves `reports/fault.log`, which the next start turns into a report.
"""

import platform
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bonifiq_desktop import __version__
from bonifiq_desktop.diagnostics.fault_handler import fault_log_path
from bonifiq_desktop.diagnostics.log_file import describe_error, read_log_lines
from bonifiq_desktop.diagnostics.log_schema import CRASH_REPORT, allowed, format_timestamp
from bonifiq_desktop.storage.files import make_private_folder, read_json, write_json
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import SettingsError, load_settings

_MAX_REPORTS = 10
_LOG_LINES = 50
_LIBRARIES = ("PySide6-Essentials", "cryptography", "httpx", "keyring", "psycopg", "pydantic")
_MAX_FAULT_BYTES = 64 * 1024  # bytes
_NAME = re.compile(r"crash-(\d{8}T\d{6}Z)-(\d{1,4})\.json")
_LINE = re.compile(r":\d+")
_FATAL = re.compile(r"^(?:Fatal Python error|Windows fatal exception): ([A-Za-z0-9 ]{1,40})$", re.MULTILINE)
_FRAME = re.compile(
    r'^  File ".*\bbonifiq_desktop[/\\]((?:[a-z_]+[/\\])*[a-z_]+\.py)", line (\d+) in ([A-Za-z0-9_<>]+)$', re.MULTILINE
)


def component_versions() -> dict[str, str]:
    """Return the versions of the program, the system and the main libraries."""
    versions = {
        "program": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions


def fault_code(facts: Mapping[str, Any]) -> str:
    """Return a short code to read out, as `E-4F2A`: the same for the same fault, also in another version.

    From the kinds of the errors and the function in which they arose, without its line: lines move with every change.
    """
    kinds = facts.get("error") or [facts.get("fault", "")]
    last_frame = (facts.get("trace") or [""])[-1]
    place = _LINE.sub("", last_frame)
    return f"E-{sha256(' '.join((*kinds, place)).encode()).hexdigest()[:4].upper()}"


def write_crash_report(paths: Paths, error: BaseException, *, thread: str, options: list[str]) -> Path:
    """Store a report of an uncaught exception; return its path. Raises OSError."""
    return _write(paths, {**describe_error(error), "thread": thread, "options": options})


def report_fault(paths: Paths) -> Path | None:
    """Turn the last run's fault log into a report; return its path, or None.

    To be called before `recording_faults`, which starts a new log.
    """
    path = fault_log_path(paths)
    report = None
    with suppress(OSError):
        if path.stat().st_size:
            report = _write(paths, read_fault_log(paths) or {})
        path.unlink()
    return report


def read_fault_log(paths: Paths) -> dict[str, Any] | None:
    """Return the facts in a fault log that no start has reported yet, or None."""
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
    facts = {"died_at": died_at, "fault": fatal[1] if fatal else "unknown", "trace": trace[-40:]}
    return allowed(facts, CRASH_REPORT)


def read_crash_reports(paths: Paths) -> dict[str, dict[str, Any]]:
    """Return the readable reports by name, oldest first."""
    found = {}
    for path in _report_files(paths):
        with suppress(OSError, ValueError):
            found[path.name] = allowed(read_json(path), CRASH_REPORT)
    return found


def _write(paths: Paths, facts: Mapping[str, Any]) -> Path:
    now = datetime.now(UTC)
    report = {
        "code": fault_code(facts),
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
    write_json(path, allowed(report, CRASH_REPORT))
    for older in [other for other in _report_files(paths) if other != path][: 1 - _MAX_REPORTS]:
        older.unlink(missing_ok=True)
    return path


def _report_files(paths: Paths) -> list[Path]:
    """Return the reports by the time in their names, oldest first."""
    named = [
        (match, path) for path in paths.crash_reports.glob("crash-*.json") if (match := _NAME.fullmatch(path.name))
    ]
    return [path for _, path in sorted(named, key=lambda both: (both[0][1], int(both[0][2])))]
