"""Exit statuses, messages and output of a command: the whole text, or a message and a status; never a traceback."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from bonifiq_desktop.storage.files import Exposure, FolderNotPrivate

DONE = 0
FAILED = 1
"""Exit status: the command failed or found a problem; a message, or a line of `doctor`, names it."""

USAGE_ERROR = 2
"""Exit status: unusable arguments or environment, or no display."""

ALREADY_RUNNING = 3
"""Exit status: a program with this data folder is open; its window was asked to come to the front."""

OUTPUT_LOST = 4
"""Exit status: standard output was not written whole: full disk, closed pipe, or no output at all."""

INTERRUPTED = 130
"""Exit status: Ctrl+C."""

OPEN_ALREADY = "o programa já está aberto com esta pasta de dados; feche-o antes de abrir outro."
NEWER_LEDGER = "o histórico foi gravado por uma versão mais nova do programa. Instale a versão mais nova. Nada mudou."


def print_error(sentence: str) -> None:
    """Print a message to standard error, where there is one."""
    if sys.stderr is not None:  # a windowed program has none
        with suppress(OSError):
            sys.stderr.write(f"BonifiQ Desktop: {sentence}\n")


def not_private(error: FolderNotPrivate) -> str:
    where = error.filename
    kind = "na pasta" if Path(where).is_dir() else "no arquivo"
    how = "em Propriedades › Segurança" if sys.platform == "win32" else "chmod o-w"
    return {
        Exposure.WORLD_WRITABLE: f"qualquer usuário deste computador pode escrever {kind} {where}. "
        f"Tire essa permissão ({how}) ou escolha outra pasta de dados. Nada foi aberto.",
        Exposure.OTHER_OWNER: f"{where} é de outro usuário. Escolha uma pasta de dados sua. Nada foi aberto.",
        Exposure.LINK: f"{where} é um atalho para outro lugar. Ponha ali o arquivo ou a pasta de verdade, "
        "ou tire o atalho. Nada foi aberto.",
    }[error.exposure]


class CommandFailed(Exception):
    """The end of a command: its message for standard error, and its exit status."""

    def __init__(self, message: str, status: int = FAILED) -> None:
        super().__init__(message)
        self.status = status


class OutputLost(Exception):
    """Standard output could not be written. Not an OSError: a command's own files raise those."""


class _Output(io.TextIOWrapper):
    def write(self, text: str) -> int:
        with _naming_loss():
            return super().write(text)

    def flush(self) -> None:
        with _naming_loss():
            super().flush()


@contextmanager
def _naming_loss() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputLost from error


def run_command(command: Callable[[], int], *, prints: bool) -> int:
    """Run a command, flush its output, return the exit status. `prints`: the command is of no use without output.

    A character that the output's encoding lacks is escaped: `print` would raise in the middle of the text.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if type(sys.stdout) is io.TextIOWrapper:  # not an output that a test captures
        out = sys.stdout
        encoding, buffered = out.encoding, out.line_buffering
        sys.stdout = _Output(out.detach(), encoding, "backslashreplace", line_buffering=buffered)
    if prints and sys.stdout is None:
        print_error("não há saída para escrever. Nada foi feito.")
        return OUTPUT_LOST
    try:
        status = _status_of(command)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OutputLost:
        print_error("a saída não pôde ser escrita por inteiro: disco cheio, ou quem a lia parou antes do fim.")
        status = OUTPUT_LOST
    except KeyboardInterrupt:
        status = INTERRUPTED
    except OSError as error:
        print_error(f"não foi possível ler ou gravar {error.filename or 'um arquivo'} ({error.strerror or error}).")
        status = FAILED
    for stream in (sys.stdout, sys.stderr):
        _discard_unwritten(stream)
    return status


def _status_of(command: Callable[[], int]) -> int:
    """Return the status of a failed command and of an argparse exit, too: the output is not flushed yet."""
    try:
        return command()
    except CommandFailed as error:
        print_error(str(error))
        return error.status
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else DONE


def _discard_unwritten(stream: TextIO | None) -> None:
    """Discard unwritten output: the interpreter's last flush would print a traceback and exit with 120."""
    if stream is None:
        return
    try:
        stream.flush()
    except (OutputLost, OSError, ValueError):  # ValueError: the stream is closed
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
