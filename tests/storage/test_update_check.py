"""What a till remembers of the notices of newer versions."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.storage.update_check import (
    NEVER_CHECKED,
    UpdateCheck,
    load_update_check,
    save_update_check,
)
from tests.support.rights import is_private

ASKED = UpdateCheck(datetime(2026, 11, 28, 12, 0, tzinfo=UTC), "https://loja.example/a", b"signature\n{}\n")


def test_update_check_is_loaded_as_saved_and_private(tmp_path: Path) -> None:
    file = tmp_path / "updates.json"
    assert load_update_check(file) == NEVER_CHECKED
    save_update_check(file, ASKED)
    assert load_update_check(file) == ASKED
    assert is_private(file)


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "{}", '{"asked_at": 5, "address": "a", "notice": ""}'),
        *(
            json.dumps({"asked_at": at, "address": "a", "notice": ""})
            for at in ("", "today", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59")
        ),
        '{"asked_at": "2026-11-28T12:00:00+00:00", "address": "a", "notice": "\\ud800"}',
    ],
)
def test_unreadable_update_check_counts_as_never_checked(tmp_path: Path, content: str) -> None:
    (tmp_path / "updates.json").write_text(content, encoding="utf-8")
    assert load_update_check(tmp_path / "updates.json") == NEVER_CHECKED
