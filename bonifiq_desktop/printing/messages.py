"""The lines of JSON between the till and its print helper.

| from | line | when |
|---|---|---|
| till | `{"slip": …, "printer": …}` or `{"list": true}` | at the start |
| helper | `{"ready": true}` | the printer is found and takes the paper; nothing was sent |
| till | `{"go": true}` | the ledger says that the slip may be on paper |
| helper | `{"failure": null, "nothing_sent": false}` | the end, with a PrintFailure or none |
| helper | `{"printers": […]}` | the end of a list |

Without the line `go` the helper sends nothing.
"""

import json
from dataclasses import asdict
from typing import Any

from bonifiq_desktop.domain.print_jobs import PrinterInfo, PrintFailure, PrintOutcome
from bonifiq_desktop.domain.slips import Slip, slip_from_json, slip_to_json
from bonifiq_desktop.storage.printer_settings import PrinterSettings

LIST = {"list": True}
READY = {"ready": True}
GO = {"go": True}

Message = dict[str, Any]


def to_line(message: Message) -> bytes:
    """Return a message as one line of ASCII."""
    return json.dumps(message).encode() + b"\n"


def from_line(line: bytes) -> Message:
    """Read a line; an empty message for one that is no JSON object, such as a driver prints."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def print_request(slip: Slip, printer: PrinterSettings) -> Message:
    """Return the request to print a slip."""
    return {"slip": slip_to_json(slip), "printer": asdict(printer)}


def read_slip(message: Message) -> Slip:
    """Read the slip of a request. Raises LookupError, ValueError."""
    return slip_from_json(message["slip"])


def read_printer(message: Message) -> PrinterSettings:
    """Read the printer of a request. Raises LookupError, TypeError."""
    stored = message["printer"]
    return PrinterSettings(**{**stored, "at_once": tuple(stored["at_once"])})


def outcome(failure: PrintFailure | None, *, nothing_sent: bool = False) -> Message:
    """Return the answer to a request to print. `nothing_sent`: although the till had said `go`."""
    return {"failure": failure, "nothing_sent": nothing_sent}


def read_outcome(message: Message) -> PrintOutcome:
    """Read the end of a request to print. Raises LookupError, ValueError."""
    failure = message["failure"]
    return PrintOutcome(None if failure is None else PrintFailure(failure), bool(message["nothing_sent"]))


def printer_list(printers: tuple[PrinterInfo, ...]) -> Message:
    """Return the answer to a request for a list."""
    return {"printers": [asdict(printer) for printer in printers]}


def read_printers(message: Message) -> tuple[PrinterInfo, ...]:
    """Read a list of printers. Raises LookupError, TypeError."""
    return tuple(
        PrinterInfo(each["name"], each["is_default"], tuple(each["forms"]), tuple(each["resolutions"]))
        for each in message["printers"]
    )
