"""Chapters of the help, read from the documents: the user guide, and the messages with their codes.

A comment before a heading names a chapter (`<!-- chapter: sale -->`, level 2) or a place in one (`<!-- place: … -->`),
so that a page finds its help in each language, and also after the heading was reworded.
"""

import re
from dataclasses import dataclass
from functools import cache

from bonifiq_desktop.storage.paths import document

MESSAGES = "messages"
"""Name of the chapter that explains the messages."""

_MARK = re.compile(r"^<!-- (chapter|place): ([\w.-]+) -->\n(#{2,3}) (.+)\n", re.MULTILINE)
_HEADING = re.compile(r"^#{1,3} (.+)\n", re.MULTILINE)
_ROW = re.compile(r"^\| ([A-Z]+-\d\d) \| (.+) \|$", re.MULTILINE)
_LANGUAGES = {"pt": "pt-BR", "en": "en"}


@dataclass(frozen=True)
class Target:
    """A heading in a chapter; an empty heading stands for the chapter's start."""

    chapter: str
    heading: str = ""


@dataclass(frozen=True)
class Chapter:
    """A chapter as Markdown, with its heading."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class MessageEntry:
    """What a message means; `sentences`: how the window says it, `facts`: cells by the headings of their columns."""

    code: str
    sentences: str
    facts: tuple[tuple[str, str], ...]

    @property
    def heading(self) -> str:
        return f"{self.code}: {self.sentences}"


@dataclass(frozen=True)
class Guide:
    """All chapters in reading order, and the places that pages refer to by name."""

    chapters: tuple[Chapter, ...]
    places: dict[str, Target]

    def chapter(self, name: str) -> Chapter:
        return next(each for each in self.chapters if each.name == name)

    def message(self, code: str) -> Target:
        """Where a code is explained; the start of the chapter for an unknown one."""
        headings = _HEADING.findall(self.chapter(MESSAGES).text)
        return Target(MESSAGES, next((each for each in headings if each.startswith(f"{code}:")), ""))


@cache
def read_guide(language: str) -> Guide:
    """Read the help in a language: `pt` or `en`. Raises FileNotFoundError."""
    ending = _LANGUAGES[language]
    guide = document(f"user-guide.{ending}.md").read_text(encoding="utf-8")
    messages = document(f"messages.{ending}.md").read_text(encoding="utf-8")
    chapters = [*_chapters(guide), _message_chapter(messages)]
    places = {chapter.name: Target(chapter.name) for chapter in chapters}
    for chapter in chapters:
        marks = (mark for mark in _MARK.finditer(chapter.text) if mark[1] == "place")
        places |= {mark[2]: Target(chapter.name, mark[4]) for mark in marks}
    shown = (Chapter(each.name, each.title, _without_marks(each.text)) for each in chapters)
    return Guide(tuple(shown), places)


def _chapters(guide: str) -> list[Chapter]:
    marks = [mark for mark in _MARK.finditer(guide) if mark[1] == "chapter"]
    ends = [*(mark.start() for mark in marks[1:]), len(guide)]
    title = _HEADING.findall(guide)[0]
    first = Chapter("guide", title, guide[: marks[0].start()])
    return [
        first,
        *(Chapter(mark[2], mark[4], guide[mark.start() : end]) for mark, end in zip(marks, ends, strict=True)),
    ]


def _without_marks(text: str) -> str:
    return re.sub(r"^<!-- .+ -->\n", "", text, flags=re.MULTILINE)


def read_messages(document_text: str) -> tuple[MessageEntry, ...]:
    """The rows of all tables of a document about messages."""
    entries = []
    for table in document_text.split("\n## ")[1:]:
        names = next(line for line in table.splitlines() if line.startswith("|"))[2:-2].split(" | ")
        for code, rest in _ROW.findall(table):
            sentences, *cells = rest.split(" | ")
            entries.append(MessageEntry(code, sentences, tuple(zip(names[2:], cells, strict=True))))
    return tuple(entries)


def _message_chapter(document_text: str) -> Chapter:
    """Turn each row into a heading with lines: a table of five columns has no room beside the list of chapters."""
    entries = {entry.code: entry for entry in read_messages(document_text)}

    def as_section(row: re.Match[str]) -> str:
        (_, happened), *others = (entry := entries[row[1]]).facts
        lines = (happened, *(f"**{name[:1].upper()}{name[1:]}:** {cell}" for name, cell in others))
        return f"### {entry.heading}\n\n" + "\n\n".join(lines) + "\n"

    without_heads = re.sub(r"^\| [^|]*\|.*\|\n\|-.*\n", "", document_text, flags=re.MULTILINE)
    title = _HEADING.findall(document_text)[0]
    return Chapter(MESSAGES, title, _ROW.sub(as_section, without_heads))
