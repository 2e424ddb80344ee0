r"""Templates of slips: one line of a file is one line of the slip.

| line | becomes |
|---|---|
| `# …` | nothing: a remark |
| `---` | a ruled line |
| `^ …`, `* …`, `+ …`, `- …` | centred, strong, big, small; two signs together, as in `^+ …` |
| `… \\| …` | a text, and an amount at its right |

`{name}` stands for a value. A line whose values are all empty vanishes. Lines that stand together and hold values of a
list, as in `{item.name}`, are repeated for each row of it.
"""

import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from zlib import crc32

from bonifiq_desktop.domain.slips import LineStyle, SlipKind, SlipLine, SlipWarning, TemplateProblem
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.storage.paths import resource

MAX_BYTES = 16_384
"""The largest template that is read: ten times a long one."""

MAX_LOGO_BYTES, MAX_LOGO_SIDE = 2_000_000, 4000
"""The largest logo: bytes, and dots of a side."""

_COMMON = ("branch", "till", "date", "time", "number")
_OPERATION = (
    *_COMMON, "order", "value", "status", "points", "money", "customer", "document", "person", "reason", "payment",
    "seller", "coupon", "item.name", "item.value",
)  # fmt: skip
PLACEHOLDERS: Mapping[SlipKind, tuple[str, ...]] = {
    SlipKind.SALE: _OPERATION,
    SlipKind.REFUND: _OPERATION,
    SlipKind.CANCELLATION: _OPERATION,
    SlipKind.REDEMPTION: _OPERATION,
    SlipKind.RETURN: (*_OPERATION, "leg.system", "leg.value", "leg.status"),
    SlipKind.DAY_CLOSE: (
        *_COMMON, "day", "close_number", "status", "person", "reason", "code", "sum.name", "sum.value", "sum.part",
        "sum.part_value", "shop_count", "shop.name", "shop.part", "shop.part_value", "late_count", "late.name",
        "late.value",
    ),
    SlipKind.TEST: _COMMON,
}  # fmt: skip
"""The names that a template of a kind may hold; `header.txt` and `footer.txt` may hold those of `TEST`."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MARKED = re.compile(r"([\^*+-]{1,2}) (.*)")
_PNG, _CHUNK = b"\x89PNG\r\n\x1a\n", 12  # its first bytes; length, kind and checksum of a chunk
_STYLES = {"*": LineStyle.STRONG, "+": LineStyle.BIG, "-": LineStyle.SMALL}


@dataclass(frozen=True)
class Values:
    """What stands for the names of a template. `lists`: rows of values by the part of the name before the dot."""

    texts: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


class TemplateDamaged(Exception):
    """A template cannot be used."""

    def __init__(self, problem: TemplateProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Templates:
    """The templates of one language; a shop's own copies of them in `folder` come first.

    `warnings`: the copies that were damaged, for which the built-in ones stood in.
    """

    def __init__(self, language: str, folder: Path) -> None:
        self._language = language
        self._folder = folder
        self.warnings: list[SlipWarning] = []

    def fill(self, kind: SlipKind, values: Values) -> tuple[SlipLine, ...]:
        """The body of a slip of a kind."""
        return self._fill(kind.value, PLACEHOLDERS[kind], "" if kind is SlipKind.TEST else "status", values)

    def fill_frame(self, name: str, values: Values) -> tuple[SlipLine, ...]:
        """The `header` or the `footer` of every slip."""
        return self._fill(name, PLACEHOLDERS[SlipKind.TEST], "", values)

    def _fill(self, name: str, allowed: Collection[str], needed: str, values: Values) -> tuple[SlipLine, ...]:
        own, built_in = self._folder / f"{name}.txt", resource(f"slips/{self._language}/{name}.txt")
        if own.exists():
            try:
                return fill(parse(_read(own), allowed, needed), values)
            except TemplateDamaged as damage:
                self.warnings.append(SlipWarning(own.name, damage.problem))
        return fill(parse(built_in.read_bytes(), allowed, needed), values)

    def logo(self) -> str:
        """The path of the shop's `logo.png`; empty where there is none that can be drawn."""
        own = self._folder / "logo.png"
        if not own.exists():
            return ""
        try:
            check_png(_read(own, MAX_LOGO_BYTES))
        except TemplateDamaged as damage:
            self.warnings.append(SlipWarning(own.name, damage.problem))
            return ""
        return str(own)


