"""What the command line asks of a window. Read before Qt is loaded."""

import argparse
from collections.abc import Sequence

from bonifiq_desktop import __version__
from bonifiq_desktop.storage.language import LANGUAGES

TOLD = ("--training", "--data-dir", "--api-url", "--lang")
"""What a report says of the command line: whether these were given, never their values."""


class Arguments(argparse.Namespace):
    """`quit_when_ready`: leave after the first full paint. `take_over`: a data folder that another PC still holds."""

    training: bool = False
    data_dir: str | None = None
    api_url: str | None = None
    language: str | None = None
    quit_when_ready: bool = False
    take_over: bool = False

    def given(self) -> list[str]:
        """Which of TOLD were given."""
        values = (self.training, self.data_dir, self.api_url, self.language)
        return [name for name, value in zip(TOLD, values, strict=True) if value]


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """The options. Ends the process with a sentence for `--help`, `--version` and what cannot be used."""
    if not argv:  # the icon gives none, and a parser takes a while to make
        return Arguments()
    parser = argparse.ArgumentParser(
        prog="bonifiq-desktop",
        allow_abbrev=False,
        description="The counter's window. Other commands: tour, history, doctor, training-server.",
    )
    parser.add_argument("--version", action="version", version=f"BonifiQ Desktop {__version__}")
    parser.add_argument("--quit-when-ready", action="store_true", help="leave after the first full paint, for timing")
    parser.add_argument(
        "--take-over", action="store_true", help="use a data folder that was moved here from another PC in use"
    )
    parser.add_argument("--training", action="store_true", help="practise against an embedded server; nothing is real")
    parser.add_argument("--data-dir", metavar="DIR", help="keep settings, credentials and history there")
    parser.add_argument(
        "--api-url", metavar="URL", type=safe_url, help="another server (https, or http to this machine)"
    )
    parser.add_argument("--lang", dest="language", choices=LANGUAGES, help="language of the window")
    return parser.parse_args(list(argv), namespace=Arguments())


def safe_url(text: str) -> str:
    """An address that credentials may go to. Raises ArgumentTypeError."""
    from bonifiq_desktop.storage.settings import is_safe_url

    url = text.strip().rstrip("/")
    if not is_safe_url(url):
        raise argparse.ArgumentTypeError("https:// only (http:// only to this machine)")
    return url
