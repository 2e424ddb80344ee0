"""Commands of the owner's pictures and questions."""

from dataclasses import field
from datetime import date

from bonifiq_desktop.domain.owner_questions import Answer, Question, RevealedCustomer
from bonifiq_desktop.domain.reports import Pictures
from bonifiq_desktop.worker.command import Command, NeedsApproval


class ReadPictures(Command[Pictures]):
    """Add up the days from `first` to `last`, with progress. Raises LedgerError, WorkStopped."""

    first: date
    last: date


class AskQuestion(Command[Answer]):
    """Answer a question about the days from `first` to `last`, with progress; customers are masked.

    Raises LedgerError, WorkStopped.
    """

    question: Question
    first: date
    last: date


class ExportAnswer(Command[int]):
    """Write all rows of an answer as CSV, with progress; customers are masked. The value is the number of rows."""

    question: Question
    first: date
    last: date
    path: str


class RevealCustomers(NeedsApproval[tuple[RevealedCustomer, ...]]):
    """Read names and documents of customers that an answer masks. Those that are not kept any more are left out."""

    customer_ids: tuple[int, ...]


class SaveReport(Command[None]):
    """Write a drawn report to a file. Raises InsideDataFolder, OSError."""

    path: str
    content: bytes = field(repr=False)
