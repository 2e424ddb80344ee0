"""The compiled Windows starter: which version it starts, and how it hands arguments and exit status on."""

import shutil
from collections.abc import Iterator

import pytest

from tests.support.version_folders import VersionFolders
from tests.support.windows_program import CONSOLE, WINDOW, windows_subsystem
from tests.windows.setup_pc import (
    PROGRAM,
    STARTERS,
    SetupPC,
    compile_fake_program,
    load_installer_script,
    needs_wine,
    script_icon,
)

pytestmark = [pytest.mark.windows, needs_wine]


@pytest.fixture(name="pc", scope="module")
def pc_with_starters(tmp_path_factory: pytest.TempPathFactory) -> SetupPC:
    """A PC, and beside its prefix the starters and the stand-in for the program."""
    pc = SetupPC(tmp_path_factory.mktemp("starter"))
    icon = pc.folder / "icon.ico"
    icon.write_bytes(script_icon())
    load_installer_script().build_starters(pc.folder / "parts" / "starter", icon)
    compile_fake_program(pc.folder / "fake.exe")
    return pc


@pytest.fixture(name="folders")
def installed_folders(pc: SetupPC) -> Iterator[VersionFolders]:
    """An update from 0.1.0 to 0.2.0, not started yet."""
    pc.root = pc.folder / "Balcão São João"
    folders = VersionFolders(pc.root)
    for name in STARTERS:
        shutil.copyfile(pc.folder / "parts" / "starter" / name, pc.root / name)
    for name in ("0.1.0", "0.2.0"):
        add(pc, folders, name)
    folders.set_current("0.2.0", "0.1.0")
    yield folders
    shutil.rmtree(pc.root)


def add(pc: SetupPC, folders: VersionFolders, name: str) -> None:
    shutil.copyfile(pc.folder / "fake.exe", folders.add(name, program=PROGRAM))


def starts(pc: SetupPC, count: int) -> list[str]:
    return [pc.start() for _ in range(count)]


def test_starter_of_the_icon_opens_no_console(folders: VersionFolders) -> None:
    assert [windows_subsystem(folders.root / name) for name in STARTERS] == [CONSOLE, WINDOW]


@pytest.mark.parametrize("program", STARTERS)
def test_start_passes_arguments_and_exit_status_on(pc: SetupPC, folders: VersionFolders, program: str) -> None:
    given = ("status", "7", "a b", "", 'q"x', "ção\\", "%PATH%", "--data-dir", "C:\\Dados\\")
    status, lines, err = pc.run(folders.root / program, *given, _PYI_ARCHIVE_FILE="C:\\old.exe")
    assert (status, err) == (7, "")
    assert lines == ["0.2.0", *(f"[{argument}]" for argument in given)]


def test_third_start_without_a_good_one_takes_the_version_before(pc: SetupPC, folders: VersionFolders) -> None:
    assert starts(pc, 4) == ["0.2.0", "0.2.0", "0.1.0", "0.1.0"]
    assert folders.current == ["0.1.0", "0.2.0", "failed"]
    assert sorted(file.name for file in folders.root.iterdir() if file.is_file()) == [*sorted(STARTERS), "current.txt"]


def test_good_version_is_never_abandoned(pc: SetupPC, folders: VersionFolders) -> None:
    folders.set_count("0.2.0", "good", 1)
    folders.set_count("0.2.0", "started", 2)
    assert starts(pc, 3) == ["0.2.0"] * 3
    assert folders.count("0.2.0", "started") == 2


def test_version_stays_while_the_one_before_failed_too(pc: SetupPC, folders: VersionFolders) -> None:
    folders.set_count("0.1.0", "started", 2)
    assert starts(pc, 4) == ["0.2.0"] * 4


def test_only_version_is_never_abandoned(pc: SetupPC, folders: VersionFolders) -> None:
    folders.set_current("0.2.0")
    assert starts(pc, 4) == ["0.2.0"] * 4


@pytest.mark.parametrize("argument", ["--training", "--version", "--quit-when-ready", "doctor"])
def test_practice_and_commands_are_not_counted(pc: SetupPC, folders: VersionFolders, argument: str) -> None:
    assert pc.start(argument) == "0.2.0"
    assert folders.count("0.2.0", "started") == 0


def test_terminal_starter_changes_no_file(pc: SetupPC, folders: VersionFolders) -> None:
    folders.set_count("0.2.0", "started", 2)
    assert pc.start(program="bonifiq-desktop.exe") == "0.2.0"
    assert (folders.current, folders.count("0.2.0", "started")) == (["0.2.0", "0.1.0"], 2)


def test_start_beside_a_running_one_is_neither_counted_nor_judged(pc: SetupPC, folders: VersionFolders) -> None:
    with pc.running_till():
        assert folders.count("0.2.0", "started") == 1
        folders.set_count("0.2.0", "started", 2)
        assert pc.start() == "0.2.0"
        assert folders.count("0.2.0", "started") == 2
    assert pc.start() == "0.1.0"


@pytest.mark.parametrize("damage", ["missing", "empty", "text"])
def test_unusable_program_is_replaced_by_the_version_before(pc: SetupPC, folders: VersionFolders, damage: str) -> None:
    program = folders.root / "versions" / "0.2.0" / PROGRAM
    program.unlink()
    if damage != "missing":
        program.write_bytes(b"no program" if damage == "text" else b"")
    assert pc.start() == "0.1.0"
    assert folders.current == ["0.1.0", "0.2.0", "failed"]


@pytest.mark.parametrize("lines", [(), ("..\\0.2.0",), ("0.9.0", "0.8.0"), ("\x00" * 20,), ("0.2.0" * 200,)])
def test_unusable_current_file_still_starts_a_version(
    pc: SetupPC, folders: VersionFolders, lines: tuple[str, ...]
) -> None:
    shutil.rmtree(folders.root / "versions" / "0.1.0")
    add(pc, folders, "0.0.1.new")
    add(pc, folders, "0.0.2.old")
    folders.set_current(*lines)
    assert pc.start() == "0.2.0"


def test_no_version_at_all_is_said(pc: SetupPC, folders: VersionFolders) -> None:
    shutil.rmtree(folders.root / "versions")
    status, _lines, err = pc.run(folders.root / "bonifiq-desktop.exe")
    assert status == 1
    assert "Instale de novo." in err
    assert "O histórico e os ajustes deste caixa continuam guardados." in err
