"""Faults of the look-alikes: the next call that a fault fits takes it. Thread-safe."""

import threading
from dataclasses import dataclass
from typing import Literal, get_args

RemoteFaultName = Literal[
    "close",  # not applied; the connection closes without a byte of answer
    "lose_answer",  # applied; the connection closes without a byte of answer
    "late",  # applied `seconds` later; the connection closes at once
    "by_other_client",  # another client makes an equal entry; ours is not applied and gets no answer
    "beside_other_client",  # another client makes an equal entry beside ours; the answer is lost
    "delay",  # waits `seconds`, then applies and answers
    "error_500",  # not applied
    "error_500_after",  # applied
    "error_503",  # not applied; `retry_after` seconds
    "html",  # not applied; 200 and a captive portal's page
    "html_502",  # not applied; 502 and a gateway's page
    "html_502_after",  # applied; the same
    "cut_with_length",  # applied; half the answer under the Content-Length of the whole one, then the end
    "cut_without_length",  # applied; half the answer without Content-Length, then the end
    "no_ids",  # applied; 200 and an empty object
    "unauthorized",  # not applied; 401 although the credentials are right
    "forbidden",  # not applied; 403 with `message`
    "error_429",  # not applied; `retry_after` seconds
    "refuse",  # not applied; 400 with `message`
    "refuse_406",  # not applied; 406 with `message`
]
REMOTE_FAULTS: tuple[str, ...] = get_args(RemoteFaultName)


@dataclass(frozen=True)
class RemoteFault:
    """One fault. `only`: the kind of call that takes it; empty for every call."""

    name: RemoteFaultName
    only: str = ""
    seconds: float = 0.0
    retry_after: int = 1
    message: str = "Order is not in the expected state"


class RemoteFaults:
    """The faults to come, in order."""

    def __init__(self) -> None:
        self._waiting: list[RemoteFault] = []
        self._lock = threading.Lock()

    def add(self, name: RemoteFaultName, *, only: str = "", times: int = 1, **details: float | str) -> None:
        """Add a fault for the next `times` calls that it fits. Raises ValueError for an unknown name."""
        if name not in REMOTE_FAULTS:
            raise ValueError(name)
        with self._lock:
            self._waiting += [RemoteFault(name, only, **details)] * times  # type: ignore[arg-type]

    def take(self, kind: str) -> RemoteFault | None:
        """The fault for a call of this kind, if one waits for it."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.only in {"", kind}:
                    return self._waiting.pop(place)
        return None

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take_for_connection(self) -> None:
        """No fault meets a connection before its request; see `Connections`."""
