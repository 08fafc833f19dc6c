"""Ports for servers that tests start."""

import itertools
import os
import socket
from threading import Lock

# Below the ports that the system gives to connections; each test process has some hundreds of its own, so that no two
# of them ever wait for the server of the other.
_FIRST, _EACH = 20_000, 800
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 14
_turns = (_FIRST + _WORKER * _EACH + turn % _EACH for turn in itertools.count(os.getpid()))
_lock = Lock()


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on, and that this process was not given lately."""
    while True:
        with _lock:
            port = next(_turns)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
