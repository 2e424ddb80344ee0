"""Small files: whole or not there, for this user's eyes only; drafts; where things live."""

import os
import sys
from pathlib import Path

import pytest

from bonifiq_desktop.storage.drafts import load_draft, save_draft
from bonifiq_desktop.storage.files import (
    Exposure,
    FolderNotPrivate,
    check_private,
    make_private_folder,
    read_json,
    remove_partial_files,
    replace_atomically,
    write_json,
    write_private,
)
from bonifiq_desktop.storage.paths import Paths, data_folder, resource
from bonifiq_desktop.storage.settings import SettingsError, load_settings
from tests.support.rights import is_private

REPOSITORY = Path(__file__).parents[2]


def test_replaced_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, b"new")
    assert (file.read_bytes(), is_private(file)) == (b"new", True)
    assert [f.name for f in tmp_path.iterdir()] == ["x.json"]


@pytest.mark.posix_only("Windows replaces no open file: tests/windows/test_held_files.py")
def test_reader_sees_the_old_or_the_new_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    write_private(file, b"a" * 1000)
    with file.open("rb") as reading:  # what was opened before the change stays whole
        assert reading.read(10) == b"a" * 10
        write_private(file, b"b" * 5000)
        assert reading.read() == b"a" * 990
    assert file.read_bytes() == b"b" * 5000


@pytest.mark.posix_only("Windows limits no file's size")
def test_failed_write_leaves_the_old_file_and_no_partial_file(tmp_path: Path) -> None:
    import resource as resource_module

    file = tmp_path / "x.json"
    write_private(file, b"old")
    soft, hard = resource_module.getrlimit(resource_module.RLIMIT_FSIZE)
    resource_module.setrlimit(resource_module.RLIMIT_FSIZE, (4096, hard))  # a disk that is full after 4 KiB
    try:
        with pytest.raises(OSError, match="large"):
            write_private(file, b"n" * 100_000)
    finally:
        resource_module.setrlimit(resource_module.RLIMIT_FSIZE, (soft, hard))
    assert file.read_bytes() == b"old"
    assert [f.name for f in tmp_path.iterdir()] == ["x.json"]


def test_new_content_is_on_disk_before_it_replaces_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.json"
    seen: list[bytes | str] = []
    sync, replace = os.fsync, Path.replace

    def watched_sync(handle: int) -> None:
        sync(handle)
        (rest,) = [f for f in tmp_path.iterdir() if f.name != "x.json"] or [file]
        seen.append(rest.read_bytes())

    def watched_replace(self: Path, target: Path) -> Path:
        seen.append("replaced")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    write_private(file, b"new")
    # The content, the swap, and the folder that names it, which Windows flushes by itself.
    assert seen == [b"new", "replaced", *([b"new"] if sys.platform != "win32" else [])]


def test_json_file_without_an_object_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    assert read_json(file) == {}
    write_json(file, {"nome": "João", "n": [1, None]})
    assert read_json(file) == {"nome": "João", "n": [1, None]}
    for bad in (b"", b"[]", b"{", b"\xff"):
        file.write_bytes(bad)
        with pytest.raises(ValueError, match=r"^"):
            read_json(file)


def test_private_folder_is_closed_to_other_users(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    make_private_folder(tmp_path / "a" / "b")
    assert is_private(tmp_path / "a" / "b")


def test_draft_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    typed = {"saleTotal": "25,90", "saleName": "João", "lines": [{"id": "P1"}]}
    assert load_draft(drafts, "sale") == {}
    save_draft(drafts, "sale", {})  # nothing to forget is no error
    save_draft(drafts, "sale", typed)
    save_draft(drafts, "refund", {"refundValue": "1"})
    assert load_draft(drafts, "sale") == typed
    assert (is_private(drafts), is_private(drafts / "sale.json")) == (True, True)
    save_draft(drafts, "sale", {})
    assert load_draft(drafts, "sale") == {}
    assert load_draft(drafts, "refund") == {"refundValue": "1"}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xff"])
def test_unreadable_draft_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sale.json").write_bytes(content)
    assert load_draft(tmp_path, "sale") == {}


def test_training_has_its_own_folder(tmp_path: Path) -> None:
    chosen = str(tmp_path / "dados")
    real, practice = data_folder(chosen, training=False), data_folder(chosen, training=True)
    assert real == (tmp_path / "dados").resolve()
    assert practice != real
    assert Paths(real).ledger != Paths(practice).ledger
    assert data_folder(None, training=False).is_absolute()
    assert data_folder(None, training=True) != data_folder(None, training=False)


def test_paths_are_all_in_the_data_folder(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    places = (
        paths.ledger,
        paths.settings,
        paths.credentials,
        paths.drafts,
        paths.logs,
        paths.crash_reports,
        paths.training_state,
    )
    assert {place.parent for place in places} == {tmp_path}
    assert len(set(places)) == len(places)
    assert paths.ledger.name == "ledger.db"


def test_resources_are_found_in_a_checkout() -> None:
    some = next(file for file in sorted((REPOSITORY / "resources").rglob("*")) if file.is_file())
    name = some.relative_to(REPOSITORY / "resources").as_posix()
    assert resource(name) == some
    with pytest.raises(FileNotFoundError):
        resource("contract")
    with pytest.raises(FileNotFoundError):
        resource("no/such.file")


@pytest.mark.posix_only("Windows asks for the folder's access list, not for its owner")
def test_folder_of_another_user_is_refused_and_roots_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    if tmp_path.stat().st_uid == 0:
        check_private(tmp_path)  # root's, as this test's folder is where tests run as root
        if hasattr(os, "chown"):
            os.chown(tmp_path, 12345, -1)
    with pytest.raises(FolderNotPrivate) as refused:
        check_private(tmp_path)
    assert (refused.value.exposure, refused.value.filename) == (Exposure.OTHER_OWNER, str(tmp_path))


def test_link_is_replaced_and_never_written_through(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"theirs")
    (tmp_path / "x.json").symlink_to(tmp_path / "target")
    write_private(tmp_path / "x.json", b"ours")
    assert (tmp_path / "target").read_bytes() == b"theirs"
    assert ((tmp_path / "x.json").is_symlink(), (tmp_path / "x.json").read_bytes()) == (False, b"ours")


@pytest.mark.parametrize(
    "content",
    [b'{"url":"https://a.com","url":"https://b.com"}', b'{"a":NaN}', b'{"a":' * 5000, b'{"a":' + b"9" * 100 + b"}"],
)
def test_ambiguous_json_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"^"):
        read_json(tmp_path / "x.json")
    with pytest.raises(SettingsError):
        load_settings(tmp_path / "x.json")


def test_endless_file_is_not_read_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "x.json").open("wb") as file:
        file.write(b'{"a":"')
        file.truncate(10 * 2**30)  # of holes
    with pytest.raises(ValueError, match=r"x\.json"):
        read_json(tmp_path / "x.json")


def test_partial_file_that_is_being_written_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / ".settings.json.abcd1234").write_text("of a program that died")
    with replace_atomically(tmp_path / "credentials.json") as file:
        file.write(b"{}")
        remove_partial_files(tmp_path, except_for=tmp_path / "training-shop.json")
    assert [path.name for path in tmp_path.iterdir()] == ["credentials.json"]
