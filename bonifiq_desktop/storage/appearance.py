"""How the window looks and sounds at this PC; read before the first paint.

Not part of `settings.json`: saving that may need a manager's PIN, which must not stand before larger letters.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from bonifiq_desktop.storage.files import read_json, write_json

THEMES = ("system", "light", "dark")
SIZES = (100, 115, 130)
"""Percent of the usual size of letters and controls."""


@dataclass(frozen=True)
class Appearance:
    """`contrast`: the high-contrast colours, in place of those of `theme`. `key_strip`: keys on a touch screen."""

    theme: str = THEMES[0]
    contrast: bool = False
    size: int = SIZES[0]
    sounds: bool = False
    key_strip: bool = False


def load_appearance(file: Path) -> Appearance:
    """Return the stored appearance; a value that is missing or unusable has its default."""
    stored: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        stored = read_json(file)
    return Appearance(**{name: value for name, value in stored.items() if _is_usable(name, value)})


def save_appearance(file: Path, appearance: Appearance) -> None:
    """Store an appearance. A file error costs only the next start's look."""
    with suppress(OSError):
        write_json(file, asdict(appearance))


def _is_usable(name: str, value: Any) -> bool:
    match name:
        case "theme":
            return value in THEMES
        case "size":
            return type(value) is int and value in SIZES
        case _:
            return name in {each.name for each in fields(Appearance)} and isinstance(value, bool)
