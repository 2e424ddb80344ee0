"""The file that keeps what a look-alike did over a restart of the training program."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from bonifiq_desktop.training_server.models import write_file

S = TypeVar("S")
_log = logging.getLogger(__name__)


@dataclass
class StateFile(Generic[S]):
    """A state of type `kind` in a file. `take`: gives the state of now."""

    path: Path
    kind: type[S]
    take: Callable[[], S]

    def load(self) -> S | None:
        """The stored state; None without a file. A damaged one is renamed and kept. Raises OSError."""
        if not self.path.exists():
            return None
        try:
            return TypeAdapter(self.kind).validate_json(self.path.read_bytes())
        except ValueError:
            aside = self.path.with_name(f"{self.path.name}.damaged-{secrets.token_hex(3)}")
            self.path.replace(aside)
            _log.warning("damaged training state renamed", extra={"copy": aside.name})
            return None

    def save(self) -> None:
        """Replace the file atomically. Raises OSError."""
        write_file(self.path, TypeAdapter(self.kind).dump_json(self.take(), indent=1))
