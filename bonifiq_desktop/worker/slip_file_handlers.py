"""Handler of the file of a slip."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.storage.files import write_user_file
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.SaveSlipFile)
async def save_slip_file(backend: "Backend", command: c.SaveSlipFile) -> None:
    await backend.files.run(_write, Path(command.path), command.content, backend.paths.folder)


def _write(path: Path, content: bytes, data_folder: Path) -> None:
    with write_user_file(path, data_folder=data_folder) as file:
        file.write(content)
