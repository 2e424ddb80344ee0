"""One call: its fault, the check of its body, the change and the answer."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bonifiq_desktop.training_server import http_replies
from bonifiq_desktop.training_server.contract import Contract, ContractViolation
from bonifiq_desktop.training_server.errors import INVALID_REFUND
from bonifiq_desktop.training_server.fault_injection import faulty_responses
from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind, FaultInjector
from bonifiq_desktop.training_server.json_codec import JsonError, read_json
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.transport import Connections

Act = Callable[[], Response]


@dataclass(eq=False, repr=False)
class Exchange:
    """What all endpoints share. `on_applied` is called after each change and before its answer is sent."""

    service: LoyaltyService
    faults: FaultInjector
    contract: Contract
    connections: Connections
    on_applied: Callable[[], None]
    _late_copies: set[asyncio.Task[None]] = field(init=False, default_factory=set)

    async def post(
        self, request: Request, operation_id: str, kind: CallKind, act: Callable[[Mapping[str, Any]], Response]
    ) -> Response:
        """Answer a POST: `act` gets the body, which fits the contract."""
        return await self.answer(kind, lambda: self._checked(request, operation_id, act))

    async def answer(self, kind: CallKind, act: Act) -> Response:
        """Answer a call by `act`, or as the next fault for this kind of call says."""
        fault = self.faults.take(kind)
        if fault is None:
            return act()
        reply = faulty_responses.reply_without_applying(fault, self.faults, self.connections)
        if reply is not None:
            if fault.name == "late_copy":
                self._apply_later(act, fault.seconds)
            return reply
        if fault.name == "delay" and not await self.connections.sleep(fault.seconds):
            return http_replies.RawReply(self.connections)
        answer = act()
        if fault.name in {"twice", "twice_second_answer"}:
            second = act()
            return answer if fault.name == "twice" else second
        return faulty_responses.reply_after_applying(fault, answer, self.faults, self.connections)

    def applied(self, act: Act) -> Response:
        """Run `act` and save its change."""
        before = len(self.service.applied)
        answer = act()
        if len(self.service.applied) != before:
            try:
                self.on_applied()
            except OSError:
                # The change is applied but lost at a restart, so neither success nor refusal would be true.
                return http_replies.message_reply(500, "O treino não pôde ser gravado.")
        return answer

    def _apply_later(self, act: Act, seconds: float) -> None:
        async def apply() -> None:
            if await self.connections.sleep(seconds):
                act()

        copy = asyncio.create_task(apply())
        self._late_copies.add(copy)
        copy.add_done_callback(self._late_copies.discard)

    def _checked(self, request: Request, operation_id: str, act: Callable[[Mapping[str, Any]], Response]) -> Response:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            return http_replies.refusal_reply(415, "Envie o corpo como application/json.")
        try:
            body = read_json(request.scope["body"])
            self.contract.check(operation_id, body)
        except JsonError:
            return http_replies.refusal_reply(400, "O corpo não é um JSON válido.")
        except ContractViolation as misfit:
            # The vendor's example program has a name for a missing amount.
            code_name = INVALID_REFUND if misfit.rule == "exclusiveMinimum" else "InvalidRequest"
            return http_replies.refusal_reply(400, misfit.message, code_name=code_name)
        return act(body)
