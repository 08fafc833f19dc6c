"""`modelward serve`: checks that the config can be served, then runs the server."""

import atexit
import logging
import os
import signal
import sys
from contextlib import closing, redirect_stderr
from typing import Any

import uvicorn

from modelward import loading
from modelward.compose import MARK_VARIABLE, Service
from modelward.engine import OpaEngine
from modelward.log_writer import LogStream, log_to_stderr
from modelward.options import ServeOptions, unknown_variables
from modelward.server.protocol import StrictHttp
from modelward.server.sockets import LONGEST_FRAME, PING_SECONDS, PONG_SECONDS, BoundedSocket
from modelward.store import SharedMark, database_url

_GRACE_SECONDS = 30
# On a busy machine a worker takes longer to start than the 5 seconds after which uvicorn would replace it, for ever.
_WORKER_SILENT_SECONDS = 60
_log = logging.getLogger("modelward")


def run(options: ServeOptions) -> None:
    """Serves until a signal says stop; requests under way are finished first.

    Raises ConfigError, BundleError and StoreUnavailable when the config or an address cannot be served.
    """
    with closing(log_to_stderr()) as writer, redirect_stderr(LogStream(writer)):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _end)
        database_url(options.database_url)
        if options.engine == "opa":
            OpaEngine(options.opa_url)
        for said in unknown_variables(os.environ):
            _log.warning(said)
        loaded = loading.load(options.config, os.environ)
        for warning in loading.warnings(loaded):
            _log.warning(warning)
        for note in loaded.config.notes:
            _log.info(note)
        if options.workers == 1:
            uvicorn.run(Service(options, os.environ, writer), **_settings(options))
        else:
            _run_workers(options)


def _settings(options: ServeOptions) -> dict[str, Any]:
    return {
        "host": options.host,
        "port": options.port,
        "workers": options.workers,  # else WEB_CONCURRENCY says how many
        "loop": "uvloop",
        "http": StrictHttp,
        "ws": BoundedSocket,
        "ws_max_size": LONGEST_FRAME,
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PONG_SECONDS,
        "ws_per_message_deflate": False,
        "lifespan": "on",
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "log_config": None,
        "timeout_graceful_shutdown": _GRACE_SECONDS,
        "timeout_worker_healthcheck": _WORKER_SILENT_SECONDS,
    }


def _run_workers(options: ServeOptions) -> None:
    mark = SharedMark.create()
    os.environ.update(options.environment() | {MARK_VARIABLE: mark.name})
    try:
        uvicorn.run("modelward.serve:worker", factory=True, **_settings(options))
    finally:
        mark.remove()


def _end(*_: object) -> None:
    """A signal to stop is no failure: the server has finished what was under way when it hands the signal on."""
    sys.exit(0)


def worker() -> Service:
    """The application of one worker process, told by its environment what to serve."""
    writer = log_to_stderr()
    atexit.register(writer.close)
    sys.stderr = LogStream(writer)
    return Service(ServeOptions.of_environment(os.environ), os.environ, writer)
