"""Renew the snapshot of known vulnerabilities: `advisories.py [--service URL]`.

It asks an advisory service that speaks the API of OSV for all advisories of every locked package, whatever the version.
The old snapshot stays when any answer is missing or has another form; the exit status is 1 then.
"""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
from advisory_snapshot import SNAPSHOT, Advisory, Event, Snapshot, first_error, is_within, read_snapshot, write_snapshot
from locked import LOCK, locked_everywhere
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict, ValidationError

SERVICE = "https://api.osv.dev"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_MAX_PAGES = 100


class RefreshFailed(Exception):
    """The service gave no complete answer."""


class _Package(BaseModel):
    name: str
    ecosystem: str


class _Range(BaseModel):
    type: str
    events: list[dict[str, str]]


class _Affected(BaseModel):
    package: _Package | None = None
    ranges: list[_Range] = []
    versions: list[str] = []


class _Record(BaseModel):
    id: str
    aliases: list[str] = []
    withdrawn: str | None = None
    affected: list[_Affected] = []


class _Page(BaseModel):
    """The answer to `POST /v1/query`. An object with other fields is an error message, not an empty page."""

    model_config = ConfigDict(extra="forbid")

    vulns: list[_Record] = []
    next_page_token: str | None = None


def fetch_advisories(client: httpx.Client, ecosystem: str, name: str) -> list[Advisory]:
    """All advisories of a package that were not withdrawn. Raises RefreshFailed."""
    query: dict[str, object] = {"package": {"name": name, "ecosystem": ecosystem}}
    found: dict[str, Advisory] = {}
    for _page in range(_MAX_PAGES):
        page = _ask(client, query, name)
        kept = [record for record in page.vulns if not record.withdrawn]
        found |= {record.id: _advisory(record, ecosystem, name) for record in kept}
        if not page.next_page_token:
            return list(found.values())
        query["page_token"] = page.next_page_token
    raise RefreshFailed(f"the answer about {name} has more than {_MAX_PAGES} pages")


def _ask(client: httpx.Client, query: dict[str, object], name: str) -> _Page:
    try:
        answer = client.post("/v1/query", json=query)
    except httpx.HTTPError as error:
        raise RefreshFailed(f"no answer about {name}: {str(error) or type(error).__name__}") from error
    if answer.status_code != httpx.codes.OK:
        raise RefreshFailed(f"the answer about {name} has status {answer.status_code}")
    try:
        return _Page.model_validate_json(answer.content)
    except ValidationError as error:
        raise RefreshFailed(f"the answer about {name} has another form: {first_error(error)}") from error


def _advisory(record: _Record, ecosystem: str, name: str) -> Advisory:
    """The facts of a record about one package. Ranges of commits are left out: they say nothing about versions."""
    about = [part for part in record.affected if part.package and _is_same(part.package, ecosystem, name)]
    if not about:
        raise RefreshFailed(f"{record.id} is no advisory about {name}")
    facts = {
        "id": record.id,
        "aliases": sorted(record.aliases),
        "ranges": [_events(found, record.id) for part in about for found in part.ranges if found.type != "GIT"],
        "versions": sorted({version for part in about for version in part.versions}),
    }
    try:
        advisory = Advisory.model_validate(facts)
    except ValidationError as error:
        raise RefreshFailed(f"{record.id} has another form: {first_error(error)}") from error
    # Services list every version inside the ranges too: hundreds for some packages.
    outside = [version for version in advisory.versions if not _is_covered(version, advisory.ranges)]
    return advisory.model_copy(update={"versions": outside})


def _is_same(package: _Package, ecosystem: str, name: str) -> bool:
    return package.ecosystem == ecosystem and canonicalize_name(package.name) == name


def _events(found: _Range, record: str) -> list[dict[str, str]]:
    """The events of a range. Without `limit`, which could only make it smaller. Raises RefreshFailed."""
    events = [event for event in found.events if "limit" not in event]
    if not any("introduced" in event for event in events):
        raise RefreshFailed(f"{record} has a range without a beginning")
    return events


def _is_covered(version: str, ranges: list[list[Event]]) -> bool:
    try:
        parsed = Version(version)
    except InvalidVersion:
        return False
    return any(is_within(parsed, events) for events in ranges)


def refreshed(client: httpx.Client, old: Snapshot, names: list[str], today: date) -> Snapshot:
    """A new snapshot of these packages. Raises RefreshFailed."""
    packages = {name: fetch_advisories(client, old.ecosystem, name) for name in names}
    if any(old.packages.values()) and not any(packages.values()):
        raise RefreshFailed("the service knows no advisory at all, where the old snapshot has some")
    return Snapshot(source=f"OSV ({client.base_url.host})", ecosystem=old.ecosystem, date=today, packages=packages)


def _service(text: str) -> str:
    """An address that is safe to ask: HTTPS, or HTTP on this computer."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise argparse.ArgumentTypeError(f"{text} is no address") from error
    if url.host and (url.scheme == "https" or (url.scheme == "http" and url.host in _LOOPBACK)):
        return text
    raise argparse.ArgumentTypeError(f"{text} is no https:// address")


def main(given: list[str] | None = None, today: date | None = None) -> int:
    """Renew the snapshot. Return the exit status."""
    parser = argparse.ArgumentParser(prog="advisories.py", description=__doc__)
    parser.add_argument("--service", type=_service, default=SERVICE, metavar="URL")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--snapshot", type=Path, default=SNAPSHOT, metavar="FILE")
    parser.add_argument("--lock", type=Path, default=LOCK, metavar="FILE")
    chosen = parser.parse_args(given)
    try:
        old = read_snapshot(chosen.snapshot)
        names = sorted({name for name, _version in locked_everywhere(chosen.lock.read_text(encoding="utf-8"))})
    except (OSError, ValueError) as error:
        print(f"advisories: nothing was asked: {error}", file=sys.stderr)
        return 1
    try:
        with httpx.Client(base_url=chosen.service, timeout=chosen.timeout) as client:
            new = refreshed(client, old, names, today or datetime.now(UTC).date())
        write_snapshot(chosen.snapshot, new)
    except (RefreshFailed, OSError) as error:
        print(f"advisories: {error}", file=sys.stderr)
        print(f"advisories: the snapshot of {old.date} stays as it was", file=sys.stderr)
        return 1
    count = sum(map(len, new.packages.values()))
    print(f"advisories: {count} advisories of {len(names)} packages, {new.date}, in {chosen.snapshot.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
