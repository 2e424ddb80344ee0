"""Settings of the slip printer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from bonifiq_desktop.domain.slips import Paper, SlipKind
from bonifiq_desktop.storage.field_types import Read, Switch, Text, one_of, require

RAW_PORT = 9100
"""The port of printers that take ESC/POS over TCP."""


class PrintRoute(StrEnum):
    """How slips reach the printer."""

    NONE = "none"
    DRIVER = "driver"
    NETWORK = "network"


_KINDS = Read(lambda kinds: require(set(kinds) <= set(SlipKind), kinds), strict=False)


@dataclass(frozen=True)
class PrinterSettings:
    """Where slips go. DRIVER needs `name`, NETWORK `host` and `port`.

    `form`: the driver's paper by its own name; empty: the roll as long as the slip. `at_once`: slip kinds (`SlipKind`
    values) that are printed as soon as the operation is registered. `cuts`: the printer cuts the paper.
    """

    route: Annotated[str, Read(lambda route: require(route in set(PrintRoute), route))] = PrintRoute.NONE.value
    name: Text = ""
    host: Text = ""
    port: Annotated[int, one_of(range(1, 65536))] = RAW_PORT
    paper: Annotated[str, Read(lambda paper: require(paper in set(Paper), paper))] = Paper.ROLL_80.value
    form: Text = ""
    at_once: Annotated[tuple[Text, ...], _KINDS] = ()
    cuts: Switch = True

    @property
    def target(self) -> str:
        """The printer's name, or its address and port; empty where none is chosen."""
        match self.route:
            case PrintRoute.DRIVER:
                return self.name
            case PrintRoute.NETWORK if self.host:
                return f"{self.host}:{self.port}"
        return ""