def _read(file: Path, most: int = MAX_BYTES) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError:
        raise TemplateDamaged(TemplateProblem.UNREADABLE) from None
    if len(content) > most:
        raise TemplateDamaged(TemplateProblem.TOO_LARGE)
    return content


def parse(content: bytes, allowed: Collection[str], needed: str = "") -> tuple[str, ...]:
    """The lines of a template whose names are known. Raises TemplateDamaged."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TemplateDamaged(TemplateProblem.NOT_UTF8) from None
    lines = tuple(plain(line) for line in text.splitlines() if not line.startswith("#"))
    names = {name for line in lines for name in _PLACEHOLDER.findall(line)}
    if not names <= set(allowed):
        raise TemplateDamaged(TemplateProblem.UNKNOWN_PLACEHOLDER)
    if needed and needed not in names:
        raise TemplateDamaged(TemplateProblem.STATUS_MISSING)
    return lines


def fill(lines: Iterable[str], values: Values) -> tuple[SlipLine, ...]:
    """The lines of a slip from those of a template. Of two ruled lines with nothing between them, one stays."""
    made = list(_filled(lines, values))
    rule = SlipLine(style=LineStyle.RULE)
    return tuple(line for line, before in zip(made, [None, *made], strict=False) if not line == before == rule)


def _filled(lines: Iterable[str], values: Values) -> Iterator[SlipLine]:
    for name, group in groupby(lines, key=_list_of):
        repeated = list(group)
        for row in values.lists.get(name, ()) if name else ({},):
            texts = {**values.texts, **{f"{name}.{part}": text for part, text in row.items()}}
            yield from (made for line in repeated if (made := _line(line, texts)) is not None)


def _list_of(line: str) -> str:
    """The list whose rows repeat a line; empty for a line that stands once."""
    return next((name.partition(".")[0] for name in _PLACEHOLDER.findall(line) if "." in name), "")


def _line(line: str, texts: Mapping[str, str]) -> SlipLine | None:
    if line == "---":
        return SlipLine(style=LineStyle.RULE)
    names = _PLACEHOLDER.findall(line)
    if names and not any(texts.get(name) for name in names):
        return None
    found = _MARKED.fullmatch(line)
    marks, content = (found[1], found[2]) if found else ("", line)
    text, bar, amount = content.rpartition(" | ")
    style = next((_STYLES[mark] for mark in marks if mark in _STYLES), LineStyle.NORMAL)
    if not bar:
        text, amount = amount, ""
    return SlipLine(_with(text, texts), _with(amount, texts), style, centred="^" in marks)


def _with(text: str, texts: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: texts.get(found[1], ""), text).strip()


def check_png(content: bytes) -> None:
    """Check that a picture is a whole PNG of a size that a slip can hold. Raises TemplateDamaged."""
    if not content.startswith(_PNG):
        raise TemplateDamaged(TemplateProblem.NOT_A_PICTURE)
    size, at, kind = (0, 0), len(_PNG), b""
    while at + _CHUNK <= len(content) and kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, at)
        body, end = content[at + 4 : at + 8 + length], at + _CHUNK + length
        if end > len(content) or crc32(body) != int.from_bytes(content[end - 4 : end]):
            raise TemplateDamaged(TemplateProblem.NOT_A_PICTURE)
        if kind == b"IHDR":
            size = struct.unpack_from(">II", body, 4)
        at = end
    if kind != b"IEND" or not all(size):
        raise TemplateDamaged(TemplateProblem.NOT_A_PICTURE)
    if max(size) > MAX_LOGO_SIDE:
        raise TemplateDamaged(TemplateProblem.TOO_LARGE)
