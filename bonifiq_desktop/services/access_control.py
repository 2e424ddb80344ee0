"""Access control: the signed-in user, approvals by a manager's PIN, and the staff list.

Without staff, the till asks no questions. With a manager on the list, restricted tasks need an approval: a manager's
name and PIN, valid for one command. With a cashier on the list, the till also requires a sign-in.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol

from bonifiq_desktop.domain.staff import (
    NO_APPROVAL,
    Approval,
    ApprovalGrant,
    ApprovalNeeded,
    LastManager,
    OwnershipNotProved,
    Person,
    PersonError,
    PinLocked,
    PinWrong,
    Role,
    Session,
    SignInNeeded,
    Task,
    read_name,
    read_pin,
    same_name,
)
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.files import backup_files, set_aside_files
from bonifiq_desktop.ledger.history import read_metadata
from bonifiq_desktop.security.audit_log import AuditLog, ChainHead
from bonifiq_desktop.security.staff import (
    StaffEntry,
    StaffFile,
    StaffFileUnreadable,
    hash_pin,
    put_entry,
    verify_pin,
)

_log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
"""Consecutive wrong PINs before a wait."""
_FIRST_WAIT = 60.0  # seconds; every further wrong PIN doubles it
_LONGEST_WAIT = 15 * 60.0


class MetadataStore(Protocol):
    """The ledger's metadata, which prove that a missing staff file or audit log once existed."""

    def metadata(self, name: str) -> str | None: ...
    def set_metadata(self, name: str, value: str) -> None: ...


MANAGED_KEY = "managed"
"""Metadata name: this till has managers."""
AUDIT_LOG_KEY = "trail"
"""Metadata name: the head of the audit log's chain when the ledger was opened, or when the log began."""


