"""Slips of operations, returns, closed days, and the test page, made anew from the ledger each time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bonifiq_desktop.domain.day_close import ClosedDay
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.slip_numbers import TEST_PAGE, code_text, format_slip_number, slip_number
from bonifiq_desktop.domain.slips import Slip, SlipKind, SlipSubject, subject_of
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.slip_of_day import values_of_day
from bonifiq_desktop.services.slip_sentences import Sentences
from bonifiq_desktop.services.slip_templates import Templates, Values
from bonifiq_desktop.services.slip_values import first_of, values_of
from bonifiq_desktop.storage.settings import Settings


@dataclass(eq=False, repr=False)
class SlipService:
    """Makes slips in the shop's language. `folder`: where the shop keeps its own templates and its logo."""

    ledger: Ledger
    settings: Callable[[], Settings]
    folder: Path
    is_training: bool

    def make(self, subject: SlipSubject) -> Slip:
        """The slip of a subject. Raises LookupError where the ledger has no such subject, LedgerError."""
        say = Sentences(self.settings().language)
        match subject.kind:
            case SlipKind.TEST:
                number = self._number(TEST_PAGE)
                return self._slip(subject, Values(), number, number)
            case SlipKind.DAY_CLOSE:
                return self._slip(subject, values_of_day(self._closed_day(subject.id), say))
            case SlipKind.RETURN:
                operations = self.ledger.queries.legs(subject.id)
            case _:
                operations = self._operation(subject)
        if not operations:
            raise LookupError(f"no {subject.kind} {subject.id}")
        first = first_of(operations)
        number = self._number(first.operation_id)
        return self._slip(subject, values_of(operations, say), number, code_text(first, number))

    def _operation(self, subject: SlipSubject) -> tuple[Operation, ...]:
        with suppress(ValueError):
            details = self.ledger.queries.details(int(subject.id))
            if details is not None and subject_of(details.operation) == subject:
                return (details.operation,)
        return ()

    def _closed_day(self, day: str) -> ClosedDay:
        with suppress(ValueError):
            if (closed := self.ledger.days.closed(date.fromisoformat(day))) is not None:
                return closed
        raise LookupError(f"no closed day {day}")

    def _number(self, operation_id: int) -> str:
        """A slip number; empty beyond the ten millionth operation, whose slips are found by their order."""
        with suppress(ValueError):
            return slip_number(self.ledger.connection.ledger_id, operation_id)
        return ""

    def _slip(self, subject: SlipSubject, values: Values, number: str = "", qr: str = "") -> Slip:
        settings = self.settings()
        templates = Templates(settings.language, self.folder)
        common = {"branch": settings.branch_name, "till": settings.till, "number": format_slip_number(number)}
        values = replace(values, texts={**values.texts, **common})
        header, footer = templates.fill_frame("header", values), templates.fill_frame("footer", values)
        return Slip(
            subject,
            settings.language,
            header,
            templates.fill(subject.kind, values),
            footer,
            templates.logo(),
            number,
            qr,
            training=self.is_training,
            warnings=tuple(templates.warnings),
        )
