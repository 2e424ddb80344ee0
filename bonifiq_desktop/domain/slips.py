"""Slips: what the shop hands out or files on paper, as text before it becomes a picture."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bonifiq_desktop.domain.operations import Kind, Operation

T = TypeVar("T")


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


_KINDS = {
    Kind.SALE: SlipKind.SALE,
    Kind.COMPLETION: SlipKind.SALE,
    Kind.REFUND: SlipKind.REFUND,
    Kind.RETURN: SlipKind.REFUND,
    Kind.CANCEL: SlipKind.CANCELLATION,
    Kind.REDEMPTION: SlipKind.REDEMPTION,
    Kind.REVERSAL: SlipKind.REDEMPTION,
}


def subject_of(operation: Operation) -> SlipSubject:
    """The subject of an operation's slip; of a leg, its whole return."""
    if operation.return_id:
        return SlipSubject(SlipKind.RETURN, operation.return_id)
    return SlipSubject(_KINDS[operation.kind], str(operation.operation_id))


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


class TemplateProblem(StrEnum):
    """Why a file of the shop was not used for a slip; the built-in one stood in."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    STATUS_MISSING = "status_missing"
    """Without `{status}`, a slip of what is still under way would look like one of what is done."""
    NOT_A_PICTURE = "not_a_picture"


@dataclass(frozen=True)
class SlipWarning:
    """A file of the shop's folder `slips` that was not used. `file`: its path within that folder."""

    file: str
    problem: TemplateProblem


@dataclass(frozen=True)
class Slip:
    """The content of a slip, ready to draw.

    - `logo`: path of the shop's 1-bit or grey picture, empty for none.
    - `number`: 12 digits with their check digit, shown as Code 128-C; empty for a slip that names no operation.
    - `qr`: text of the QR code, without CPF and CancelKey; empty for none.
    - `copy`: 1 for the first, from 2 on "2ª via" is drawn; `training` draws "TREINAMENTO" across it.
    - `warnings`: files of the shop that were not used; for the preview, not for the paper.
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
    warnings: tuple[SlipWarning, ...] = ()


def slip_to_json(slip: Slip) -> dict[str, Any]:
    """A slip as a JSON object, for a process that prints it."""
    return asdict(slip)


def slip_from_json(document: dict[str, Any]) -> Slip:
    """The slip of a JSON object that `slip_to_json` made. Raises ValueError for any other one."""
    try:
        subject = SlipSubject(SlipKind(document["subject"]["kind"]), _text(document["subject"], "id"))
        return Slip(
            subject,
            _text(document, "language"),
            _lines(document["header"]),
            _lines(document["lines"]),
            _lines(document["footer"]),
            logo=_text(document, "logo"),
            number=_text(document, "number"),
            qr=_text(document, "qr"),
            copy=_checked(document["copy"], int),
            training=_checked(document["training"], bool),
            warnings=tuple(
                SlipWarning(_text(each, "file"), TemplateProblem(each["problem"])) for each in document["warnings"]
            ),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("document is not a slip") from error


def _lines(document: list[dict[str, Any]]) -> tuple[SlipLine, ...]:
    return tuple(
        SlipLine(_text(each, "text"), _text(each, "amount"), LineStyle(each["style"]), _checked(each["centred"], bool))
        for each in document
    )


def _text(document: dict[str, Any], name: str) -> str:
    return _checked(document[name], str)


def _checked(value: Any, expected: type[T]) -> T:
    if type(value) is not expected:
        raise TypeError(type(value).__name__)
    return value
