"""Scanner that finds planted secrets in files, in every encoding."""

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

_SEPARATORS = rb"[^0-9]{0,3}"  # points, blanks, or the zero bytes of UTF-16


@dataclass(frozen=True)
class PlantedSecret:
    """A planted secret. `is_number`: its digits are the secret, with any separators."""

    name: str
    text: str
    is_number: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        found = [re.escape(form) for form in encodings_of(self.text)]
        if self.is_number:
            digits = [sign.encode() for sign in self.text if sign.isdecimal()]
            found += [_SEPARATORS.join(digits), *(re.escape(form) for form in encodings_of(b"".join(digits).decode()))]
        return re.compile(b"|".join(sorted(found)), re.IGNORECASE)

    def is_in(self, content: bytes) -> bool:
        """Return whether the content holds the secret in any encoding."""
        return bool(self._pattern.search(content))


def encodings_of(text: str) -> set[bytes]:
    """Encode a text: plain, quoted for JSON, Python, HTML and URLs, in UTF-8, Latin-1 and UTF-16, hex, base64."""
    quoted = {text, json.dumps(text)[1:-1], repr(text)[1:-1], ascii(text)[1:-1], escape(text)}
    quoted |= {quote(text), quote(text, safe=""), quote_plus(text)}
    raw = {one.encode(code) for one in quoted for code in ("utf-8", "utf-16-le", "utf-16-be")}
    raw |= {one.encode("latin-1", "replace") for one in quoted}
    plain = text.encode()
    return raw | {plain.hex().encode()} | set(_in_base64(plain))


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """Yield the base64 parts that do not depend on the bytes around the text, for each of the three offsets."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain)
        middle = whole[4 if before else 0 : -4 if (before + len(plain)) % 3 else None]
        yield from (middle, middle.replace(b"+", b"-").replace(b"/", b"_"))


def find_secrets(root: Path, secrets: Iterable[PlantedSecret]) -> dict[str, set[str]]:
    """Return the secrets by file below `root`: in contents, archives and names."""
    found = {}
    for file in sorted(root.rglob("*")):
        name = file.relative_to(root).as_posix()
        contents = [name.encode(), *(_contents(file.read_bytes()) if file.is_file() else [])]
        if held := {secret.name for secret in secrets for content in contents if secret.is_in(content)}:
            found[name] = held
    return found


def _contents(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(b"\x1f\x8b"):
        yield from _contents(gzip.decompress(content))
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield from _contents(packed.read(name))
