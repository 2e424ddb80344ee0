"""A full or read-only disk: a message, no request, no restart needed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, program, wait_until
from tests.support.headless_till import applied, posted_requests
from tests.support.staff_actions import open_settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX rights and mounts")
MEGABYTES = 2


@dataclass
class SmallDisk:
    """A disk in memory that can be filled and protected, where this user may mount one; else an ordinary folder.

    Where nothing can be mounted, `tests/faults/test_failing_disk.py` still tests the ledger on a full disk.
    """

    folder: Path
    mounted: bool

    @property
    def data(self) -> Path:
        """Return the data folder on the disk."""
        return self.folder / "data"

    def fill(self) -> None:
        """Fill the disk."""
        if not self.mounted:
            pytest.skip("a disk that fills up for every program can only be mounted by root")
        with (self.folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(512))

    def free(self) -> None:
        """Free the disk."""
        (self.folder / "ballast").unlink()

    def protect(self) -> None:
        """Make the disk read-only."""
        if self.mounted:
            assert _root("mount", "-o", "remount,ro", str(self.folder))
        elif os.geteuid() == 0:
            pytest.skip("root may write everywhere, and may not mount here")
        else:
            self.data.chmod(0o500)

    def take_away(self) -> None:
        """Unmount the disk and undo the changes."""
        if self.mounted:
            assert _root("umount", "--lazy", str(self.folder))
        else:
            self.data.chmod(0o700)


def _root(*command: str) -> bool:
    tool = shutil.which(command[0])
    return tool is not None and os.geteuid() == 0 and not subprocess.run([tool, *command[1:]], check=False).returncode


@pytest.fixture(name="disk")
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Request this fixture before `start`: the disk is removed after the programs have ended."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = _root("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "bonifiq-test", str(folder))
    disk = SmallDisk(folder, mounted)
    yield disk
    disk.take_away()


def refund(cashier: Cashier) -> None:
    """Fill in the dialog up to the confirming key."""
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "2590")


def cancel(cashier: Cashier) -> None:
    """Fill in the dialog up to the confirming key."""
    cashier.look_up("1002")
    cashier.open_cancel()


FORMS: dict[str, tuple[Callable[[Cashier], None], str, tuple[str, str, int]]] = {
    "refund": (refund, "refundConfirm", ("refund", "1001", 2590)),
    "cancel": (cancel, "cancelConfirm", ("cancel", "1002", 18900)),
    "sale": (Cashier.fill_sale, "saleSubmit", ("sale", "", 15990)),
}


@pytest.mark.parametrize("kind", FORMS)
def test_refund_on_a_full_disk_is_registered_once_there_is_room(
    disk: SmallDisk, server: TrainingServer, credentials: None, start: Callable[..., Cashier], kind: str
) -> None:
    cashier = start("--data-dir", str(disk.data), "--api-url", server.url)
    fill_in, confirm, meant = FORMS[kind]
    fill_in(cashier)
    let_work(0.5)  # let the draft be saved
    disk.fill()
    cashier.press(Qt.Key.Key_Return, confirm)
    words = cashier.wait_for_message(f"{kind}Message")
    assert "gravado neste PC" in words or "gravar neste PC" in words
    assert "Nada foi registrado nem enviado" in words
    assert "disco está cheio" in words
    let_work(0.2)
    assert posted_requests(server) == []
    assert history(disk.data) == []
    assert cashier.text("pendingCount") == "Nada pendente"
    disk.free()
    cashier.press(Qt.Key.Key_Return, confirm)
    cashier.wait_for_state(f"{kind}Outcome", "confirmed")
    assert [(k, order_id if order_id[:1] == "1" else "", cents) for k, order_id, cents in applied(server)] == [meant]
    assert len(posted_requests(server)) == 1


def test_answer_on_a_full_disk_blocks_sending_until_stored(
    disk: SmallDisk, server: TrainingServer, credentials: None, start: Callable[..., Cashier]
) -> None:
    cashier = start("--data-dir", str(disk.data), "--api-url", server.url)
    server.faults.add("hang", only="refund")
    refund(cashier)
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "sending")
    wait_until(lambda: server.faults.wait_until_held(0), "the request")
    disk.fill()
    server.faults.release()
    let_work(0.3)
    assert cashier.find("refundOutcome").property("state") == "sending"
    assert [row["state"] for row in history(disk.data)] == ["sending"]
    disk.free()
    cashier.close_refund()
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert {(row["kind"], row["state"], row["evidence"]) for row in history(disk.data)} == {
        ("refund", "confirmed", "answer"),
        ("sale", "confirmed", "answer"),
    }
    assert len(posted_requests(server)) == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_export_to_a_full_disk_shows_an_error_and_leaves_no_file(
    disk: SmallDisk, server: TrainingServer, credentials: None, start: Callable[..., Cashier], ending: str
) -> None:
    cashier = start("--data-dir", str(disk.data), "--api-url", server.url)
    cashier.refund()
    wait_until(lambda: bool(cashier.text("settingsUrl")), "the settings")
    let_work(1)  # the idle outbox truncates the WAL, which frees space
    disk.fill()
    sheet = disk.folder / f"vendas.{ending}"
    cashier.press(Qt.Key.Key_F4)
    cashier.window.content.history.export_to(str(sheet))
    assert "Não foi possível gravar neste PC" in cashier.wait_for_message("historyMessage")
    open_settings(cashier, "till")
    cashier.type("settingsTill", "CAIXA9")
    disk.fill()  # deleted files left space for a small one
    cashier.press(Qt.Key.Key_Return, "settingsSave")
    assert "Não foi possível gravar neste PC" in cashier.wait_for_message("settingsMessage")
    assert not sheet.exists()
    assert not (disk.data / "settings.json").exists()
    assert [file.name for folder in (disk.folder, disk.data) for file in folder.glob(".*.????????")] == []
    disk.free()
    cashier.press(Qt.Key.Key_Return, "settingsSave")
    assert "Ajustes salvos" in cashier.wait_for_message("settingsMessage", ("success",))


@pytest.mark.parametrize("state", ["read-only", "full"])
def test_start_on_a_read_only_disk_shows_an_error_and_writes_nothing(
    disk: SmallDisk, server: TrainingServer, credentials: None, state: str
) -> None:
    arguments = ("--data-dir", str(disk.data), "--api-url", server.url, "--quit-when-ready")
    assert program(*arguments).returncode == 0
    before = {file.name: file.read_bytes() for file in disk.data.iterdir() if file.is_file()}
    if state == "full":
        disk.fill()
    else:
        disk.protect()
    done = program(*arguments)
    assert done.returncode == 1
    assert "a pasta de dados não pôde ser usada" in done.stderr
    assert "Traceback" not in done.stderr
    assert {file.name: file.read_bytes() for file in disk.data.iterdir() if file.is_file()} == before
    assert server.service.requests == []
