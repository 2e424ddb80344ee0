"""Who may do what at a till under test, and people with their PINs."""

from pathlib import Path

from bonifiq_desktop.config.people import PeopleFile
from bonifiq_desktop.config.trail import Trail
from bonifiq_desktop.domain.people import Approval
from bonifiq_desktop.services.authority import Authority

ANA = Approval("Ana", "4862")
"""A manager."""
BIA = Approval("Bia", "7305")
"""A cashier."""


def authority_in(folder: Path) -> Authority:
    """The authority of a data folder; without people in it, everybody may do everything."""
    return Authority(PeopleFile(folder / "people.json"), Trail(folder))
