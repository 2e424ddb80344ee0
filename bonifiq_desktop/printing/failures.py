"""The error of a route to a printer."""

from bonifiq_desktop.domain.print_jobs import PrintFailure


class NotPrinted(Exception):
    """The printer did not take the slip, or not whole.

    `nothing_sent`: the printer's system refused it as a whole, after the till committed that it may be on paper.
    """

    def __init__(self, failure: PrintFailure, *, nothing_sent: bool = False) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.nothing_sent = nothing_sent
