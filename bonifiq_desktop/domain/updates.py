"""What a notice of a newer version says. `connectors/update_feed.py` checks its signature before."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bonifiq_desktop.domain.strict_json import load

PROGRAM = "bonifiq-desktop"
MAX_BYTES = 4096
"""Bytes of the largest notice; one has some two hundred."""

Version: TypeAlias = tuple[int, int, int]

_PART = r"(0|[1-9][0-9]{0,5})"
_VERSION = re.compile(rf"{_PART}\.{_PART}\.{_PART}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A person reads it and types or copies it: nothing in it that looks like another address than it is.
_PAGE = re.compile(r"https://[A-Za-z0-9.-]{1,200}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]{0,200})?")


class InvalidUpdateNotice(ValueError):
    """What was published says nothing that can be trusted and understood."""


@dataclass(frozen=True)
class Release:
    """A published version. `page`: where a person gets it; the program opens it for nobody."""

    version: Version
    page: str
    published: date

    @property
    def name(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version))


def parse_version(text: str) -> Version:
    """Three numbers, to be compared as numbers. Raises UnusableNotice."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise InvalidUpdateNotice("version")
    return int(found[1]), int(found[2]), int(found[3])


def parse_release(payload: bytes) -> Release:
    """What a notice says; what a later program put there too is passed over. Raises UnusableNotice."""
    try:
        match load(payload):
            case {"program": str(program), "version": str(version), "page": str(page), "published": str(day)}:
                if program == PROGRAM and _PAGE.fullmatch(page) and _DAY.fullmatch(day):
                    return Release(parse_version(version), page, date.fromisoformat(day))
    except ValueError as error:
        raise InvalidUpdateNotice("content") from error
    raise InvalidUpdateNotice("program, page or day")
