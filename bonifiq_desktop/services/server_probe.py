"""What doctor learns by asking the server once, without credentials and changing nothing: the connection, the clock."""

import asyncio
from contextlib import suppress
from datetime import datetime

from bonifiq_desktop.connectors.certificates import CertificateProblem
from bonifiq_desktop.connectors.server_probe import ServerAnswer, ask_server
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.security.credentials import credentials_from_environment
from bonifiq_desktop.services.clock_check import ClockCheck, installed_at
from bonifiq_desktop.services.doctor import CheckResult
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import SettingsError, load_settings

_CERTIFICATE = {
    CertificateProblem.UNKNOWN_AUTHORITY: "of an unknown authority: often an antivirus that looks into connections",
    CertificateProblem.NOT_YET_VALID: "not valid yet: look at this PC's date and time",
    CertificateProblem.EXPIRED: "no longer valid: look at this PC's date and time",
    CertificateProblem.HOST_MISMATCH: "of another host: look at the address, and at who answers in its place",
}


def probe_server(paths: Paths, address: str | None = None) -> list[CheckResult]:
    """Ask the server of the settings, or the one at `address`; none where this till is not set up."""
    clock = ClockCheck()
    is_set_up = address or paths.settings.exists() or paths.credentials.exists() or credentials_from_environment()
    if not is_set_up:
        return [CheckResult("connection", "not tried: this till is not set up"), _clock(clock, paths)]
    try:
        answer = asyncio.run(ask_server(address or load_settings(paths.settings).url))
    except (SettingsError, OSError):
        answer = None
    if answer is None:
        return [CheckResult("connection", "not tried: the settings cannot be used"), _clock(clock, paths)]
    if answer.failure is None:
        clock.record_answer(answer.server_time)
    return [_connection(answer), _clock(clock, paths)]


def _connection(answer: ServerAnswer) -> CheckResult:
    if answer.failure is None:
        return CheckResult("connection", "answers")
    if answer.failure is FailureReason.CERTIFICATE:
        why = _CERTIFICATE.get(answer.certificate or CertificateProblem.OTHER, "cannot be proved")
        return CheckResult("connection", f"the server's certificate is REFUSED, {why}", fine=False)
    return CheckResult("connection", f"NO ANSWER ({answer.failure})", fine=False)


def _clock(clock: ClockCheck, paths: Paths) -> CheckResult:
    doubt = clock.doubt(installed_at(), *_newest_operation_time(paths))
    if doubt is None:
        return CheckResult("clock", "as the server's" if clock.knows_server_time else "not compared with a server's")
    shown = f"this PC shows {doubt.pc_time:%Y-%m-%d %H:%M} UTC"
    if doubt.server_time is not None:
        return CheckResult("clock", f"WRONG: {shown}, the server {doubt.server_time:%Y-%m-%d %H:%M} UTC", fine=False)
    return CheckResult(
        "clock", f"WRONG: {shown}, before {doubt.not_before:%Y-%m-%d %H:%M} UTC, which is past", fine=False
    )


def _newest_operation_time(paths: Paths) -> list[datetime]:
    with suppress(LedgerError):
        if paths.ledger.exists():
            return [operation.created_at for operation in [next(read_operations(paths.ledger), None)] if operation]
    return []
