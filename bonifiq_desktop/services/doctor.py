"""Checks of this PC's installation and of the server, for the supporter; without secrets and personal data."""

import asyncio
import os
import platform
import shutil
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bonifiq_desktop import __version__
from bonifiq_desktop.connectors.certificates import CertificateProblem
from bonifiq_desktop.connectors.server_probe import ServerAnswer, ask_server
from bonifiq_desktop.diagnostics.crash_reports import component_versions
from bonifiq_desktop.domain.operations import UNFINISHED, State
from bonifiq_desktop.domain.returns import CounterReason
from bonifiq_desktop.domain.staff import Role
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ledger.backups import backups_of
from bonifiq_desktop.ledger.change_log_check import ChangeLogReport, inspect_change_log
from bonifiq_desktop.ledger.errors import LedgerError, LedgerNewer
from bonifiq_desktop.ledger.files import backups_folder
from bonifiq_desktop.ledger.history import SQLITE_VERSION, inspect_ledger, read_metadata, read_operations
from bonifiq_desktop.ledger.machine_id import machine_hash
from bonifiq_desktop.ledger.unsafe_location import unsafe_location
from bonifiq_desktop.ledger.watermark import read_watermark
from bonifiq_desktop.security.audit_log import AuditLogBroken, ChainHead, verify_audit_log
from bonifiq_desktop.security.credentials import (
    KEY_VARIABLE,
    TOKEN_VARIABLE,
    ConnectionSecrets,
    CredentialsError,
    CredentialsForOtherAddress,
    CredentialsTimeout,
    CredentialStore,
    KeyStorage,
    credentials_from_environment,
)
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.security.staff import StaffFile, StaffFileUnreadable
from bonifiq_desktop.services.access_control import AUDIT_LOG_KEY, MANAGED_KEY
from bonifiq_desktop.services.clock_check import ClockCheck, installed_at
from bonifiq_desktop.services.installed_versions import InstalledVersions
from bonifiq_desktop.services.updates import last_release
from bonifiq_desktop.storage.files import FolderNotPrivate, check_private, read_json
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.storage.settings import SettingsError, load_settings, parse_update_feed
from bonifiq_desktop.storage.update_check import NEVER_CHECKED, load_update_check

_LOW_DISK = 200 * 1024 * 1024


@dataclass(frozen=True)
class CheckResult:
    """Result of one check. `fine`: False when a person should look at it.

    `shared`: text for use outside this PC; None when `value` may be shared.
    """

    name: str
    value: str
    fine: bool = True
    shared: str | None = None


def report_lines(results: Iterable[CheckResult], *, shared: bool = False) -> list[str]:
    """Format results, one or more lines each. `shared`: only texts that may leave this PC."""
    texts = [(r, r.value if r.shared is None or not shared else r.shared) for r in results]
    return [f"{'ok ' if result.fine else '!! '} {result.name}: {text}" for result, text in texts]


def run_checks(paths: Paths) -> list[CheckResult]:
    """Run all checks without changing anything."""
    keyring = TimedKeyring(system_keyring)
    qt = component_versions().get("PySide6-Essentials", "unknown")
    return [
        _program(InstalledVersions.find()),
        CheckResult("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"),
        CheckResult("libraries", f"SQLite {SQLITE_VERSION}, {ssl.OPENSSL_VERSION}, Qt {qt}"),
        _certificates(),
        *_folder(paths.folder),
        _disk(paths.folder),
        _settings(paths),
        _updates(paths),
        _credentials(paths, keyring),
        _connections(paths, keyring),
        _keyring(keyring),
        _location(paths),
        _ledger(paths),
        _shop_database(paths),
        _pc(paths),
        _copies(paths),
        _staff(paths),
        _audit_log(paths),
    ]


def _program(installed: InstalledVersions | None) -> CheckResult:
    if installed is None:
        return CheckResult("program", __version__)
    state = installed.state()
    text = f"{__version__}, folder {state.running}"
    if state.following != state.running:
        text += f", the next start takes {state.following}"
    if state.failed:
        return CheckResult("program", f"{text}; {state.failed} DID NOT OPEN and is not used", fine=False)
    return CheckResult("program", f"{text}; also installed: {state.alternative or 'none'}")


def _certificates() -> CheckResult:
    from bonifiq_desktop.connectors.certificates import trusted_context

    try:
        authorities = len(trusted_context().get_ca_certs())
    except OSError:  # also ssl.SSLError
        return CheckResult("certificates", "the store of authorities cannot be read: nothing can be sent", fine=False)
    return CheckResult("certificates", f"{authorities} authorities trusted", authorities > 0)


def _folder(folder: Path) -> list[CheckResult]:
    """Where the data folder is, and who else may use it."""
    shown = _without_user(folder)
    try:
        loose = check_private(folder)
    except FileNotFoundError:
        missing = CheckResult("data folder", f"{folder}, not made yet", shared=f"{shown}, not made yet")
        return [missing, CheckResult("rights", "nothing there yet")]
    except FolderNotPrivate as error:
        value = f"{folder}, NOT PRIVATE ({error.exposure}: {error.filename})"
        exposed = CheckResult("data folder", value, fine=False, shared=f"{shown}, NOT PRIVATE ({error.exposure})")
        return [exposed, CheckResult("rights", "NOT for this user alone", fine=False)]
    rights = f"OPEN TO OTHERS in {len(loose)} places until the program starts again" if loose else "for this user alone"
    return [CheckResult("data folder", str(folder), shared=shown), CheckResult("rights", rights, not loose)]


