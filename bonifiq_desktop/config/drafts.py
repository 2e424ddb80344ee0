"""What is half typed, kept so that a power cut or an Esc loses nothing."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from bonifiq_desktop.config.files import make_private_folder, read_json, sync_folder, write_private


def save_draft(folder: Path, screen: str, content: dict[str, Any]) -> None:
    """Keep what is typed on a screen; an empty content forgets it. Raises OSError."""
    path = folder / f"{screen}.json"
    if not content:
        with suppress(FileNotFoundError):
            path.unlink()
            sync_folder(folder)
        return
    make_private_folder(folder)
    write_private(path, json.dumps(content, ensure_ascii=False).encode())


def load_draft(folder: Path, screen: str) -> dict[str, Any]:
    """What was typed on a screen when it was last left; empty when nothing was, or nothing readable is left of it."""
    try:
        return read_json(folder / f"{screen}.json")
    except (OSError, ValueError):
        return {}
