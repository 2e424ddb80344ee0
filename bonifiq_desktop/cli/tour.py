"""`tour`: drive the real window through the main job against the training server, with a picture of each step.

Each step waits for what a cashier would see. The last one compares the result with the server's changes. A tour that
returns 0 has looked up, refunded, sold without and with a reward, returned in two systems, and recovered from lost
answers.
"""

import os
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from bonifiq_desktop.app import AlreadyRunning, App, FolderUsedByOtherPc
from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import ALREADY_RUNNING, DONE, FAILED, OPEN_ALREADY, USAGE_ERROR, CommandFailed
from bonifiq_desktop.cli.tour_steps import Tour
from bonifiq_desktop.cli.tour_till import TourError, TourTill
from bonifiq_desktop.cli.window import has_display, used_by_other_pc
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, credentials_from_environment
from bonifiq_desktop.storage.language import LANGUAGES


def run(arguments: Arguments) -> int:
    """Run the tour. Return 0 if every step passed and the server applied the same changes."""
    if arguments.api_url and credentials_from_environment() is None:
        raise CommandFailed(f"--api-url needs {TOKEN_VARIABLE} and {KEY_VARIABLE} in the environment", USAGE_ERROR)
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_print_qt_message)
    try:
        with tempfile.TemporaryDirectory(prefix="bonifiq-tour-") as temporary:
            return _take(arguments, Path(arguments.out), temporary)
    except AlreadyRunning as error:
        raise CommandFailed(OPEN_ALREADY, ALREADY_RUNNING) from error
    except FolderUsedByOtherPc as error:
        raise CommandFailed(f"{used_by_other_pc(error.other)} Nada foi aberto.") from error


def _take(arguments: Arguments, out: Path, temporary: str) -> int:
    out.mkdir(parents=True, exist_ok=True)
    arguments.training = True
    arguments.data_dir = arguments.data_dir or temporary
    arguments.language = arguments.language or LANGUAGES[0]
    app = App(arguments)
    app.finish()
    app.window.resize(*arguments.size)
    if arguments.dark:
        app.window.content.appearance.choose(look="dark")
    unexpected: list[BaseException] = []

    def note_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        unexpected.append(error)
        traceback.print_exception(kind, error, trace)

    sys.excepthook = note_unexpected
    till = TourTill(app, out, arguments.api_url)
    try:
        Tour(till).run_all_steps()
    except TourError as error:
        print(f"tour: step {till.step}: {error}", file=sys.stderr)
        till.picture("failed")
        return FAILED
    finally:
        app.stop()
    if unexpected:
        print(f"tour: {len(unexpected)} unexpected error(s), see above", file=sys.stderr)
        return FAILED
    print(f"tour: {till.pictures} pictures in {out}")
    return DONE


def _print_qt_message(_kind: QtMsgType, _where: QMessageLogContext, text: str | None) -> None:
    # The offscreen platform prints this for every window.
    if text and "propagateSizeHints" not in text:
        print(text, file=sys.stderr)
