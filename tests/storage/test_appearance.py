"""The stored appearance: what is kept, and what an unusable file costs."""

import json
from pathlib import Path

import pytest

from bonifiq_desktop.storage.appearance import Appearance, read_appearance, write_appearance


def test_saved_appearance_is_loaded_again(tmp_path: Path) -> None:
    chosen = Appearance("dark", 130, sounds=True, key_strip=True)
    write_appearance(tmp_path / "appearance.json", chosen)
    assert read_appearance(tmp_path / "appearance.json") == chosen


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"look": "pink"}', '{"scale": 1000}', '{"scale": true, "sounds": 1}']
)
def test_unusable_appearance_falls_back_to_the_default(tmp_path: Path, content: str) -> None:
    (tmp_path / "appearance.json").write_text(content)
    assert read_appearance(tmp_path / "appearance.json") == Appearance()


def test_unusable_value_leaves_the_other_values(tmp_path: Path) -> None:
    (tmp_path / "appearance.json").write_text(json.dumps({"look": 7, "scale": 115, "unknown": 1}))
    assert read_appearance(tmp_path / "appearance.json") == Appearance(scale=115)
