"""`print-job`: the print helper that the program starts for itself; not for people."""

import sys

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, FAILED
from bonifiq_desktop.printing.helper import TillGone, serve


def run(arguments: Arguments) -> int:  # noqa: ARG001 - a command takes them
    """Print the job on standard input; return the exit status."""
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except TillGone:
        return FAILED
    return DONE
