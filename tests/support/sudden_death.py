"""The end of a process that gets no chance to tidy up."""

import os
import signal
import sys

if sys.platform == "win32":
    _SIGNAL = signal.SIGTERM  # os.kill calls TerminateProcess there, with the signal's number as the exit status
    STATUS = int(_SIGNAL)
else:
    _SIGNAL = signal.SIGKILL
    STATUS = -_SIGNAL


def die() -> None:
    """End this process at once. `STATUS` is its exit status, as its parent sees it."""
    os.kill(os.getpid(), _SIGNAL)
