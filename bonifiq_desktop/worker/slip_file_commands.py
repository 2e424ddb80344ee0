"""Command about the file of a slip."""

from dataclasses import field

from bonifiq_desktop.worker.command import Command


class SaveSlipFile(Command[None]):
    """Write the PDF or the picture of a slip to a place that the user chose. Raises InsideDataFolder, OSError."""

    path: str
    content: bytes = field(repr=False)
