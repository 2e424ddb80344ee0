"""Files that the backend writes: private, atomic, never through a link."""

import csv
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.storage.files import InsideDataFolder
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.worker import commands as c
from tests.worker.conftest import OpenClient, Window

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the rights of a file are another matter there")


@pytest.fixture(name="loose", autouse=True)
def system_with_umask_zero() -> Iterator[None]:
    """Umask 0: a file created without a mode is open to all users."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_files_of_the_backend_and_exports_are_for_this_user_alone(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths, tmp_path: Path
) -> None:
    client = open_bare_client()
    pair = Credentials(server.token, server.key)
    window.get(client, c.SaveSettings(Settings(url=server.url), pair, allow_plain_file=True))
    order = window.get(client, c.LookUp("1001")).order
    window.ask(client, c.SaveDraft("sale", {"saleName": "Ana"}))
    window.get(client, c.RegisterRefund(RefundRequest(order, 100)))
    assert window.get(client, c.ExportHistory(str(tmp_path / "out.csv"))) == 1
    window.until((paths.folder / "backups").exists)
    assert client.stop()
    written = [tmp_path / "out.csv", *paths.folder.rglob("*")]
    names = {path.name for path in written}
    assert {"ledger.db", "settings.json", "credentials.json", "customer-key.json", "sale.json", "backups"} <= names
    wrong = {
        path.name: oct(stat.S_IMODE(path.stat().st_mode))
        for path in written
        if stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600)
    }
    assert wrong == {}


def test_export_replaces_a_link_and_keeps_its_target(open_client: OpenClient, window: Window, tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"theirs")
    (tmp_path / "out.csv").symlink_to(tmp_path / "target")
    window.get(open_client(), c.ExportHistory(str(tmp_path / "out.csv")))
    assert (tmp_path / "target").read_bytes() == b"theirs"
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file, delimiter=";"))[0] == "id"
    assert not (tmp_path / "out.csv").is_symlink()


SAVES: dict[str, Callable[[str], c.Command[Any]]] = {
    "history": c.ExportHistory,
    "customer": lambda path: c.ExportPersonalData("529.982.247-25", path),
    "support": c.SaveSupportFile,
}
INSIDE: dict[str, Callable[[Path], Path]] = {
    "the ledger": lambda folder: folder / "ledger.db",
    "a new file": lambda folder: folder / "drafts" / "new.csv",
    "with dots": lambda folder: folder.parent / "elsewhere" / ".." / folder.name / "settings.json",
    "through a link": lambda folder: folder.parent / "link" / "settings.json",
}


def fingerprint(file: Path) -> object:
    """What an export into the file would change; the program itself writes to the ledger meanwhile."""
    if not file.exists():
        return None
    return (file.stat().st_ino, file.read_bytes()[:16]) if file.suffix == ".db" else file.read_bytes()


@pytest.mark.parametrize("kind", SAVES)
@pytest.mark.parametrize("way", INSIDE)
def test_export_into_the_data_folder_is_refused(
    open_client: OpenClient, window: Window, paths: Paths, kind: str, way: str
) -> None:
    client = open_client()
    window.ask(client, c.SaveDraft("sale", {"saleName": "Ana"}))
    (paths.folder.parent / "elsewhere").mkdir()
    (paths.folder.parent / "link").symlink_to(paths.folder)
    target = INSIDE[way](paths.folder)
    before = fingerprint(target)
    error = window.ask(client, SAVES[kind](str(target))).error
    assert isinstance(error, InsideDataFolder)
    assert message_for_error(error).title == "Escolha outra pasta: esta é a do próprio programa."
    assert fingerprint(target) == before
    assert window.ask(client, SAVES[kind](str(paths.folder.parent / "elsewhere" / "out"))).error is None


def test_failed_export_leaves_the_old_file_and_no_partial_file(
    open_client: OpenClient, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "out.csv").write_bytes(b"old")
    client = open_client()
    window.get(client, c.ReadSettings())

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        assert isinstance(window.ask(client, c.ExportHistory(str(folder / "out.csv"))).error, OSError)
    assert [path.name for path in folder.iterdir()] == ["out.csv"]
    assert (folder / "out.csv").read_bytes() == b"old"
