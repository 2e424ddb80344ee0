"""Search in the help: accents and case do not count, each typed word must be there, a code is found as it is said."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bonifiq_desktop.ui.help.guide import Guide, Target

_MOST = 60
_SHORTEST = 2  # characters of a word that is searched for
_HEADING = re.compile(r"^#{1,3} ", re.MULTILINE)
_CODE = re.compile(r"([a-z]+)[ -]*0*(\d{1,2})")


@dataclass(frozen=True)
class Passage:
    """A heading with the text below it; `text` and `heading` are folded."""

    target: Target
    chapter_title: str
    title: str
    heading: str
    text: str


def fold(text: str) -> str:
    """Lower case without accents, one character for each: places in both texts are the same."""
    return "".join(unicodedata.normalize("NFD", character)[0].lower()[:1] for character in text)


def passages(guide: Guide) -> tuple[Passage, ...]:
    """The help cut at its headings."""
    found = []
    for chapter in guide.chapters:
        for part in _HEADING.split(chapter.text)[1:]:
            heading, _, text = part.partition("\n")
            target = Target(chapter.name, heading)
            found.append(Passage(target, chapter.title, heading, fold(heading), fold(text)))
    return tuple(found)


def words_of(query: str) -> tuple[str, ...]:
    """The folded words of a query; a code in the form in which the help has it."""
    folded = fold(query).strip()
    code = _CODE.fullmatch(folded)
    return (
        (f"{code[1]}-{int(code[2]):02}",) if code else tuple(word for word in folded.split() if len(word) >= _SHORTEST)
    )


def search(among: Iterable[Passage], query: str) -> list[Passage]:
    """The passages with all words of a query: those with the words in their heading come first."""
    words = words_of(query)
    if not words:
        return []
    found = [each for each in among if all(word in each.heading or word in each.text for word in words)]
    phrase = " ".join(words)

    def rank(passage: Passage) -> tuple[bool, bool, bool]:
        in_heading = all(word in passage.heading for word in words)
        return (not passage.heading.startswith(phrase), not in_heading, phrase not in passage.text)

    return sorted(found, key=rank)[:_MOST]


def places_of(words: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Start and length of each word in a text, to be highlighted."""
    folded = fold(text)
    return [(hit.start(), len(word)) for word in words for hit in re.finditer(re.escape(word), folded)]
