"""Registry of command handlers, and what each command needs before its handler runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any, Protocol, TypeVar

from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.worker import commands as c

F = TypeVar("F", bound=Callable[..., Any])


class Mode(Flag):
    """Which backend can run a handler: the one with an open ledger, or the one that recovers it."""

    NORMAL = auto()
    RECOVERY = auto()


class Dispatcher(Protocol):
    """The part of a backend that every dispatch uses."""

    access: AccessControl
    publish: Callable[[object], None]


@dataclass(frozen=True)
class Handler:
    """A function for one command; see `handles` for the flags."""

    function: Callable[..., Any]
    mode: Mode
    needs_sign_in: bool
    needs_credentials: bool
    changes_session: bool


_HANDLERS: dict[type[c.Command[Any]], Handler] = {}


def handles(
    command: type[c.Command[Any]],
    *,
    mode: Mode = Mode.NORMAL,
    needs_sign_in: bool = True,
    needs_credentials: bool = False,
    changes_session: bool = False,
) -> Callable[[F], F]:
    """Register a function as the handler of a command.

    The function takes the backend, the command and, for a NeedsApproval command, the ApprovalGrant. Its result, or what
    it awaits to, is the value of the outcome.

    `needs_credentials`: wait until the keyring has said which credentials there are. `changes_session`: publish the
    session afterwards, also after an error.
    """

    def register(function: F) -> F:
        _HANDLERS[command] = Handler(function, mode, needs_sign_in, needs_credentials, changes_session)
        return function

    return register


def handler_of(command: c.Command[Any]) -> Handler:
    """Return the handler of a command. Raises KeyError."""
    return _HANDLERS[type(command)]


async def dispatch(backend: Dispatcher, command: c.Command[Any]) -> Any:
    """Check the approval, run the handler, return its value. Raises what the handler raises, PinWrong, PinLocked."""
    handler = handler_of(command)
    try:
        if isinstance(command, c.NeedsApproval):
            result = handler.function(backend, command, await backend.access.approve(command.approval))
        else:
            result = handler.function(backend, command)
        return await result if isinstance(result, Awaitable) else result
    finally:
        if handler.changes_session:
            backend.publish(backend.access.session)
