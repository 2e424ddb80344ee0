"""Parsing of update notices, after `connectors/update_feed.py` has verified their signature."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bonifiq_desktop.domain.strict_json import load

PROGRAM = "bonifiq-desktop"
MAX_BYTES = 4096
"""Maximum size of a notice in bytes; a usual one has about two hundred."""

Version: TypeAlias = tuple[int, int, int]

_PART = r"(0|[1-9][0-9]{0,5})"
_VERSION = re.compile(rf"{_PART}\.{_PART}\.{_PART}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A person reads and copies this URL, so it holds no characters that could disguise another address.
_PAGE = re.compile(r"https://[A-Za-z0-9.-]{1,200}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]{0,200})?")


class InvalidUpdateNotice(ValueError):
    """The notice is not signed by the publisher, or is malformed."""


@dataclass(frozen=True)
class Release:
    """A published version. `page`: the download page, which the program never opens by itself."""

    version: Version
    page: str
    published: date

    @property
    def name(self) -> str:
        """The version as text."""
        return ".".join(map(str, self.version))


def parse_version(text: str) -> Version:
    """Parse a version of three numbers. Raises InvalidUpdateNotice."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise InvalidUpdateNotice("version")
    return int(found[1]), int(found[2]), int(found[3])


def parse_release(payload: bytes) -> Release:
    """Parse a notice and ignore unknown fields. Raises InvalidUpdateNotice."""
    try:
        match load(payload):
            case {"program": str(program), "version": str(version), "page": str(page), "published": str(day)}:
                if program == PROGRAM and _PAGE.fullmatch(page) and _DAY.fullmatch(day):
                    return Release(parse_version(version), page, date.fromisoformat(day))
    except ValueError as error:
        raise InvalidUpdateNotice("content") from error
    raise InvalidUpdateNotice("program, page or day")
