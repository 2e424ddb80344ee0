"""The stored appearance: what is kept, and what an unusable file costs."""

import json
from pathlib import Path

import pytest

from bonifiq_desktop.storage.appearance import Appearance, load_appearance, save_appearance


def test_saved_appearance_is_loaded_again(tmp_path: Path) -> None:
    chosen = Appearance("dark", contrast=True, size=130, sounds=True, key_strip=True)
    save_appearance(tmp_path / "appearance.json", chosen)
    assert load_appearance(tmp_path / "appearance.json") == chosen


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"theme": "pink"}', '{"size": 1000}', '{"size": true, "sounds": 1}']
)
def test_unusable_appearance_falls_back_to_the_default(tmp_path: Path, content: str) -> None:
    (tmp_path / "appearance.json").write_text(content)
    assert load_appearance(tmp_path / "appearance.json") == Appearance()


def test_unusable_value_leaves_the_other_values(tmp_path: Path) -> None:
    (tmp_path / "appearance.json").write_text(json.dumps({"theme": 7, "size": 115, "unknown": 1}))
    assert load_appearance(tmp_path / "appearance.json") == Appearance(size=115)


def test_unwritable_appearance_file_is_ignored(tmp_path: Path) -> None:
    save_appearance(tmp_path, Appearance(size=115))
    assert load_appearance(tmp_path) == Appearance()
