"""Whatever the program writes is for this user alone, and it does not work in a folder that others can write to."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program.cashier import program

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the rights of a file are another matter there")


def rights_in(folder: Path) -> dict[str, int]:
    """The rights of a folder and of all that is in it, by name."""
    found = [folder, *folder.rglob("*")]
    return {path.relative_to(folder).as_posix(): stat.S_IMODE(path.lstat().st_mode) for path in found}


def test_every_file_of_the_main_job_is_for_this_user_alone_however_loose_the_system_is(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    tour = [sys.executable, "-m", "bonifiq_desktop", "tour", "--out", str(out), "--data-dir", str(data)]
    done = subprocess.run(tour, capture_output=True, text=True, timeout=180, check=False, umask=0)
    assert done.returncode == 0, done.stderr
    assert (out / "data").exists() is False
    rights = rights_in(data)
    for name in ("ledger.db", "training-shop.json", "customer-hash.json", "logs"):
        assert f"training/{name}" in rights
    folders = {name for name in rights if (data / name).is_dir()}
    assert {name: oct(mode) for name, mode in rights.items() if mode != (0o700 if name in folders else 0o600)} == {}


@pytest.mark.parametrize("mode", [0o777, 0o707, 0o702, 0o1777])
@pytest.mark.parametrize("arguments", [[], ["--training"]])
def test_a_folder_that_anybody_can_write_to_is_refused_in_a_sentence(
    tmp_path: Path, mode: int, arguments: list[str]
) -> None:
    data = tmp_path / "data"
    place = data / "training" if arguments else data
    place.mkdir(parents=True)
    place.chmod(mode)
    done = program(*arguments, "--data-dir", str(data), "--quit-when-ready")
    assert done.returncode == 1
    assert f"qualquer usuário deste computador pode escrever na pasta {place}" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(place.iterdir()) == []
    assert "NOT PRIVATE" in program("doctor", *arguments, "--data-dir", str(data)).stdout


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o775])
def test_a_folder_that_only_its_owner_and_his_group_write_to_serves(tmp_path: Path, mode: int) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(mode)
    assert program("--data-dir", str(data), "--quit-when-ready").returncode == 0


@pytest.mark.parametrize("name", ["ledger.db", "settings.json", "credentials.json", "logs", "drafts", "in-use.lock"])
def test_a_link_in_the_place_of_a_file_is_refused_and_its_target_left_alone(tmp_path: Path, name: str) -> None:
    data, target = tmp_path / "data", tmp_path / "target"
    data.mkdir()
    target.write_bytes(b"somebody else's")
    (data / name).symlink_to(target)
    done = program("--data-dir", str(data), "--quit-when-ready")
    assert done.returncode == 1
    assert f"{data / name} é um atalho" in done.stderr
    assert target.read_bytes() == b"somebody else's"
    assert [path.name for path in data.iterdir()] == [name]
