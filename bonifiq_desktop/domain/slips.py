"""Slips: what the shop hands out or files on paper, as text before it becomes a picture."""

from dataclasses import dataclass
from enum import StrEnum


class SlipKind(StrEnum):
    """What a slip is about."""

    SALE = "sale"
    REFUND = "refund"
    RETURN = "return"
    REDEMPTION = "redemption"
    CANCELLATION = "cancellation"
    DAY_CLOSE = "day_close"
    TEST = "test"


class Paper(StrEnum):
    """Paper that a slip is drawn for."""

    ROLL_80 = "80mm"
    ROLL_58 = "58mm"
    A4 = "a4"


@dataclass(frozen=True)
class SlipSubject:
    """What a slip is made of.

    `id`: the operation's id; the return's id for RETURN; the ISO day for DAY_CLOSE; empty for TEST.
    """

    kind: SlipKind
    id: str = ""


class LineStyle(StrEnum):
    """Size and weight of a slip's line. RULE is a ruled line without text."""

    NORMAL = "normal"
    SMALL = "small"
    STRONG = "strong"
    BIG = "big"
    RULE = "rule"


@dataclass(frozen=True)
class SlipLine:
    """One paragraph of a slip. `text` wraps; `amount` stands at the right of its last line."""

    text: str = ""
    amount: str = ""
    style: LineStyle = LineStyle.NORMAL
    centred: bool = False


@dataclass(frozen=True)
class Slip:
    """The content of a slip, ready to draw.

    - `logo`: path of the shop's 1-bit or grey picture, empty for none.
    - `number`: 12 digits with their check digit, shown as Code 128-C; empty for a slip that names no operation.
    - `qr`: text of the QR code, without CPF and CancelKey; empty for none.
    - `copy`: 1 for the first, from 2 on "2ª via" is drawn; `training` draws "TREINAMENTO" across it.
    """

    subject: SlipSubject
    language: str
    header: tuple[SlipLine, ...]
    lines: tuple[SlipLine, ...]
    footer: tuple[SlipLine, ...]
    logo: str = ""
    number: str = ""
    qr: str = ""
    copy: int = 1
    training: bool = False
