"""Results and errors of a customer's requests about personal data: find, export and erase."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonalDataReport:
    """How much this till holds of one customer. `copies`: backups and quarantined files that hold some, or may."""

    orders: int
    operations: int
    unfinished: int
    copies: int
    drafts: int


@dataclass(frozen=True)
class ErasureResult:
    """Outcome of an erasure. `unchanged_copies`: names of the copies that could not be changed."""

    unchanged_copies: tuple[str, ...]


class CustomerNotNamed(Exception):
    """The typed text is not a CPF, CNPJ, e-mail address or phone number."""


class CustomersHidden(Exception):
    """The hash key cannot be read, so the ledger's customers cannot be found."""


class CustomerBusy(Exception):
    """An unfinished operation still needs the customer's data."""
