"""Names with a code, written as `17 = Ana`, and category paths, written as `Roupas > 12 = Camisetas`.

Both are one line of text, so that lists, drafts and the ledger keep them as typed.
"""

from dataclasses import dataclass

from bonifiq_desktop.domain.text import plain

_IS = "="
_BELOW = ">"


@dataclass(frozen=True)
class CodedName:
    """A code and a name; BonifiQ calls them OriginalId and Name."""

    code: str
    name: str


def read_coded_name(text: str) -> CodedName | None:
    """Read a code and a name; a name alone is its own code. Returns None for an empty text."""
    code, found, name = (plain(part) for part in text.partition(_IS))
    if not found:
        name = code
    return CodedName(code or name, name or code) if code or name else None


def format_coded_name(code: str, name: str) -> str:
    """Write the text that `read_coded_name` reads."""
    code, name = plain(code), plain(name)
    return f"{code} {_IS} {name}" if code and name and code != name else name or code


def read_path(text: str) -> tuple[CodedName, ...]:
    """Read a category path, the widest category first."""
    return tuple(filter(None, map(read_coded_name, text.split(_BELOW))))


def code_in(entries: tuple[str, ...], name: str) -> str:
    """Return the code that a list gives to a name, or an empty text."""
    wanted = plain(name).casefold()
    known = filter(None, map(read_coded_name, entries))
    return next((each.code for each in known if each.name.casefold() == wanted and each.code != each.name), "")
