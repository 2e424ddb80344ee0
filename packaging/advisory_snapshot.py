"""Snapshot of known vulnerabilities: the file `advisories.json`, and which versions an advisory affects.

An advisory has the form of the Open Source Vulnerability schema (OSV), cut down to facts: ids and affected versions.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bonifiq_desktop.storage.files import replace_atomically

SNAPSHOT = Path(__file__).resolve().parent / "advisories.json"

EventKind = Literal["introduced", "fixed", "last_affected"]
Event = Annotated[dict[EventKind, str], Field(min_length=1, max_length=1)]

# Of two events at one version the later one wins: a version that is introduced again is affected.
_ORDER: dict[EventKind, int] = {"fixed": 0, "introduced": 1, "last_affected": 2}


class Advisory(BaseModel):
    """One known vulnerability of one package.

    `ranges`: each a list of events. `versions`: affected ones outside of the ranges.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    aliases: list[str] = []
    ranges: list[list[Event]] = []
    versions: list[str] = []

    def affects(self, version: Version) -> bool:
        """Whether a version is affected. An advisory without any version affects all of them.

        Versions are compared in the order of PEP 440, so a pre-release of a fixed version is affected. A local part
        (`1.0+shop`) does not count.
        """
        if not self.ranges and not self.versions:
            return True
        public = Version(version.public)
        return any(is_within(public, events) for events in self.ranges) or public in map(_parsed, self.versions)

    def fixed_in(self, version: Version) -> Version | None:
        """The lowest version with the fix for an affected version, or None without one."""
        public = Version(version.public)
        events = [event for events in self.ranges if is_within(public, events) for event in events]
        fixes = [fixed for event in events if "fixed" in event and (fixed := _parsed(event["fixed"]))]
        return min((fixed for fixed in fixes if fixed > public), default=None)


class Snapshot(BaseModel):
    """The advisories of all packages on one day.

    `packages`: by normalized name; a package without advisories has an empty list. `ecosystem`: the OSV schema's name
    of the package registry.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    ecosystem: str
    date: date
    packages: dict[str, list[Advisory]]


def is_within(version: Version, events: Sequence[dict[EventKind, str]]) -> bool:
    """Whether a version lies within a range, by the schema's rules of evaluation.

    A bound that is no version counts as far away: an unreadable range affects too many versions rather than too few.
    """
    affected = False
    for kind, bound in _in_order(events):
        if kind == "introduced":
            affected = affected or bound is None or version >= bound
        elif bound is not None and (version > bound or (kind == "fixed" and version == bound)):
            affected = False
    return affected


def _in_order(events: Sequence[dict[EventKind, str]]) -> Iterator[tuple[EventKind, Version | None]]:
    pairs = [pair for event in events for pair in event.items()]
    found = [(kind, None if (kind, text) == ("introduced", "0") else _parsed(text)) for kind, text in pairs]
    yield from sorted((pair for pair in found if pair[1] is None), key=lambda pair: _ORDER[pair[0]])
    bounds = [(bound, _ORDER[kind], kind) for kind, bound in found if bound is not None]
    yield from ((kind, bound) for bound, _order, kind in sorted(bounds))


def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot. Raises OSError, and ValueError for a file of another form."""
    try:
        return Snapshot.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path.name} is no snapshot of advisories: {first_error(error)}") from error


def first_error(error: ValidationError) -> str:
    """The place and the kind of the first error, in one line."""
    [first, *_rest] = error.errors(include_url=False, include_context=False, include_input=False)
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Replace a snapshot atomically, with packages and advisories in order. Raises OSError."""
    packages = {name: sorted(found, key=lambda one: one.id) for name, found in sorted(snapshot.packages.items())}
    text = snapshot.model_copy(update={"packages": packages}).model_dump_json(indent=1, exclude_defaults=True)
    with replace_atomically(path) as file:
        file.write(text.encode() + b"\n")
    path.chmod(0o644)