def _without_user(folder: Path) -> str:
    """A path without the user's name, which a path outside the home folder may hold too."""
    with suppress(RuntimeError):  # no home
        for home in (Path.home(), Path.home().resolve()):
            if folder.is_relative_to(home):
                return str("~" / folder.relative_to(home))
    return f"{folder.anchor}…"


def _disk(folder: Path) -> CheckResult:
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    writable = os.access(existing, os.W_OK)
    text = f"{free // 2**20} MB free, {'writable' if writable else 'NOT writable'}"
    return CheckResult("disk", text, free > _LOW_DISK and writable)


def _settings(paths: Paths) -> CheckResult:
    if not paths.settings.exists():
        return CheckResult("settings", "none yet")
    try:
        settings = load_settings(paths.settings)
    except (SettingsError, OSError) as error:
        text = "cannot be used ({})"
        return CheckResult("settings", text.format(error), fine=False, shared=text.format(type(error).__name__))
    server = urlsplit(settings.url)
    return CheckResult(
        "settings",
        f"till {settings.till}, server {settings.url}",
        shared=f"till {settings.till}, server {server.scheme}://{server.hostname}",
    )


def _updates(paths: Paths) -> CheckResult:
    try:
        feed = parse_update_feed(load_settings(paths.settings).update_feed)
    except (SettingsError, OSError):
        return CheckResult("update notice", "off while the settings cannot be used")
    if feed is None:
        return CheckResult("update notice", "off")
    asked = load_update_check(paths.update_check)
    release = last_release(asked.notice, feed.key)
    last = "never asked" if asked == NEVER_CHECKED else f"last asked {asked.checked_at:%Y-%m-%d %H:%M} UTC"
    found = f"found {release.name} of {release.published}, {release.page}" if release else "no notice known"
    return CheckResult("update notice", f"on, {feed.address}; {last}, {found}", shared=f"on; {last}, {found}")


def _keyring(keyring: TimedKeyring) -> CheckResult:
    usable = keyring.usable
    if keyring.timed_out:
        return CheckResult("keyring", "does NOT ANSWER", fine=False)
    return CheckResult("keyring", "usable" if usable else "none usable on this PC")


def _credentials(paths: Paths, keyring: TimedKeyring) -> CheckResult:
    if os.environ.get(TOKEN_VARIABLE) and os.environ.get(KEY_VARIABLE):
        return CheckResult("credentials", "from the environment")
    try:
        data = read_json(paths.credentials)
    except (OSError, ValueError):
        return CheckResult("credentials", "the file cannot be read", fine=False)
    if data.get("sealed_key"):
        try:
            CredentialStore(paths.credentials, keyring).stored()
        except CredentialsError as error:
            why = "does not answer" if isinstance(error, CredentialsTimeout) else "does not open it"
            return CheckResult("credentials", f"key sealed with a keyring that {why}", fine=False)
        return CheckResult("credentials", "key sealed with the keyring")
    if data.get("key"):
        return CheckResult("credentials", "key in a file that only this user can read")
    return CheckResult("credentials", "no key stored")


def _connections(paths: Paths, keyring: TimedKeyring) -> CheckResult:
    """The connections to marketplaces and web shops: system, server, and whether the secret opens."""
    try:
        connections = load_settings(paths.settings).connections if paths.settings.exists() else ()
    except (SettingsError, OSError):
        return CheckResult("connections", "unknown while the settings cannot be used")
    if not connections:
        return CheckResult("connections", "none beside BonifiQ")
    secrets = CredentialStore(paths.credentials, keyring).connections
    found = [(each, _secret_state(secrets, each)) for each in connections]
    lines = "".join(f"\n     {each.name}: {each.system}, {each.url}, {state}" for each, (state, _fine) in found)
    shared = "".join(
        f"\n     {each.system}, {urlsplit(each.url).scheme}://{urlsplit(each.url).hostname}, {state}"
        for each, (state, _fine) in found
    )
    fine = all(is_fine for _each, (_state, is_fine) in found)
    return CheckResult("connections", f"{len(found)}:{lines}", fine, shared=f"{len(found)}:{shared}")


def _secret_state(secrets: ConnectionSecrets, settings: RemoteSettings) -> tuple[str, bool]:
    """Where the secret of a connection is, and whether that is as it should be."""
    mapped = sum(bool(each.cancel_code or each.refund_code) for each in settings.reasons)
    reasons = f"{mapped} of {len(CounterReason)} reasons mapped"
    try:
        stored = secrets.load(settings.name, settings.url)
    except CredentialsForOtherAddress:
        return f"secret is for ANOTHER ADDRESS, {reasons}", False
    except CredentialsError as error:
        why = "a keyring that does not answer" if isinstance(error, CredentialsTimeout) else "what does not open it"
        return f"secret sealed with {why}, {reasons}", False
    if stored is None:
        return f"NO SECRET, {reasons}", False
    place = "sealed with the keyring" if stored.storage is KeyStorage.KEYRING else "in a file that only this user reads"
    return f"secret {place}, {reasons}", True


