"""Who is at the counter, what needs a manager, and the one place where a PIN is proved.

Nobody is asked for anything until the owner names a manager. From then on what only a manager may do needs a grant:
a manager's name and PIN, good for one command. Once cashiers are named too, the till asks who is at the counter.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
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
    with_failed_attempt,
)

_log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
"""Wrong PINs in a row before a wait."""
_FIRST_WAIT = 60.0  # seconds; doubled by every further wrong PIN
_LONGEST_WAIT = 15 * 60.0


class MetadataStore(Protocol):
    """Remembers elsewhere, in the ledger, that this till has managers: a file that is gone is then missed."""

    def metadata(self, name: str) -> str | None:
        """What was remembered under a name."""

    def set_metadata(self, name: str, value: str) -> None:
        """Remember something, durably."""


MANAGED_KEY = "managed"
"""The name under which a ledger remembers that this till has managers."""
AUDIT_LOG_KEY = "trail"
"""The name under which a ledger remembers how far the trail had got when it was opened, or that it was begun."""


class AccessControl:
    """One for the whole run, whatever office is open. `monotonic_clock`: seconds of a clock that never jumps."""

    def __init__(self, staff: StaffFile, audit_log: AuditLog, monotonic_clock: Callable[[], float] = monotonic) -> None:
        self._file = staff
        self._audit_log = audit_log
        self._monotonic_clock = monotonic_clock
        self._metadata: MetadataStore | None = None
        self._entries: tuple[StaffEntry, ...] = ()
        self._lost = False
        self._locked_from: dict[tuple[str, int], float] = {}
        self._proving = asyncio.Lock()
        self.current_user: Person | None = None
        self._load()

    def _load(self) -> None:
        try:
            self._entries = self._file.load()
        except (StaffFileUnreadable, OSError):
            _log.exception("the people cannot be read")
            self._lost = True
        for entry in self._entries:
            self._wait_of(entry)  # a wait begins anew with the program, and no clock can shorten it

    def attach(self, metadata: MetadataStore) -> None:
        """A ledger is open: compare what it remembers, and have it remember how far the trail is.

        Raises LedgerError.
        """
        self._metadata = metadata
        remembered = bool(metadata.metadata(MANAGED_KEY))
        if remembered and not self._entries:
            self._lost = True
        elif self._entries and not remembered:
            metadata.set_metadata(MANAGED_KEY, "1")
        with suppress(OSError):  # said when something is to be written into it
            mark = ChainHead.from_text(metadata.metadata(AUDIT_LOG_KEY) or "")
            # Forward only: what was cut off meanwhile is to be missed at the next look, too.
            if self._audit_log.reconcile_with(mark) and self._audit_log.head() != mark:
                metadata.set_metadata(AUDIT_LOG_KEY, self._audit_log.head().to_text())

    def detach(self) -> None:
        """The ledger is closed: what is to be remembered from now on waits for the next one."""
        self._metadata = None

    def restore_from(self, ledger: Path) -> None:
        """No ledger can be attached: where none of the people are left, its file or a copy may know that there were
        managers.
        """
        if not self._entries and had_managers(ledger):
            self._lost = True

    # --- what is so

    @property
    def session(self) -> Session:
        """Who works here and who is at the counter."""
        people = tuple(entry.person for entry in self._entries)
        managed = self._lost or bool(people)
        asks = any(person.role is Role.CASHIER for person in people)
        return Session(people, self.current_user, managed, asks, self._lost)

    @property
    def current_user_name(self) -> str:
        """The name of who is at the counter; empty when nobody is asked."""
        return self.current_user.name if self.current_user else ""

    # --- asking for it

    def require_sign_in(self) -> None:
        """Raises SignInNeeded when the till asks who is at the counter, and nobody is."""
        if self.current_user is None and self.session.requires_sign_in:
            raise SignInNeeded

    async def approve(self, approval: Approval | None) -> ApprovalGrant:
        """What an approval is worth. Raises PinWrong, PinLocked, OSError."""
        return NO_APPROVAL if approval is None else ApprovalGrant(await self._prove(approval.name, approval.pin))

    def require(self, task: Task, grant: ApprovalGrant, **about: str | int) -> None:
        """Go on only with a manager's grant, where this till has managers; written down either way.

        `about` never holds anything of a customer. Raises ManagerNeeded, OSError.
        """
        now = self.session
        by = grant.by.name if grant.by else ""
        if not now.requires_approval:
            self._note(task.value, about, outcome="allowed")
            return
        # Still a manager: another one may have taken that away since the PIN was proved.
        allowed = any(person == grant.by and person.role is Role.MANAGER for person in now.people)
        outcome = "allowed" if allowed else "refused"
        self._write_down(task.value, about, outcome, approved_by=by)
        if not allowed:
            raise ApprovalNeeded(task, now.managers)

    def record(self, did: str, **about: str | int) -> None:
        """Write down what was done a moment ago; it stays done if that fails."""
        self._note(did, about)

    def _note(self, did: str, about: Mapping[str, str | int], *, outcome: str = "done") -> None:
        try:
            self._write_down(did, about, outcome)
        except OSError:
            _log.exception("nothing was written into the trail")

    def _write_down(self, did: str, about: Mapping[str, str | int], outcome: str, *, approved_by: str = "") -> None:
        """Raises OSError."""
        mark = self._audit_log.append(did, about, outcome=outcome, user=self.current_user_name, approved_by=approved_by)
        if mark.number == 1 and self._metadata is not None:
            # At once: taken away before the next start, a trail that was just begun would not be missed.
            try:
                self._metadata.set_metadata(AUDIT_LOG_KEY, mark.to_text())
            except LedgerError:  # the next registration says what is wrong with it
                _log.exception("the trail's first line was not remembered")

    # --- PINs

    async def sign_in(self, name: str, pin: str) -> Person:
        """Somebody takes the counter over. Raises PinWrong, PinLocked, OSError."""
        person = await self._prove(name, pin)
        changes = person != self.current_user
        self.current_user = person
        if changes:
            self.record("sign_in")
        return person

    def sign_out(self) -> None:
        """Nobody is at the counter any more."""
        if self.current_user is not None:
            self.record("leave")
            self.current_user = None

    async def _prove(self, name: str, pin: str) -> Person:
        async with self._proving:  # two at once would be counted as one
            entry = self._entry_of(name)
            if entry is None:
                self._note("pin", {}, outcome="refused")
                raise PinWrong(None)
            wait = self._wait_of(entry)
            if wait > 0:
                self._note("pin", {"person": entry.person.name, "wait": int(wait) + 1}, outcome="refused")
                raise PinLocked(int(wait) + 1, entry.person.name)
            entry = with_failed_attempt(entry)
            self._keep(put_entry(self._entries, entry))  # before it is looked at: a process that dies has tried
            if not await asyncio.to_thread(verify_pin, pin, entry.pin_hash):
                self._wait_of(entry)
                self._note("pin", {"person": entry.person.name, "tries": entry.failed_attempts}, outcome="refused")
                raise PinWrong(max(0, MAX_ATTEMPTS - entry.failed_attempts), entry.person.name)
            self._keep(put_entry(self._entries, StaffEntry(entry.person, entry.pin_hash)))
            return entry.person

    def _entry_of(self, name: str) -> StaffEntry | None:
        return next((entry for entry in self._entries if same_name(entry.person.name, name)), None)

    def _wait_of(self, entry: StaffEntry) -> float:
        """Seconds before this person's PIN is looked at again; they count from the last wrong one, or the start."""
        if entry.failed_attempts < MAX_ATTEMPTS:
            return 0.0
        wait = min(_FIRST_WAIT * 2.0 ** min(entry.failed_attempts - MAX_ATTEMPTS, 16), _LONGEST_WAIT)
        since = self._locked_from.setdefault((entry.person.name, entry.failed_attempts), self._monotonic_clock())
        return wait - (self._monotonic_clock() - since)

    def _keep(self, entries: tuple[StaffEntry, ...]) -> None:
        self._file.save(entries)
        self._entries = entries

    # --- naming people

    async def save_person(self, name: str, role: Role, pin: str, grant: ApprovalGrant = NO_APPROVAL) -> None:
        """Add somebody, or change the role or PIN (empty: as it was) of who has that name.

        Raises ManagerNeeded, PersonError (the first one must be a manager), LastManager, OSError, LedgerError.
        """
        person = Person(read_name(name), role)
        async with self._proving:  # the list stays as it is meanwhile
            entry = self._entry_of(person.name)
            if entry is None or pin:
                read_pin(pin)
            if role is not Role.MANAGER:
                self._check_others(person.name, PersonError("role"))
            self.require(Task.PEOPLE, grant, person=person.name, role=role.value)
            pin_hash = entry.pin_hash if entry and not pin else await asyncio.to_thread(hash_pin, pin)
            self._keep(put_entry(self._entries, StaffEntry(person, pin_hash)))
        self._remember()
        if self.current_user and same_name(self.current_user.name, person.name):
            self.current_user = person

    async def remove_person(self, name: str, grant: ApprovalGrant = NO_APPROVAL) -> None:
        """Take somebody off the list; without anybody on it nobody is asked for anything any more.

        Raises ManagerNeeded, LastManager, OSError, LedgerError.
        """
        async with self._proving:
            rest = tuple(entry for entry in self._entries if not same_name(entry.person.name, name))
            if rest:
                self._check_others(name, LastManager())
            self.require(Task.PEOPLE, grant, removed=name)
            if not rest and self._metadata is not None:
                self._metadata.set_metadata(MANAGED_KEY, "")
            self._keep(rest)
        if self.current_user and same_name(self.current_user.name, name):
            self.current_user = None

    def _check_others(self, name: str, otherwise: Exception) -> None:
        others = (entry.person for entry in self._entries if not same_name(entry.person.name, name))
        if not any(person.role is Role.MANAGER for person in others):
            raise otherwise if not self._entry_of(name) else LastManager()

    async def reset_pin(self, name: str, pin: str, *, proved: bool) -> None:
        """The owner, `proved` to be that, names a manager, or gives one a new PIN.

        Raises ProofWrong, PersonError, OSError, LedgerError.
        """
        person = Person(read_name(name), Role.MANAGER)
        read_pin(pin)
        outcome = "allowed" if proved else "refused"
        self._write_down("reset", {"person": person.name}, outcome)
        if not proved:
            raise OwnershipNotProved
        async with self._proving:
            self._keep(put_entry(self._entries, StaffEntry(person, await asyncio.to_thread(hash_pin, pin))))
        self._lost = False
        self._remember()

    def _remember(self) -> None:
        if self._metadata is not None:
            self._metadata.set_metadata(MANAGED_KEY, "1")


def had_managers(ledger: Path) -> bool:
    """Whether a till had managers, as its ledger says, which nobody has open, or any of the copies."""
    return any(map(_says_managed, (ledger, *backup_files(ledger), *set_aside_files(ledger))))


def _says_managed(path: Path) -> bool:
    try:
        return path.exists() and bool(read_metadata(path, in_use=False).get(MANAGED_KEY))
    except LedgerError:
        return False
