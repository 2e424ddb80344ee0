"""Drafts of the screens, one JSON file each: a power cut or Esc loses no typed text."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bonifiq_desktop.storage.files import make_private_folder, read_json, sync_folder, write_private
from bonifiq_desktop.storage.held_files import retry_while_held


def save_draft(folder: Path, screen: str, content: dict[str, Any]) -> None:
    """Save the draft of a screen; empty content deletes it. Raises OSError."""
    path = folder / f"{screen}.json"
    if not content:
        with suppress(FileNotFoundError):
            retry_while_held(path.unlink)
            sync_folder(folder)
        return
    make_private_folder(folder)
    write_private(path, json.dumps(content, ensure_ascii=False).encode())


def load_draft(folder: Path, screen: str) -> dict[str, Any]:
    """Return the draft of a screen; empty when there is none, or none that can be read."""
    try:
        return read_json(folder / f"{screen}.json")
    except (OSError, ValueError):
        return {}


def find_drafts(
    folder: Path, matches: Callable[[str], bool], until: datetime | None = None
) -> dict[str, dict[str, Any]]:
    """Return the drafts with a matching text, by screen. `until`: none that was changed later. Raises OSError."""
    files = [path for path in sorted(folder.glob("*.json")) if until is None or _changed_at(path) <= until]
    drafts = {path.stem: load_draft(folder, path.stem) for path in files}
    return {screen: draft for screen, draft in drafts.items() if any(map(matches, _texts(draft)))}


def _texts(content: Any) -> Iterator[str]:
    match content:
        case str():
            yield content
        case dict():
            for value in content.values():
                yield from _texts(value)
        case list():
            for value in content:
                yield from _texts(value)


def delete_old_drafts(folder: Path, before: datetime) -> None:
    """Delete the drafts last changed before a time. Raises OSError."""
    for path in folder.glob("*.json"):
        if _changed_at(path) < before:
            save_draft(folder, path.stem, {})


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
