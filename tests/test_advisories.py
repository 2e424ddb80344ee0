"""The renewal of the snapshot of known vulnerabilities, over real HTTP from a service with the API of OSV."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.build_tools import ECOSYSTEM, build_tool
from tests.support.scripted_server import DROP, Answer, Drop, Request, ScriptedServer

ADVISORIES, AUDIT, SNAPSHOTS = build_tool("advisories"), build_tool("audit"), build_tool("advisory_snapshot")
TODAY = date(2026, 3, 1)


def record(number: int, name: str = "thing", **facts: Any) -> dict[str, Any]:
    """A record in the published form of the OSV schema, with the fields that the snapshot leaves out."""
    return {
        "id": f"TEST-2026-{number}",
        "summary": "Text of the service",
        "details": "More text of the service",
        "modified": "2026-02-03T04:05:06.789Z",
        "published": "2026-02-01T00:00:00Z",
        "aliases": [f"GHSA-{number}", f"CVE-2026-{number}"],
        "references": [{"type": "WEB", "url": "https://advisories.example"}],
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
        "affected": [
            {
                "package": {"name": name, "ecosystem": ECOSYSTEM, "purl": "pkg:generic/thing"},
                "ranges": [
                    {
                        "type": "GIT",
                        "repo": "https://code.example",
                        "events": [{"introduced": "0"}, {"fixed": "c0ffee"}],
                    },
                    {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]},
                ],
                "versions": ["1.0", "1.1"],
                "database_specific": {"source": "https://advisories.example"},
            }
        ],
        "schema_version": "1.7.3",
        **facts,
    }


def affecting(*entries: dict[str, Any]) -> dict[str, Any]:
    """The `affected` of a record about the package `thing`."""
    package = {"name": "thing", "ecosystem": ECOSYSTEM}
    return {"affected": [{"package": package, **entry} for entry in entries]}


class Service:
    """An advisory service. `records`: by package. `page_size`: records of an answer."""

    def __init__(self, records: dict[str, list[dict[str, Any]]], page_size: int = 1000) -> None:
        self.records = records
        self.page_size = page_size

    def __call__(self, request: Request) -> Answer | Drop:
        """Answer as the published API does: an empty object for no advisories, a token for the next page."""
        if (request.method, request.path) != ("POST", "/v1/query"):
            return Answer(404, {"code": 5, "message": "not found"})
        query = json.loads(request.body)
        assert query["package"]["ecosystem"] == ECOSYSTEM
        assert query.keys() <= {"package", "page_token"}
        begin = int(query.get("page_token", "0"))
        found = self.records.get(query["package"]["name"], [])
        page = found[begin : begin + self.page_size]
        following = {"next_page_token": str(begin + self.page_size)} if found[begin + self.page_size :] else {}
        return Answer(body={"vulns": page, **following} if page else {})


class Renewal:
    """A lock with `thing` and `other`, and an old snapshot with one advisory."""

    def __init__(self, folder: Path) -> None:
        self.snapshot, self.lock = folder / "advisories.json", folder / "requirements.lock"
        self.lock.write_text(
            "Thing==1.0 \\\n    --hash=sha256:0\nother==3 ; sys_platform == 'nowhere' \\\n    --hash=x\n"
        )
        old = {"thing": [{"id": "TEST-2020-1", "versions": ["0.1"]}], "gone": []}
        content = {"source": "an old one", "ecosystem": ECOSYSTEM, "date": "2025-12-24", "packages": old}
        self.snapshot.write_text(json.dumps(content), encoding="utf-8")
        self.before = self.snapshot.read_bytes()

    def run(self, url: str, *options: str) -> int:
        """Renew the snapshot. Return the exit status."""
        files = ["--snapshot", str(self.snapshot), "--lock", str(self.lock)]
        return int(ADVISORIES.main(["--service", url, *files, *options], today=TODAY))

    @property
    def packages(self) -> dict[str, Any]:
        """The packages of the snapshot as JSON."""
        packages: dict[str, Any] = json.loads(self.snapshot.read_bytes())["packages"]
        return packages


@pytest.fixture(name="renewal")
def old_snapshot(tmp_path: Path) -> Renewal:
    return Renewal(tmp_path)


@contextmanager
def serving(script: Callable[[Request], Answer | Drop]) -> Iterator[ScriptedServer]:
    with ScriptedServer(script) as server:
        yield server


def test_renewed_snapshot_holds_the_facts_of_every_locked_package(
    renewal: Renewal, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Service({"thing": [record(2), record(1)], "gone": [record(3, "gone")]})) as server:
        assert renewal.run(server.url) == 0
    assert capsys.readouterr().out == "advisories: 2 advisories of 2 packages, 2026-03-01, in advisories.json\n"
    assert json.loads(renewal.snapshot.read_bytes()) == {
        "source": "OSV (127.0.0.1)",
        "ecosystem": ECOSYSTEM,
        "date": "2026-03-01",
        "packages": {
            "other": [],
            "thing": [
                {
                    "id": f"TEST-2026-{number}",
                    "aliases": [f"CVE-2026-{number}", f"GHSA-{number}"],
                    "ranges": [[{"introduced": "0"}, {"fixed": "2.0"}]],
                }
                for number in (1, 2)
            ],
        },
    }
    assert list(renewal.packages) == ["other", "thing"]
    assert b"ext of the service" not in renewal.snapshot.read_bytes()
    assert renewal.snapshot.stat().st_mode & 0o777 == 0o644


def test_renewed_snapshot_is_what_the_audit_reads(renewal: Renewal, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Service({"thing": [record(1)]})) as server:
        assert renewal.run(server.url) == 0
    files = ["--snapshot", str(renewal.snapshot), "--lock", str(renewal.lock)]
    assert AUDIT.main(files, today=TODAY) == 1
    assert "VULNERABLE: thing 1.0: TEST-2026-1 (CVE-2026-1, GHSA-1), fixed in 2.0" in capsys.readouterr().out


@pytest.mark.parametrize("page_size", [1, 2, 3])
def test_every_page_of_an_answer_is_asked_for(renewal: Renewal, page_size: int) -> None:
    with serving(Service({"thing": [record(number) for number in range(5)]}, page_size)) as server:
        assert renewal.run(server.url) == 0
    assert [one["id"] for one in renewal.packages["thing"]] == [f"TEST-2026-{number}" for number in range(5)]
    tokens = [json.loads(request.body).get("page_token") for request in server.requests if b"thing" in request.body]
    assert tokens == [None, *map(str, range(page_size, 5, page_size))]


def test_two_renewals_of_the_same_answers_are_equal(renewal: Renewal) -> None:
    with serving(Service({"thing": [record(2), record(1)]})) as server:
        assert renewal.run(server.url) == 0
    first = renewal.snapshot.read_bytes()
    with serving(Service({"thing": [record(1), record(2)]})) as server:
        assert renewal.run(server.url) == 0
    assert renewal.snapshot.read_bytes() == first


def test_withdrawn_advisory_is_left_out(renewal: Renewal) -> None:
    with serving(Service({"thing": [record(1), record(2, withdrawn="2026-02-05T00:00:00Z")]})) as server:
        assert renewal.run(server.url) == 0
    assert [one["id"] for one in renewal.packages["thing"]] == ["TEST-2026-1"]


@pytest.mark.parametrize(
    ("entries", "kept"),
    [
        (
            [{"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"last_affected": "2"}]}]}],
            {"ranges": [[{"introduced": "1"}, {"last_affected": "2"}]]},
        ),
        ([{"versions": ["1.1", "1.0", "odd one"]}], {"versions": ["1.0", "1.1", "odd one"]}),
        (
            [{"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}]}]}, {"versions": ["0.9", "1.5"]}],
            {"ranges": [[{"introduced": "1"}]], "versions": ["0.9"]},
        ),
        (
            [{"ranges": [{"type": "SEMVER", "events": [{"introduced": "1"}, {"limit": "3"}]}]}],
            {"ranges": [[{"introduced": "1"}]]},
        ),
        ([{"ranges": [{"type": "GIT", "repo": "r", "events": [{"introduced": "0"}]}]}], {}),  # affects all versions
    ],
)
def test_affected_versions_of_an_answer_are_kept(
    renewal: Renewal, entries: list[dict[str, Any]], kept: dict[str, Any]
) -> None:
    elsewhere = {"package": {"name": "thing", "ecosystem": "npm"}, "versions": ["7"]}
    facts = affecting(*entries)
    facts["affected"] += [elsewhere, {"ranges": []}]
    with serving(Service({"thing": [record(1, aliases=[], **facts)]})) as server:
        assert renewal.run(server.url) == 0
    assert renewal.packages["thing"] == [{"id": "TEST-2026-1", **kept}]


def test_package_name_in_another_spelling_is_the_same_package(renewal: Renewal) -> None:
    with serving(Service({"thing": [record(1, "THING")]})) as server:
        assert renewal.run(server.url) == 0
    assert len(renewal.packages["thing"]) == 1


OPEN_RANGE = affecting({"ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "2"}]}]})
ODD_EVENT = affecting({"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"removed": "2"}]}]})
BAD_ANSWERS = {
    "an error": Answer(500, {"code": 13, "message": "internal"}),
    "an error with status 200": Answer(200, {"code": 13, "message": "internal"}),
    "too many requests": Answer(429, {}),
    "a redirect": Answer(302, {}, headers=(("Location", "/v1/other"),)),
    "no content": Answer(204),
    "a portal's page": Answer(200, b"<html>Sign in</html>", "text/html"),
    "a cut body": Answer(200, json.dumps({"vulns": [record(1)]}).encode()[:-40]),
    "a list": Answer(200, []),
    "records of another form": Answer(200, {"vulns": ["TEST-1"]}),
    "records without id": Answer(200, {"vulns": [{"affected": []}]}),
    "another package": Answer(200, {"vulns": [record(1, "unasked")]}),
    "a range without a beginning": Answer(200, {"vulns": [record(1, **OPEN_RANGE)]}),
    "an unknown event": Answer(200, {"vulns": [record(1, **ODD_EVENT)]}),
    "pages without end": Answer(200, {"vulns": [record(1)], "next_page_token": "again"}),
    "a closed connection": DROP,
}


@pytest.mark.parametrize("bad", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
@pytest.mark.parametrize("bad_package", ["thing", "other"])
def test_bad_answer_keeps_the_old_snapshot(
    renewal: Renewal, capsys: pytest.CaptureFixture[str], bad: Answer | Drop, bad_package: str
) -> None:
    good = Service({"thing": [record(1)]})

    def script(request: Request) -> Answer | Drop:
        return bad if json.loads(request.body)["package"]["name"] == bad_package else good(request)

    with serving(script) as server:
        assert renewal.run(server.url) == 1
    assert renewal.snapshot.read_bytes() == renewal.before
    assert [file.name for file in renewal.snapshot.parent.iterdir() if file.name.startswith(".")] == []
    said = capsys.readouterr()
    assert said.out == ""
    [cause, rest] = said.err.splitlines()
    assert cause.startswith("advisories: ")
    assert bad_package in cause or "TEST-2026-1" in cause
    assert rest == "advisories: the snapshot of 2025-12-24 stays as it was"


def test_service_without_any_advisory_keeps_the_old_snapshot(
    renewal: Renewal, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Service({})) as server:
        assert renewal.run(server.url) == 1
    assert renewal.snapshot.read_bytes() == renewal.before
    assert "no advisory at all" in capsys.readouterr().err


def test_unreachable_service_keeps_the_old_snapshot(renewal: Renewal, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert renewal.run(f"http://127.0.0.1:{unused.getsockname()[1]}") == 1
    assert renewal.snapshot.read_bytes() == renewal.before
    assert "no answer about other" in capsys.readouterr().err


def test_silent_service_keeps_the_old_snapshot(renewal: Renewal, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert renewal.run(f"http://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "0.2") == 1
    assert renewal.snapshot.read_bytes() == renewal.before
    assert "no answer about other: timed out" in capsys.readouterr().err


def test_snapshot_that_cannot_be_written_stays(
    renewal: Renewal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with serving(Service({"thing": [record(1)]})) as server:
        assert renewal.run(server.url) == 1
    assert renewal.snapshot.read_bytes() == renewal.before
    assert "No space left on device" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"{}", None])
def test_unreadable_snapshot_or_lock_asks_nothing(renewal: Renewal, content: bytes | None) -> None:
    renewal.snapshot.unlink()
    if content is not None:
        renewal.snapshot.write_bytes(content)
    with serving(Service({"thing": [record(1)]})) as server:
        assert renewal.run(server.url) == 1
    assert server.requests == []


@pytest.mark.parametrize(
    "url", ["http://advisories.example", "ftp://advisories.example", "advisories.example", "https://", "http://[", ""]
)
def test_address_without_encryption_is_refused(renewal: Renewal, capsys: pytest.CaptureFixture[str], url: str) -> None:
    with pytest.raises(SystemExit) as ended:
        renewal.run(url)
    assert ended.value.code == 2
    assert "--service" in capsys.readouterr().err
    assert renewal.snapshot.read_bytes() == renewal.before


def test_default_service_is_asked_over_https() -> None:
    assert ADVISORIES.SERVICE.startswith("https://")
    assert ADVISORIES._service(ADVISORIES.SERVICE) == ADVISORIES.SERVICE