@dataclass(eq=False, repr=False)
class AccessControl:
    """The access control of one program run; it outlives every ledger. `monotonic_clock`: seconds."""

    staff: StaffFile
    audit_log: AuditLog
    monotonic_clock: Callable[[], float] = monotonic
    current_user: Person | None = field(init=False, default=None)
    _metadata: MetadataStore | None = field(init=False, default=None)
    _entries: tuple[StaffEntry, ...] = field(init=False, default=())
    _is_unreadable: bool = field(init=False, default=False)
    _locked_from: dict[tuple[str, int], float] = field(init=False, default_factory=dict)
    _lock: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        try:
            self._entries = self.staff.load()
        except (StaffFileUnreadable, OSError):
            _log.exception("staff file unreadable")
            self._is_unreadable = True
        for entry in self._entries:
            self._remaining_wait(entry)  # restarts with the program, so that the PC's clock cannot shorten it

    def attach(self, metadata: MetadataStore) -> None:
        """Compare staff file and audit log with an opened ledger's metadata, and update these.

        Raises LedgerError.
        """
        self._metadata = metadata
        had_staff = bool(metadata.metadata(MANAGED_KEY))
        if had_staff and not self._entries:
            self._is_unreadable = True
        elif self._entries and not had_staff:
            metadata.set_metadata(MANAGED_KEY, "1")
        with suppress(OSError):  # the next write to the audit log raises it again
            stored = ChainHead.from_text(metadata.metadata(AUDIT_LOG_KEY) or "")
            # Forward only, so that the next comparison still detects a truncated log.
            if self.audit_log.reconcile_with(stored) and self.audit_log.head() != stored:
                metadata.set_metadata(AUDIT_LOG_KEY, self.audit_log.head().to_text())

    def detach(self) -> None:
        self._metadata = None

    def restore_from(self, ledger: Path) -> None:
        """Detect a missing staff file from a ledger that cannot be opened, or from its copies."""
        copies = (ledger, *backup_files(ledger), *set_aside_files(ledger))
        if not self._entries and any(map(_is_managed, copies)):
            self._is_unreadable = True

    # --- session

    @property
    def session(self) -> Session:
        people = tuple(entry.person for entry in self._entries)
        return Session(
            people,
            self.current_user,
            requires_approval=self._is_unreadable or bool(people),
            requires_sign_in=any(person.role is Role.CASHIER for person in people),
            is_unreadable=self._is_unreadable,
        )

    @property
    def current_user_name(self) -> str:
        return self.current_user.name if self.current_user else ""

    # --- approval

    def require_sign_in(self) -> None:
        """Raises SignInNeeded when the till requires a sign-in and has no current user."""
        if self.session.is_locked:
            raise SignInNeeded

    async def approve(self, approval: Approval | None) -> ApprovalGrant:
        """Check the PIN of an approval. Raises PinWrong, PinLocked, OSError."""
        return NO_APPROVAL if approval is None else ApprovalGrant(await self._check_pin(approval.name, approval.pin))

    def require(self, task: Task, grant: ApprovalGrant, **about: str | int) -> None:
        """Require a manager's grant on a till with managers, and write either outcome to the audit log.

        `about` must not hold personal data of a customer. Raises ApprovalNeeded, OSError.
        """
        session = self.session
        if not session.requires_approval:
            self.record(task.value, outcome="allowed", **about)
            return
        # Another manager may have demoted this one since the PIN was checked.
        allowed = any(person == grant.by and person.role is Role.MANAGER for person in session.people)
        outcome = "allowed" if allowed else "refused"
        self._write(task.value, about, outcome, approved_by=grant.by.name if grant.by else "")
        if not allowed:
            raise ApprovalNeeded(task, session.managers)

    def record(self, did: str, *, outcome: str = "done", **about: str | int) -> None:
        """Write a completed action to the audit log; a failure to write does not undo the action."""
        try:
            self._write(did, about, outcome)
        except OSError:
            _log.exception("audit log entry failed")

    def _write(self, did: str, about: Mapping[str, str | int], outcome: str, *, approved_by: str = "") -> None:
        head = self.audit_log.append(did, about, outcome=outcome, user=self.current_user_name, approved_by=approved_by)
        if head.number == 1 and self._metadata is not None:
            # Stored at once: otherwise a log deleted before the next start would not be missed.
            try:
                self._metadata.set_metadata(AUDIT_LOG_KEY, head.to_text())
            except LedgerError:  # the next registration raises it again
                _log.exception("audit log head not stored")

    # --- PINs

    async def sign_in(self, name: str, pin: str) -> Person:
        """Sign a user in. Raises PinWrong, PinLocked, OSError."""
        person = await self._check_pin(name, pin)
        changes = person != self.current_user
        self.current_user = person
        if changes:
            self.record("sign_in")
        return person

    def sign_out(self) -> None:
        if self.current_user is not None:
            self.record("leave")
            self.current_user = None

    async def _check_pin(self, name: str, pin: str) -> Person:
        async with self._lock:  # two concurrent attempts would count as one
            entry = self._entry_of(name)
            if entry is None:
                self.record("pin", outcome="refused")
                raise PinWrong(None)
            person = entry.person
            wait = self._remaining_wait(entry)
            if wait > 0:
                self.record("pin", outcome="refused", person=person.name, wait=int(wait) + 1)
                raise PinLocked(int(wait) + 1, person.name)
            entry = StaffEntry(person, entry.pin_hash, entry.failed_attempts + 1)
            self._save(put_entry(self._entries, entry))  # before the check: a killed process has used an attempt
            if not await asyncio.to_thread(verify_pin, pin, entry.pin_hash):
                self._remaining_wait(entry)
                self.record("pin", outcome="refused", person=person.name, tries=entry.failed_attempts)
                raise PinWrong(max(0, MAX_ATTEMPTS - entry.failed_attempts), person.name)
            self._save(put_entry(self._entries, StaffEntry(person, entry.pin_hash)))
            return person

    def _entry_of(self, name: str) -> StaffEntry | None:
        return next((entry for entry in self._entries if same_name(entry.person.name, name)), None)

    def _remaining_wait(self, entry: StaffEntry) -> float:
        """Seconds until this person's PIN is checked again, counted from the last wrong PIN or the program's start."""
        if entry.failed_attempts < MAX_ATTEMPTS:
            return 0.0
        wait = min(_FIRST_WAIT * 2.0 ** min(entry.failed_attempts - MAX_ATTEMPTS, 16), _LONGEST_WAIT)
        since = self._locked_from.setdefault((entry.person.name, entry.failed_attempts), self.monotonic_clock())
        return wait - (self.monotonic_clock() - since)

    def _save(self, entries: tuple[StaffEntry, ...]) -> None:
        self.staff.save(entries)
        self._entries = entries

    # --- staff list

    async def save_person(self, name: str, role: Role, pin: str, grant: ApprovalGrant = NO_APPROVAL) -> None:
        """Add a person, or change the role and the PIN (empty: unchanged) of a person.

        The manager who adds the first cashier becomes the current user: the till asks for a sign-in from then on.

        Raises ApprovalNeeded, PersonError (the first person must be a manager), LastManager, OSError, LedgerError.
        """
        person = Person(read_name(name), role)
        required_sign_in = self.session.requires_sign_in
        async with self._lock:
            entry = self._entry_of(person.name)
            if entry is None or pin:
                read_pin(pin)
            if role is not Role.MANAGER:
                self._require_other_manager(person.name, PersonError("role"))
            self.require(Task.PEOPLE, grant, person=person.name, role=role.value)
            pin_hash = entry.pin_hash if entry and not pin else await asyncio.to_thread(hash_pin, pin)
            self._save(put_entry(self._entries, StaffEntry(person, pin_hash)))
        self._store_managed()
        if self.current_user and same_name(self.current_user.name, person.name):
            self.current_user = person
        if self.session.requires_sign_in and not required_sign_in and self.current_user is None:
            self.current_user = grant.by
            self.record("sign_in")

    async def remove_person(self, name: str, grant: ApprovalGrant = NO_APPROVAL) -> None:
        """Remove a person; an empty list ends access control.

        Raises ApprovalNeeded, LastManager, OSError, LedgerError.
        """
        async with self._lock:
            rest = tuple(entry for entry in self._entries if not same_name(entry.person.name, name))
            if rest:
                self._require_other_manager(name, LastManager())
            self.require(Task.PEOPLE, grant, removed=name)
            if not rest and self._metadata is not None:
                self._metadata.set_metadata(MANAGED_KEY, "")
            self._save(rest)
        if self.current_user and same_name(self.current_user.name, name):
            self.current_user = None

    def _require_other_manager(self, name: str, otherwise: Exception) -> None:
        others = (entry.person for entry in self._entries if not same_name(entry.person.name, name))
        if not any(person.role is Role.MANAGER for person in others):
            raise otherwise if not self._entry_of(name) else LastManager()

    async def reset_pin(self, name: str, pin: str, *, proved: bool) -> None:
        """Name a manager, or give one a new PIN, as the owner. `proved`: the ownership was proved.

        Raises OwnershipNotProved, PersonError, OSError, LedgerError.
        """
        person = Person(read_name(name), Role.MANAGER)
        read_pin(pin)
        outcome = "allowed" if proved else "refused"
        self._write("reset", {"person": person.name}, outcome)
        if not proved:
            raise OwnershipNotProved
        async with self._lock:
            self._save(put_entry(self._entries, StaffEntry(person, await asyncio.to_thread(hash_pin, pin))))
        self._is_unreadable = False
        self._store_managed()

    def _store_managed(self) -> None:
        if self._metadata is not None:
            self._metadata.set_metadata(MANAGED_KEY, "1")


def _is_managed(path: Path) -> bool:
    try:
        return path.exists() and bool(read_metadata(path, in_use=False).get(MANAGED_KEY))
    except LedgerError:
        return False
