"""How gunicorn serves the application; fee_service/settings.py reads the values from the environment."""

import gc
import os
import re
import resource
import socket
import struct
import sys

from fee_service.keys.secret_key import secret_key_of
from fee_service.operations import logs, metrics_folder
from fee_service.settings import BadSettings, read_settings, url_of

OPEN_FILES = 4_096  # a connection is one; so are databases, logs and counters
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
if _soft < OPEN_FILES:
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, _hard), _hard))
os.umask(0o077)  # what is kept is nobody else's business
try:
    _settings = read_settings()
    secret_key_of(_settings)
except BadSettings as error:
    raise SystemExit(str(error)) from None
logs.configure(_settings.log_level)
_of_address = re.sub("[^0-9A-Za-z]+", "-", _settings.bind).strip("-")
metrics_folder.prepare(_settings.instance / f"metrics-{_of_address}")

bind = _settings.bind
workers = _settings.workers
threads = _settings.threads
worker_class = "fee_service.http.worker.Worker"  # gthread
reuse_port = not bind.startswith("unix:")  # the kernel spreads connections evenly over the workers
preload_app = True  # faulty editions stop the start-up once and clearly; workers share the tables' memory
control_socket_disable = True
worker_connections = 1_000  # of a worker
sendfile = False  # what a caller takes slowly is kept for him, fee_service/http/outbox.py
keepalive = 5  # seconds
timeout = 30  # seconds: a worker that hangs is replaced
graceful_timeout = 20  # seconds to finish requests after a stop
limit_request_line = 8190  # bytes: two search texts of 200 characters fit, whatever they are made of
forwarded_allow_ips = ""  # fee_service/http/proxies.py believes proxies, and only as many as a setting says
secure_scheme_headers = {}  # type: ignore[var-annotated]  # also not from who comes through a unix socket
forwarder_headers = ""
accesslog = None  # fee_service/http/observing.py logs requests
logger_class = "fee_service.http.worker.Log"
logconfig_dict = logs.of_libraries(_settings.log_level)
loglevel = _settings.log_level


GARBAGE = 50_000  # objects more than before until circles are looked for: a long answer alone makes thousands
FAIR_SHARE = 0.001  # seconds: Python's 5 ms lets one long answer hold up many short ones


def post_worker_init(worker):  # type: ignore[no-untyped-def]
    """A caller that sends or takes nothing for so long loses the connection; sockets inherit it from these."""
    sys.setswitchinterval(FAIR_SHARE)
    worker.patience = _settings.patience
    for listener in worker.sockets:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", _settings.patience, 0))


def child_exit(server, worker):  # type: ignore[no-untyped-def]
    """Keep the counts of a worker that is gone, not its files."""
    from fee_service.operations.retiring import retire  # not before the folder is chosen

    retire()


def when_ready(server):  # type: ignore[no-untyped-def]
    """Say where; keep what is loaded out of every garbage collection, and its pages shared between the workers."""
    server.log.info("Listening at: %s (%s)", url_of(bind), server.pid)
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 10, 10)


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
