"""How gunicorn serves the application; fee_service/settings.py reads the values from the environment."""

import gc
import socket

from fee_service.settings import read_settings

_settings = read_settings()

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
accesslog = None  # bodies and headers of callers are nobody's business; errors go to standard error


def when_ready(server):  # type: ignore[no-untyped-def]
    """Keep what is loaded out of every garbage collection, and its pages shared between the workers."""
    gc.collect()
    gc.freeze()


def on_starting(server):  # type: ignore[no-untyped-def]
    """Refuse a port that another process serves: with reuse_port both would silently share the callers."""
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
