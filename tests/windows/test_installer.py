"""The real installer under Wine, with a stand-in for the program: install, update, interrupted update, removal."""

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.windows.setup_pc import (
    PROGRAM,
    STARTERS,
    SetupPC,
    build_damaged_installer,
    build_installer,
    compile_fake_program,
    make_program_folder,
    needs_wine,
    wait_for,
)

pytestmark = [pytest.mark.windows, needs_wine]

Installers = dict[str, Path]
INTERRUPTIONS = 20
FAILED = 4
"""Inno Setup's exit status of an installation that stopped while it was under way."""


@pytest.fixture(name="pc", scope="module")
def pc_of_a_shop(tmp_path_factory: pytest.TempPathFactory) -> SetupPC:
    """A PC with the shop's data on it."""
    return SetupPC(tmp_path_factory.mktemp("installer"))


@pytest.fixture(name="installers", scope="module")
def built_installers(pc: SetupPC) -> Installers:
    """The installers of two versions."""
    fake = pc.folder / "fake.exe"
    compile_fake_program(fake)
    return {
        version: build_installer(
            make_program_folder(pc.folder / f"program-{version}", fake, seed=seed), pc.folder / "out", version
        )
        for seed, version in enumerate(("0.1.0", "0.2.0"))
    }


@pytest.fixture(autouse=True)
def clean_pc(pc: SetupPC) -> Iterator[None]:
    """No program, no shortcuts; the shop's data there."""
    pc.data.mkdir(parents=True, exist_ok=True)
    (pc.data / "ledger.db").write_bytes(b"sales of the shop")
    yield
    assert (pc.data / "ledger.db").read_bytes() == b"sales of the shop"
    pc.remove_program()


def install(pc: SetupPC, installers: Installers, *versions: str) -> None:
    """Install versions one after the other; each reports a good start."""
    for version in versions:
        pc.set_up(installers[version])
        assert pc.start() == version
        pc.installed.set_count(version, "good", 1)


def test_silent_installation_starts_and_makes_two_shortcuts(pc: SetupPC, installers: Installers) -> None:
    pc.set_up(installers["0.1.0"])
    assert pc.installed.current == ["0.1.0", ""]
    assert pc.installed.names == {"0.1.0"}
    assert [pc.start(program=name) for name in STARTERS] == ["0.1.0"] * 2
    assert pc.shortcuts() == {"Programs/BonifiQ Desktop.lnk", "Programs/Praticar no BonifiQ Desktop.lnk"}


def test_tasks_make_the_desktop_icon_and_the_start_with_windows(pc: SetupPC, installers: Installers) -> None:
    pc.set_up(installers["0.1.0"], "/MERGETASKS=desktopicon,autostart")
    assert {"Desktop/BonifiQ Desktop.lnk", "StartUp/BonifiQ Desktop.lnk"} <= pc.shortcuts()


def test_update_over_an_older_version_keeps_that_version(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0", "0.2.0")
    assert pc.installed.current == ["0.2.0", "0.1.0"]
    assert pc.installed.names == {"0.1.0", "0.2.0"}


def test_update_over_a_running_till_waits_for_its_next_start(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    with pc.running_till():
        pc.set_up(installers["0.2.0"])
        assert pc.installed.names == {"0.1.0", "0.2.0"}
    assert pc.start() == "0.2.0"


def test_same_version_over_a_running_till_changes_nothing(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    with pc.running_till():
        pc.set_up(installers["0.1.0"])
    assert pc.start() == "0.1.0"
    assert (pc.installed.current, pc.installed.names) == (["0.1.0", ""], {"0.1.0"})


def test_damaged_version_is_mended_by_the_same_installer(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    part = pc.root / "versions" / "0.1.0" / "_internal" / "parts" / "part3.dll"
    sound = part.read_bytes()
    part.write_bytes(b"damaged")
    pc.set_up(installers["0.1.0"])
    assert part.read_bytes() == sound
    assert pc.start() == "0.1.0"


def test_version_that_never_opens_is_replaced_by_the_previous_one(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    pc.set_up(installers["0.2.0"])
    assert [pc.start() for _ in range(4)] == ["0.2.0", "0.2.0", "0.1.0", "0.1.0"]
    assert pc.installed.current == ["0.1.0", "0.2.0", "failed"]


def test_interrupted_updates_leave_a_till_that_starts(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    start = time.monotonic()
    pc.set_up(installers["0.2.0"])
    whole = time.monotonic() - start
    chance, started = random.Random(13), set()
    for _ in range(INTERRUPTIONS):
        pc.installed.set_current("0.1.0", "")
        shutil.rmtree(pc.root / "versions" / "0.2.0", ignore_errors=True)
        pc.interrupt(installers["0.2.0"], after=chance.uniform(0.2, 1.1) * whole)
        version = pc.start()
        assert version == pc.installed.current[0]
        assert pc.is_whole(version)
        started.add(version)
        (pc.root / "starts" / "0.2.0.started").unlink(missing_ok=True)
    assert "0.1.0" in started
    pc.set_up(installers["0.2.0"])
    assert pc.start() == "0.2.0"
    assert pc.installed.names == {"0.1.0", "0.2.0"}


@pytest.mark.parametrize(
    "step", ["versions/0.2.0.new", "versions/0.2.0.new/manifest.txt", "versions/0.2.0", "current.txt.setup"]
)
def test_update_interrupted_at_a_step_leaves_a_till_that_starts(pc: SetupPC, installers: Installers, step: str) -> None:
    install(pc, installers, "0.1.0")
    pc.interrupt_when(installers["0.2.0"], (pc.root / step).exists)
    version = pc.start()
    assert version == pc.installed.current[0]
    assert pc.is_whole(version)
    pc.set_up(installers["0.2.0"])
    assert pc.installed.current == ["0.2.0", "0.1.0"]
    assert pc.installed.names == {"0.1.0", "0.2.0"}


def test_damaged_installer_changes_nothing(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    damaged = build_damaged_installer(pc.folder / "program-0.2.0", pc.folder / "out", "0.2.0")
    log = pc.set_up(damaged, status=FAILED)
    assert "Nada mudou neste computador; instale de novo." in log
    assert (pc.installed.current, pc.start()) == (["0.1.0", ""], "0.1.0")
    assert pc.installed.names == {"0.1.0"}
    assert pc.listed_version() == "0.1.0"


def test_update_over_a_version_that_never_opened_keeps_the_good_one(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    shutil.copytree(pc.root / "versions" / "0.1.0", pc.root / "versions" / "0.1.5")
    pc.installed.set_current("0.1.5", "0.1.0")
    pc.set_up(installers["0.2.0"])
    assert pc.installed.current == ["0.2.0", "0.1.0"]


def test_removal_while_the_till_runs_is_refused(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0")
    with pc.running_till():
        assert pc.uninstall() != 0
        assert (pc.root / "versions" / "0.1.0" / PROGRAM).exists()


def test_removal_takes_the_program_and_leaves_the_data(pc: SetupPC, installers: Installers) -> None:
    install(pc, installers, "0.1.0", "0.2.0")
    assert pc.uninstall() == 0
    wait_for(lambda: not pc.root.exists(), "the removed folder")
    assert not pc.shortcuts()
