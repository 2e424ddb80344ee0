"""The language of the window, which its first paint needs and nothing else of the settings."""

from pathlib import Path

from bonifiq_desktop.storage.files import read_json

LANGUAGES = ("pt_BR", "en")
"""The first one is the usual one, and that of the texts in the code."""


def stored_language(settings: Path) -> str:
    """The language in a settings file; the usual one where it says none that we know (why is said when it is used)."""
    try:
        found = read_json(settings).get("language")
    except (OSError, ValueError):
        return LANGUAGES[0]
    return found if isinstance(found, str) and found in LANGUAGES else LANGUAGES[0]
