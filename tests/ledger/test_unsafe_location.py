"""Unsafe locations of a ledger: network drives and synchronised folders."""

from pathlib import Path

import pytest

from bonifiq_desktop.ledger.errors import LedgerInUnsafeLocation
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.unsafe_location import UnsafeLocation, unsafe_location

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/homes /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//server/loja /mnt/Loja\\040São\\040João cifs rw 0 0
ana@server: /mnt/ssh fuse.sshfs rw 0 0
shared /mnt/shared vboxsf rw 0 0
gdrive /mnt/gdrive fuse.google-drive-ocamlfuse rw 0 0
disks /mnt/joined fuse.mergerfs rw 0 0
overlay /var/lib/box overlay rw 0 0
half a line
"""


MOUNTED = pytest.mark.posix_only("Windows tells a network drive by its letter, not by a table of mounts")


@pytest.mark.parametrize(
    ("folder", "danger"),
    [
        pytest.param("/home/ana/.local/share/BonifiQ Desktop", UnsafeLocation.NETWORK, marks=MOUNTED),
        pytest.param("/mnt/Loja São João/dados", UnsafeLocation.NETWORK, marks=MOUNTED),
        pytest.param("/mnt/ssh", UnsafeLocation.NETWORK, marks=MOUNTED),
        ("/home/local/ana", None),
        ("/homestead", None),
        ("/var/lib/box/dados", None),
        ("/srv/dados", None),
        ("/srv/OneDrive - Loja Ltda/dados", UnsafeLocation.SYNCED),
        ("/srv/ana/Dropbox", UnsafeLocation.SYNCED),
        ("/srv/ana/Dropbox (Loja)", UnsafeLocation.SYNCED),
        ("/srv/Dropboxista/dados", None),
        ("/srv/meu driver", None),
        pytest.param("/mnt/shared", UnsafeLocation.NETWORK, marks=MOUNTED),
        pytest.param("/mnt/gdrive", UnsafeLocation.NETWORK, marks=MOUNTED),
        ("/mnt/joined", None),
        ("/srv/Google Drive/Meu computador", UnsafeLocation.SYNCED),
        ("/Users/ana/Library/Mobile Documents/com~apple~CloudDocs/x", UnsafeLocation.SYNCED),
    ],
)
def test_network_or_synchronised_folder_is_unsafe(folder: str, danger: UnsafeLocation | None, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert unsafe_location(Path(folder), mounts) is danger


def test_renamed_onedrive_folder_is_found_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Nuvem"))
    assert unsafe_location(tmp_path / "Nuvem" / "dados") is UnsafeLocation.SYNCED
    assert unsafe_location(tmp_path / "Nuvem2") is None


def test_missing_mount_table_makes_no_folder_unsafe(tmp_path: Path) -> None:
    assert unsafe_location(tmp_path, tmp_path / "none") is None


def test_ledger_in_a_synchronised_folder_is_neither_made_nor_opened(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    with pytest.raises(LedgerInUnsafeLocation) as error:
        Ledger(folder / "ledger.db")
    assert error.value.location is UnsafeLocation.SYNCED
    assert list(folder.iterdir()) == []
