"""A till that prints one test page and is killed meanwhile. Run as a program: `killed_printing.py LEDGER PORT`."""

import asyncio
import sys
from pathlib import Path

from bonifiq_desktop.domain.print_jobs import PrintJob
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.printing import PrintingService
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from tests.support.slip_pictures import LONG_SLIP
from tests.support.staff import access_control_in


def _say_state(job: object) -> None:
    if isinstance(job, PrintJob):
        sys.stdout.write(f"{job.state}\n")
        sys.stdout.flush()


async def print_until_killed(path: Path, port: int) -> None:
    """Commit a job and send it; say on standard output which states were published."""
    ledger = Ledger(path)
    printer = PrinterSettings(PrintRoute.NETWORK.value, host="127.0.0.1", port=port)
    service = PrintingService(
        ledger.print_jobs,
        lambda: printer,
        lambda _subject: LONG_SLIP,
        _say_state,
        access_control_in(path.parent),
        path.parent,
    )
    service.print(SlipSubject(SlipKind.TEST))
    await service.run()


if __name__ == "__main__":
    asyncio.run(print_until_killed(Path(sys.argv[1]), int(sys.argv[2])))
