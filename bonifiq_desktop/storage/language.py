"""The window's language: the only setting that its first paint needs."""

from pathlib import Path

from bonifiq_desktop.storage.files import read_json

LANGUAGES = ("pt_BR", "en")
"""The first one is the default, and the language of the texts in the code."""


def stored_language(settings: Path) -> str:
    """Return the language in a settings file, or the default. The worker reports unreadable settings."""
    try:
        found = read_json(settings).get("language")
    except (OSError, ValueError):
        return LANGUAGES[0]
    return found if isinstance(found, str) and found in LANGUAGES else LANGUAGES[0]
