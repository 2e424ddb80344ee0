"""The one schema of everything that diagnostics write: log lines, crash reports and the support file.

A field that is not named here, or whose value looks otherwise, is left out: no customer, no key, no file name.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

REPORTED_OPTIONS = ("--training", "--data-dir", "--api-url", "--lang")
"""Options of the command line of which a report says that they were given, never their values."""
MAX_CAUSES, MAX_FRAMES = 10, 40
_MAX_NUMBER = 10**9  # a CPF is longer

Check = Callable[[Any], object]
"""Whether a value may be written."""


def _text(pattern: str) -> Check:
    matches = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and matches(value)


def _texts(pattern: str, max_length: int) -> Check:
    check = _text(pattern)
    return lambda value: isinstance(value, list) and len(value) <= max_length and all(map(check, value))


def _number(value: Any) -> bool:
    return type(value) is int and abs(value) < _MAX_NUMBER


def _switch(value: Any) -> bool:
    return isinstance(value, bool)


def _optional(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _versions(value: Any) -> bool:
    return isinstance(value, dict) and all(_version(text) for text in (*value.keys(), *value.values()))


def _log_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, dict) and allowed(line, LOG_LINE) == line for line in value)


def _options(value: Any) -> bool:
    return isinstance(value, list) and set(REPORTED_OPTIONS).issuperset(value)


def _connections(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict) and allowed(entry, SUPPORT_CONNECTION) == entry for entry in value
    )


_timestamp = _text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")
_word = _text(r"[a-z_]{1,40}")
_version = _text(r"[A-Za-z0-9_.+ -]{1,60}")

_CHECKS: dict[str, Check] = {
    # one log line
    "at": _timestamp,
    "level": _text(r"[A-Z]{1,10}"),
    "where": _text(r"[A-Za-z_][A-Za-z0-9_.]{0,99}"),
    "event": _text(r"[A-Za-z][A-Za-z ,:;'()-]{0,119}"),
    "operation": _number,
    "kind": _word,
    "state": _word,
    "copy": _text(r"(?:ledger|training-shop)[A-Za-z0-9.-]{0,80}"),
    # an exception
    "error": _texts(r"[A-Za-z_][A-Za-z0-9_]{0,79}", MAX_CAUSES),
    "errno": _text(r"[A-Z][A-Z0-9]{1,40}"),
    "sqlite": _text(r"SQLITE_[A-Z0-9_]{1,40}"),
    "trace": _texts(r"(?:[a-z_]{1,30}/){0,4}[a-z_]{1,30}\.py:\d{1,6} [A-Za-z0-9_<>]{1,80}", MAX_FRAMES),
    # a crash
    "code": _text(r"E-[0-9A-F]{4}"),
    "died_at": _timestamp,
    "fault": _text(r"[A-Za-z0-9 ]{1,40}"),
    "thread": _text(
        r"MainThread|[a-z]{1,20}|(?:Thread|Dummy|ThreadPoolExecutor|asyncio)[-_0-9]{1,9}(?: \([a-z_]{1,40}\))?"
    ),
    "versions": _versions,
    "options": _options,
    "log": _log_lines,
    # settings
    "till": _text(r"[A-Z0-9]{1,12}"),
    "language": _text(r"[a-z]{2}(?:_[A-Z]{2})?"),
    "order_paths": _text(r"[A-Za-z]{1,10}"),
    "trust_used_key": _switch,
    "keyring_usable": _switch,
    "connections": _connections,
    # a connection to another system
    "system": _word,
    "cancel_lines": _word,
    "by_return_flow": _switch,
    "shipping_back": _switch,
    "send_return_id": _switch,
    "ask_bank_account": _switch,
    "repeat_limited": _switch,
    "repeat_items": _switch,
    "mapped_reasons": _number,
    # an operation
    "id": _number,
    "evidence": _optional(_word),
    "review_reason": _optional(_word),
    "failure_reason": _optional(_word),
    "attempts": _number,
    "created_at": _timestamp,
    "settled_at": _optional(_timestamp),
    "leg": _number,
    "after_money": _switch,
}

CALL_FIELDS = ("operation", "kind", "state", "copy")
"""What a call of the log may add by `extra={...}`."""
ERROR_FIELDS = ("error", "errno", "sqlite", "trace")
LOG_LINE = ("at", "level", "where", "event", *CALL_FIELDS, *ERROR_FIELDS)
CRASH_REPORT = (
    "code",
    "at",
    "died_at",
    "fault",
    "thread",
    *ERROR_FIELDS,
    "versions",
    "options",
    "language",
    "order_paths",
    "log",
)
SUPPORT_SETTINGS = ("till", "language", "order_paths", "trust_used_key", "keyring_usable", "connections")
SUPPORT_CONNECTION = (
    "system", "cancel_lines", "by_return_flow", "shipping_back", "send_return_id", "ask_bank_account",
    "repeat_limited", "repeat_items", "mapped_reasons",
)  # fmt: skip
SUPPORT_OPERATION = (
    "id", "kind", "state", "evidence", "review_reason", "failure_reason", "attempts", "created_at", "settled_at",
    "system", "leg", "after_money",
)  # fmt: skip


def allowed(data: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return the named fields of an object whose values pass their check."""
    return {name: data[name] for name in fields if name in data and _CHECKS[name](data[name])}


def format_timestamp(at: datetime) -> str:
    """Return a time as logs and reports hold it: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
