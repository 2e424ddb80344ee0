"""Ports of loopback that stay free between their choice and their use."""

import secrets
import socket

_FIRST, _END = 15_000, 32_000  # below the ports that systems give to outgoing connections and to servers without one
_taken: set[int] = set()


def free_port() -> int:
    """A port that nothing listens on and that this process chose for nothing else."""
    while True:
        port = secrets.choice(range(_FIRST, _END))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _taken:
            _taken.add(port)
            return port