def _location(paths: Paths) -> CheckResult:
    danger = unsafe_location(paths.folder)
    return CheckResult("place", "a disk of this PC" if danger is None else f"NOT SAFE: {danger}", danger is None)


def _ledger(paths: Paths) -> CheckResult:
    if not paths.ledger.exists():
        gone = read_watermark(paths.ledger) is not None
        return CheckResult("ledger", "GONE" if gone else "none yet", not gone)
    try:
        health = inspect_ledger(paths.ledger)
        states = [operation.state for operation in read_operations(paths.ledger)]
    except LedgerNewer:
        return CheckResult("ledger", "written by a NEWER version: install that one; left as it is", fine=False)
    except LedgerError as error:
        return CheckResult("ledger", f"cannot be used ({type(error).__name__})", fine=False)
    unfinished = sum(state in UNFINISHED for state in states)
    review = states.count(State.REVIEW)
    text = f"{len(states)} operations, {unfinished} unfinished, {review} to decide"
    if health.changed_operations:
        text += f"; changed on disk after they were written: {', '.join(map(str, health.changed_operations))}"
    shared = text
    if health.restoration is not None:
        on = f"on {health.restoration.restored_at:%Y-%m-%d %H:%M} UTC"
        text, shared = f"{text}; put back by {health.restoration.decided_by} {on}", f"{text}; put back {on}"
    return CheckResult("ledger", text, review == 0 and not health.changed_operations, shared)


def _shop_database(paths: Paths) -> CheckResult:
    """What the ledger says of the shop database; the exchange itself is shown by the window."""
    try:
        log = inspect_change_log(paths.ledger) if paths.ledger.exists() else ChangeLogReport(None)
    except LedgerError as error:
        return CheckResult("shop database", f"cannot be read ({type(error).__name__})", fine=False)
    if log.incarnation is None:
        return CheckResult("shop database", "not used")
    text = f"incarnation {log.incarnation}, {log.changes} changes, {log.waiting} rows to tell"
    broken = f"; NOT as they were written, from change {log.broken_at} on" if log.broken_at else ""
    return CheckResult("shop database", text + broken, not broken)


def _pc(paths: Paths) -> CheckResult:
    stored = _metadata(paths)
    if not stored.get("machine_hash"):
        return CheckResult("this PC", "no ledger yet")
    if stored["machine_hash"] != machine_hash(stored.get("ledger_id", "")):
        return CheckResult(
            "this PC", "NOT the one that used the ledger last: say in the window, moved or copied", fine=False
        )
    return CheckResult("this PC", "the one that used the ledger last")


def _staff(paths: Paths) -> CheckResult:
    try:
        roles = [entry.person.role for entry in StaffFile(paths.staff).load()]
    except (StaffFileUnreadable, OSError):
        return CheckResult("people", "cannot be read: restricted tasks cannot be approved", fine=False)
    if not roles:
        gone = bool(_metadata(paths).get(MANAGED_KEY))
        text = "GONE, this till had managers" if gone else "none: every user of this till may do everything"
        return CheckResult("people", text, not gone)
    managers = roles.count(Role.MANAGER)
    return CheckResult("people", f"{managers} managers, {len(roles) - managers} cashiers")


def _audit_log(paths: Paths) -> CheckResult:
    try:
        lines = verify_audit_log(paths.folder, ChainHead.from_text(_metadata(paths).get(AUDIT_LOG_KEY, "")))
    except AuditLogBroken as broken:
        return CheckResult("audit trail", f"NOT as it was written, from line {broken.line_number} on", fine=False)
    except OSError as error:
        return CheckResult("audit trail", f"cannot be read ({error.strerror})", fine=False)
    return CheckResult("audit trail", f"{lines} lines, none changed")


def _metadata(paths: Paths) -> dict[str, str]:
    try:
        return read_metadata(paths.ledger) if paths.ledger.exists() else {}
    except LedgerError:
        return {}


def _copies(paths: Paths) -> CheckResult:
    try:
        # --restore does not accept quarantined files.
        copies = [copy for copy in backups_of(paths.ledger) if copy.path.parent == backups_folder(paths.ledger)]
    except (LedgerError, OSError) as error:
        return CheckResult("copies", f"cannot be read ({type(error).__name__})", fine=False)
    if not copies:
        return CheckResult("copies", "none yet", fine=not paths.ledger.exists())
    lines = "".join(f"\n     {copy.path.name}: {copy.operations} operations" for copy in copies)
    shared = "".join(f"\n     {copy.made_at:%Y-%m-%d %H:%M} UTC: {copy.operations} operations" for copy in copies)
    return CheckResult("copies", f"{len(copies)}, the newest first:{lines}", shared=f"{len(copies)}:{shared}")


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
