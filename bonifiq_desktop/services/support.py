"""The support file, built from known fields only, without secrets and personal data."""

import json
import logging
import ssl
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from bonifiq_desktop.diagnostics.crash_reports import component_versions, read_crash_reports, read_fault_log
from bonifiq_desktop.diagnostics.log_file import read_log_lines
from bonifiq_desktop.diagnostics.log_schema import (
    SUPPORT_CONNECTION,
    SUPPORT_OPERATION,
    SUPPORT_SETTINGS,
    allowed,
    format_timestamp,
)
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.errors import LedgerError, RowsUnreadable
from bonifiq_desktop.ledger.history import SQLITE_VERSION, read_operations
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.services.doctor import report_lines, run_checks
from bonifiq_desktop.storage.files import write_user_file
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.storage.settings import load_settings

_log = logging.getLogger(__name__)
_OPERATIONS = 200


def write_support_file(paths: Paths, target: Path) -> None:
    """Write the support file atomically, readable by this user only. Raises InsideDataFolder, OSError."""
    parts = [(name, _safely(make, paths)) for name, make in _PARTS.items()]
    with write_user_file(target, data_folder=paths.folder) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)


def _safely(make: Callable[[Paths], str], paths: Paths) -> str:
    try:
        return make(paths)
    except Exception as error:
        _log.exception("support file part failed")
        return type(error).__name__


def _settings(paths: Paths) -> str:
    settings = load_settings(paths.settings)
    shown = {
        "keyring_usable": TimedKeyring(system_keyring).usable,
        "connections": [_connection(each) for each in settings.connections],
    }
    return _json(allowed(vars(settings) | shown, SUPPORT_SETTINGS))


def _connection(settings: RemoteSettings) -> dict[str, Any]:
    """How a connection is set up; no name, address, user or secret."""
    mapped = sum(bool(each.cancel_code or each.refund_code) for each in settings.reasons)
    return allowed(vars(settings) | {"mapped_reasons": mapped}, SUPPORT_CONNECTION)


def _operations(paths: Paths) -> str:
    """The newest operations, and the error that cut the list short."""
    operations: list[Operation] = []
    failure = None
    try:
        operations = list(islice(read_operations(paths.ledger), _OPERATIONS))
    except LedgerError as error:
        failure = type(error).__name__
        operations = error.readable if isinstance(error, RowsUnreadable) else []
    return _json({"failure": failure, "operations": [_row(operation) for operation in operations]})


def _row(operation: Operation) -> dict[str, Any]:
    """Kind and state of an operation; no customer, value, reason or message."""
    fields = vars(operation) | {
        "id": operation.operation_id,
        "created_at": format_timestamp(operation.created_at),
        "settled_at": format_timestamp(operation.settled_at) if operation.settled_at else None,
    }
    return allowed(fields, SUPPORT_OPERATION)


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


_PARTS: dict[str, Callable[[Paths], str]] = {
    "doctor.txt": lambda paths: "\n".join(report_lines(run_checks(paths), shared=True)),
    "versions.json": lambda _paths: _json(
        component_versions() | {"sqlite": SQLITE_VERSION, "openssl": ssl.OPENSSL_VERSION}
    ),
    "settings.json": _settings,
    "operations.json": _operations,
    "log.jsonl": lambda paths: "\n".join(json.dumps(line) for line in read_log_lines(paths.logs)),
    "crashes.json": lambda paths: _json({"reports": read_crash_reports(paths), "fault": read_fault_log(paths)}),
}
