"""Version folders as the running program uses them: good starts, clean-up, going back."""

from pathlib import Path

import pytest

from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.services.installed_versions import InstalledVersions, VersionNotUsable
from tests.support.version_folders import VersionFolders

LEDGER = len(MIGRATIONS)


@pytest.fixture(name="folders")
def installed_folders(tmp_path: Path) -> VersionFolders:
    """An update from 0.1.0 to 0.2.0."""
    folders = VersionFolders(tmp_path / "BonifiQ Desktop")
    folders.add("0.1.0")
    folders.add("0.2.0")
    folders.set_current("0.2.0", "0.1.0")
    return folders


def running(folders: VersionFolders, name: str = "0.2.0") -> InstalledVersions:
    found = InstalledVersions.find(folders.root / "versions" / name / "bonifiq-desktop")
    assert found is not None
    return found


def test_find_outside_version_folders_returns_none(tmp_path: Path, folders: VersionFolders) -> None:
    assert InstalledVersions.find() is None
    assert InstalledVersions.find(tmp_path / "bonifiq-desktop") is None
    assert InstalledVersions.find(folders.root / "bonifiq-desktop") is None
    assert running(folders).running == "0.2.0"


def test_state_names_running_following_and_alternative(folders: VersionFolders) -> None:
    state = running(folders).state()
    assert (state.running, state.following, state.alternative, state.failed) == ("0.2.0", "0.2.0", "0.1.0", "")
    assert state.is_alternative_usable


def test_state_after_setup_over_the_running_version_names_the_next_one(folders: VersionFolders) -> None:
    state = running(folders, "0.1.0").state()
    assert (state.running, state.following, state.alternative) == ("0.1.0", "0.2.0", "0.1.0")


def test_state_after_the_starter_went_back_names_the_failed_version(folders: VersionFolders) -> None:
    folders.set_current("0.1.0", "0.2.0", "failed")
    assert running(folders, "0.1.0").state().failed == "0.2.0"


@pytest.mark.parametrize("lines", [(), ("",), ("../evil", "0.1.0/.."), ("0.2.0", "0.9.0"), ("\x00" * 40,)])
def test_state_with_an_unusable_current_file_has_no_alternative(folders: VersionFolders, lines: tuple[str]) -> None:
    folders.set_current(*lines)
    state = running(folders).state()
    assert (state.following, state.alternative, state.failed) == ("0.2.0", "", "")
    with pytest.raises(VersionNotUsable):
        running(folders).switch()


def test_switch_lets_the_next_start_take_the_alternative_and_back(folders: VersionFolders) -> None:
    assert running(folders).switch().following == "0.1.0"
    assert folders.current == ["0.1.0", "0.2.0"]
    assert running(folders).switch().following == "0.2.0"
    assert folders.current == ["0.2.0", "0.1.0"]
    assert sorted(file.name for file in folders.root.iterdir()) == ["current.txt", "starts", "versions"]


def test_switch_to_a_failed_version_gives_it_its_starts_again(folders: VersionFolders) -> None:
    folders.set_current("0.1.0", "0.2.0", "failed")
    folders.set_count("0.2.0", "started", 2)
    assert running(folders, "0.1.0").switch().failed == ""
    assert folders.current == ["0.2.0", "0.1.0"]
    assert folders.count("0.2.0", "started") == 0


@pytest.mark.parametrize("manifest", ["", "# ledger 0\n", "# ledger x\n", "# ledger 1\udcff\n"])
def test_switch_to_a_version_for_an_older_ledger_is_refused(folders: VersionFolders, manifest: str) -> None:
    written = manifest.encode("utf-8", errors="surrogateescape")
    (folders.root / "versions" / "0.1.0" / "manifest.txt").write_bytes(written)
    assert not running(folders).state().is_alternative_usable
    with pytest.raises(VersionNotUsable):
        running(folders).switch()
    assert folders.current == ["0.2.0", "0.1.0"]


def test_switch_for_a_newer_ledger_needs_a_newer_version(folders: VersionFolders) -> None:
    folders.add("0.3.0", ledger=LEDGER + 1)
    old = running(folders, "0.1.0")
    folders.set_current("0.1.0", "0.2.0")
    assert not old.state(LEDGER + 1).is_alternative_usable
    folders.set_current("0.1.0", "0.3.0")
    assert old.state(LEDGER + 1).is_alternative_usable


def test_third_good_start_removes_versions_before_the_previous_one(folders: VersionFolders) -> None:
    folders.add("0.0.9")
    folders.set_count("0.0.9", "good", 3)
    for count in (1, 2):
        running(folders).report_good_start()
        assert folders.count("0.2.0", "good") == count
        assert folders.names == {"0.0.9", "0.1.0", "0.2.0"}
    running(folders).report_good_start()
    assert folders.names == {"0.1.0", "0.2.0"}
    running(folders).report_good_start()
    assert folders.count("0.2.0", "good") == 3
    assert folders.count("0.0.9", "good") == 0


def test_clean_up_leaves_a_version_that_setup_is_putting_there(folders: VersionFolders) -> None:
    folders.add("0.3.0.new")
    folders.add("0.3.0")
    folders.set_count("0.2.0", "good", 3)
    running(folders).report_good_start()
    assert folders.names == {"0.1.0", "0.2.0", "0.3.0", "0.3.0.new"}


def test_clean_up_with_a_held_version_leaves_it_whole(folders: VersionFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    folders.add("0.0.9")
    folders.set_count("0.0.9", "good", 3)
    folders.set_count("0.2.0", "good", 3)

    def refuse(path: Path, _target: Path) -> Path:
        raise PermissionError(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        running(folders).report_good_start()
    assert (folders.root / "versions" / "0.0.9" / "bonifiq-desktop").exists()
    running(folders).report_good_start()
    assert folders.names == {"0.1.0", "0.2.0"}


def test_clean_up_removes_the_rest_of_an_interrupted_one(folders: VersionFolders) -> None:
    folders.add("0.0.9.old")
    folders.set_count("0.2.0", "good", 3)
    running(folders).report_good_start()
    assert folders.names == {"0.1.0", "0.2.0"}


def test_good_start_in_a_folder_of_another_user_raises_nothing(
    folders: VersionFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_args: object) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "open", refuse)
    running(folders).report_good_start()
    running(folders).withdraw_start()


def test_withdrawn_start_is_not_counted(folders: VersionFolders) -> None:
    folders.set_count("0.2.0", "started", 1)
    running(folders).withdraw_start()
    assert folders.count("0.2.0", "started") == 0
