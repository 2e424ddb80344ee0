"""Starts the print helper, a process of its own per job: a driver that hangs or crashes takes only that down."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bonifiq_desktop.domain.print_jobs import PrinterInfo, PrintFailure, PrintOutcome
from bonifiq_desktop.domain.slips import Slip
from bonifiq_desktop.printing import messages
from bonifiq_desktop.printing.messages import Message
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.storage.files import temporary_folder
from bonifiq_desktop.storage.printer_settings import PrinterSettings

DEADLINE = 30.0
"""Seconds that a helper has, from its start to its last line; then it is killed."""
_END_SECONDS = 1.0
_CREATE_NO_WINDOW = 0x0800_0000
"""Windows: no console window flashes up."""


async def print_slip(
    slip: Slip, printer: PrinterSettings, start: Callable[[], object], *, data_folder: Path
) -> PrintOutcome:
    """Print a slip; return what became of it.

    `start` is called once, when the printer is ready and before anything is sent to it. What it raises ends the helper.
    """
    try:
        async with asyncio.timeout(DEADLINE), _helper(messages.print_request(slip, printer), data_folder) as helper:
            answer = await _read(helper)
            if answer == messages.READY:
                start()
                await _write(helper, messages.GO)
                answer = await _read(helper)
        return messages.read_outcome(answer)
    except TimeoutError:
        return PrintOutcome(PrintFailure.TIMED_OUT)
    except (OSError, LookupError, ValueError):  # the helper ended without an answer, or could not be started
        return PrintOutcome(PrintFailure.HELPER_ENDED)


async def list_printers(data_folder: Path) -> tuple[PrinterInfo, ...]:
    """List this PC's printers. Raises TimeoutError where a driver hangs, OSError where the helper ends."""
    async with asyncio.timeout(DEADLINE), _helper(messages.LIST, data_folder) as helper:
        answer = await _read(helper)
    try:
        return messages.read_printers(answer)
    except (LookupError, TypeError) as error:
        raise OSError("the print helper ended") from error


@asynccontextmanager
async def _helper(request: Message, data_folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a helper with its first line; kill it at the end of the block."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "bonifiq_desktop"]
    options: dict[str, Any] = {"creationflags": _CREATE_NO_WINDOW} if sys.platform == "win32" else {}
    with temporary_folder(data_folder) as folder:
        helper = await asyncio.create_subprocess_exec(
            *program,
            "print-job",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(folder),
            **options,
        )
        try:
            await _write(helper, request)
            yield helper
        finally:
            with suppress(ProcessLookupError):
                helper.kill()  # it has answered, or must not go on
            with suppress(TimeoutError):  # not wait_for(): before Python 3.12 it can swallow a cancellation
                async with asyncio.timeout(_END_SECONDS):
                    await helper.wait()


def _environment(folder: str) -> dict[str, str]:
    """Return our environment without our credentials, and without what makes a packaged program its own child.

    `folder`: for the helper's files. CUPS makes one with the slip in it, which a killed helper leaves behind.
    A till that is killed leaves the folder behind, and removes it at its next start.
    """
    names = (name for name in os.environ if name not in {TOKEN_VARIABLE, KEY_VARIABLE} and not name.startswith("_PYI_"))
    environment = {name: os.environ[name] for name in names} | {"TMPDIR": folder}
    if sys.platform == "linux":
        environment["QT_QPA_PLATFORM"] = "offscreen"  # the helper shows nothing, also where the display is gone
    return environment


async def _write(helper: asyncio.subprocess.Process, message: Message) -> None:
    if helper.stdin is not None:
        helper.stdin.write(messages.to_line(message))
        await helper.stdin.drain()


async def _read(helper: asyncio.subprocess.Process) -> Message:
    """Read the next message; an empty one at the end. Raises ValueError for an endless line."""
    while helper.stdout is not None and (line := await helper.stdout.readline()):
        if message := messages.from_line(line):
            return message
    return {}
