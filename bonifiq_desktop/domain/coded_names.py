"""Names with a code, as a shop writes them: `17 = Ana`; a category with those above it: `Roupas > 12 = Camisetas`.

One line of text, so that lists, drafts and the ledger keep what was written.
"""

from dataclasses import dataclass

from bonifiq_desktop.domain.text import plain

_IS = "="
_BELOW = ">"


@dataclass(frozen=True)
class CodedName:
    """What BonifiQ calls OriginalId and Name."""

    code: str
    name: str


def read_coded_name(text: str) -> CodedName | None:
    """Code and name; a name alone is its own code. None for an empty text."""
    code, found, name = (plain(part) for part in text.partition(_IS))
    if not found:
        name = code
    return CodedName(code or name, name or code) if code or name else None


def format_coded_name(code: str, name: str) -> str:
    """The text that `read_named` reads."""
    code, name = plain(code), plain(name)
    return f"{code} {_IS} {name}" if code and name and code != name else name or code


def read_path(text: str) -> tuple[CodedName, ...]:
    """A category, the widest first."""
    return tuple(filter(None, map(read_coded_name, text.split(_BELOW))))


def code_in(entries: tuple[str, ...], name: str) -> str:
    """The code that a list gives to a name; empty where the list has none."""
    wanted = plain(name).casefold()
    known = filter(None, map(read_coded_name, entries))
    return next((each.code for each in known if each.name.casefold() == wanted and each.code != each.name), "")
