"""How the window looks and sounds at this PC; read before the first paint.

Not part of `settings.json`: saving that may need a manager's PIN, which must not stand before larger letters.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bonifiq_desktop.storage.files import read_json, write_json

SYSTEM = "system"
LOOKS = (SYSTEM, "light", "dark", "contrast")
SCALES = (100, 115, 130)


@dataclass(frozen=True)
class Appearance:
    """`look`: `system` or one of the looks of `resources/styles/tokens.json`; `scale`: per cent.

    `key_strip`: keys on a touch screen.
    """

    look: str = SYSTEM
    scale: int = SCALES[0]
    sounds: bool = False
    key_strip: bool = False


def read_appearance(file: Path) -> Appearance:
    """Return the stored appearance; a value that is missing or unusable has its default."""
    stored: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        stored = read_json(file)
    return Appearance(**{name: value for name, value in stored.items() if _is_usable(name, value)})


def write_appearance(file: Path, appearance: Appearance) -> None:
    """Raises OSError."""
    write_json(file, asdict(appearance))


def _is_usable(name: str, value: Any) -> bool:
    match name:
        case "look":
            return value in LOOKS
        case "scale":
            return type(value) is int and value in SCALES
        case "sounds" | "key_strip":
            return isinstance(value, bool)
    return False
