"""The window's look and size: changed without the owner's settings, and the first paint needs them."""

from dataclasses import asdict, dataclass
from pathlib import Path

from bonifiq_desktop.storage.files import read_json, write_json

SYSTEM = "system"
LOOKS = (SYSTEM, "light", "dark", "contrast")
SCALES = (100, 115, 130)


@dataclass(frozen=True)
class Appearance:
    """`look`: `system` or one of the looks of `resources/styles/tokens.json`; `scale`: per cent."""

    look: str = SYSTEM
    scale: int = SCALES[0]


def read_appearance(file: Path) -> Appearance:
    """Return the stored appearance; an unreadable file only loses it."""
    try:
        stored = read_json(file)
    except (OSError, ValueError):
        return Appearance()
    look, scale = stored.get("look"), stored.get("scale")
    return Appearance(look if look in LOOKS else SYSTEM, scale if scale in SCALES else SCALES[0])


def write_appearance(file: Path, appearance: Appearance) -> None:
    """Raises OSError."""
    write_json(file, asdict(appearance))
