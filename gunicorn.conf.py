"""How gunicorn serves the application; fee_service/settings.py reads the values from the environment."""

import gc
import re
import socket
import struct

from prometheus_client import multiprocess

from fee_service import logs, metrics
from fee_service.settings import read_settings

_settings = read_settings()
logs.configure(_settings.log_level)
metrics.prepare(_settings.instance / f"metrics-{re.sub('[^0-9A-Za-z]+', '-', _settings.bind).strip('-')}")

bind = _settings.bind
workers = _settings.workers
threads = _settings.threads
worker_class = "gthread"
reuse_port = True  # the kernel spreads connections evenly over the workers
preload_app = True  # faulty editions stop the start-up once and clearly; workers share the tables' memory
control_socket_disable = True
keepalive = 5  # seconds
timeout = 30  # seconds: a worker that hangs is replaced
graceful_timeout = 20  # seconds to finish requests after a stop
accesslog = None  # fee_service/api/observing.py logs requests
logconfig_dict = logs.of_libraries(_settings.log_level)
loglevel = _settings.log_level

SLOWEST_CALLER = 10  # seconds: a caller that sends or takes nothing for so long loses the connection


def post_worker_init(worker):  # type: ignore[no-untyped-def]
    """Give every connection a limit of patience: accepted sockets inherit it from the one that listens."""
    for listener in worker.sockets:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", SLOWEST_CALLER, 0))


def child_exit(server, worker):  # type: ignore[no-untyped-def]
    """Keep the counts of a worker that is gone, not its gauges."""
    multiprocess.mark_process_dead(worker.pid)


def when_ready(server):  # type: ignore[no-untyped-def]
    """Keep what is loaded out of every garbage collection, and its pages shared between the workers."""
    gc.collect()
    gc.freeze()


def on_starting(server):  # type: ignore[no-untyped-def]
    """Say what is dangerous; refuse a port that another process serves."""
    if _settings.counts_apart:
        server.log.warning(
            "each of the %s workers counts requests alone: up to %s times the limits may pass; set "
            "FEE_SERVICE_RATE_LIMIT_STORAGE_URL to a Redis, or FEE_SERVICE_WORKERS=1",
            workers,
            workers,
        )
    _refuse_taken_port()


def _refuse_taken_port():  # type: ignore[no-untyped-def]
    """With reuse_port two services on one port would silently share the callers."""
    if bind.startswith("unix:"):
        return
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise SystemExit(f"{bind} cannot be served ({error.strerror}): set FEE_SERVICE_BIND") from None
