"""The base classes of the window's commands."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar, dataclass_transform

from bonifiq_desktop.domain.staff import Approval

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Command(Generic[T]):
    """A request of the window: each subclass is a frozen dataclass. The type parameter is the value of its outcome."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True)(cls)


class NeedsApproval(Command[T]):
    """A command that a manager may have to approve; `approval` counts for this command only."""

    approval: Approval | None = field(default=None, repr=False, kw_only=True)
