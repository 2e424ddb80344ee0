"""The print helper: gets one job or a question on standard input, and answers on standard output.

It opens no ledger and no settings, and nothing personal stands on its command line. `printing/messages.py` has the
lines of both sides.
"""

import faulthandler
import os
import sys
from typing import BinaryIO

from PySide6.QtGui import QGuiApplication

from bonifiq_desktop.domain.print_jobs import PrintFailure
from bonifiq_desktop.printing import driver, escpos, messages
from bonifiq_desktop.printing.failures import NotPrinted
from bonifiq_desktop.printing.messages import Message
from bonifiq_desktop.storage.printer_settings import PrintRoute

_LIFE_SECONDS = 40
"""A helper whose till died, and whose driver hangs, ends by itself; the till itself waits less long."""
_ROUTES = {PrintRoute.DRIVER: driver.print_slip, PrintRoute.NETWORK: escpos.print_slip}


class TillGone(Exception):
    """The till ended before it said `go`."""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer the one request. Raises TillGone."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a traceback would hold the slip's file names
        faulthandler.dump_traceback_later(_LIFE_SECONDS, exit=True, file=nowhere)
        application = QGuiApplication([sys.argv[0]])
        answer = _answer(messages.from_line(requests.readline()), requests, answers)
        _say(answers, answer)
        application.quit()


def _answer(request: Message, requests: BinaryIO, answers: BinaryIO) -> Message:
    if request == messages.LIST:
        return messages.printer_list(driver.printers())

    def wait_for_go() -> None:
        _say(answers, messages.READY)
        if messages.from_line(requests.readline()) != messages.GO:
            raise TillGone

    try:
        slip, printer = messages.read_slip(request), messages.read_printer(request)
        route = _ROUTES[PrintRoute(printer.route)]
    except (LookupError, TypeError, ValueError):
        return messages.outcome(PrintFailure.SLIP_UNREADABLE)
    try:
        route(slip, printer, wait_for_go)
    except NotPrinted as error:
        return messages.outcome(error.failure, nothing_sent=error.nothing_sent)
    return messages.outcome(None)


def _say(answers: BinaryIO, message: Message) -> None:
    answers.write(messages.to_line(message))
    answers.flush()
