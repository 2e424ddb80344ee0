"""What arrived at the training server."""

import json
from decimal import Decimal
from typing import Any

from bonifiq_desktop.training_server.models import ReceivedRequest
from bonifiq_desktop.training_server.server import TrainingServer

QUESTIONS = ("/rewards/available", "/challenge", "/challengevalidate")
"""Ends of paths that are asked by POST and change nothing in the ledger."""


def is_write(request: ReceivedRequest) -> bool:
    """Whether a request wanted to change something that an operation stands for."""
    return request.method != "GET" and not request.path.endswith(QUESTIONS)


def bodies_sent_to(server: TrainingServer, path_end: str) -> list[bytes]:
    """The bodies of the requests to a path, as they arrived."""
    return [request.body for request in server.service.requests if request.path.endswith(path_end)]


def exact_json(body: bytes) -> Any:
    """A JSON body with exact numbers."""
    return json.loads(body, parse_float=Decimal)


def looked_up_orders(server: TrainingServer) -> list[str]:
    """The numbers of the orders that were asked for."""
    return [request.path.rpartition("/")[2] for request in server.service.requests if "/Order/" in request.path]
