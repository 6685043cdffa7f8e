"""Logs: one JSON object a line, on standard error. No body, no query, no header of a caller gets into them."""

from __future__ import annotations

import contextlib
import logging
import logging.config
import os
from typing import Any

import orjson
import structlog

from fee_service.operations.redacting import redact

STANDARD_ERROR = 2
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class _Lines:
    """Writes each line with one system call: lines of several processes never mix.

    A line that cannot be written (the disk of the log is full, its reader is gone) must not fail what it tells of.
    """

    def __init__(self, *_: object) -> None:
        pass

    def msg(self, line: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(STANDARD_ERROR, line + b"\n")

    debug = info = warning = error = critical = exception = log = msg


def configure(level: str) -> None:
    """Send what the service and its libraries log to standard error, from a level on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            redact,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(of_libraries(level))


def of_libraries(level: str) -> dict[str, Any]:
    """The configuration of `logging`, which gunicorn takes too."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.ExtraAdder(allow=("request_id", "code")),
                    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                    structlog.processors.format_exc_info,
                ],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact,
                    structlog.processors.JSONRenderer(serializer=_text),
                ],
            }
        },
        "filters": {
            "not_silence": {"()": lambda: _is_not_silence},
            "not_nowhere": {"()": lambda: _is_not_nowhere},
        },
        "handlers": {
            "standard_error": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["not_silence", "not_nowhere"],
            }
        },
        "root": {"handlers": ["standard_error"], "level": level.upper()},
        "loggers": {
            "alembic": {"level": "WARNING"},
            "gunicorn.error": {"level": level.upper(), "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }


def _is_not_silence(record: logging.LogRecord) -> bool:
    """A caller who sends nothing more is no error of ours; gunicorn would log a traceback."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def _is_not_nowhere(record: logging.LogRecord) -> bool:
    """Where each worker has a socket of its own, gunicorn tells of none; gunicorn.conf.py says where it listens."""
    return not (str(record.msg).startswith("Listening at") and record.args and record.args[0] == "")  # type: ignore[index]


def _json(event: Any, **_: Any) -> bytes:
    return orjson.dumps(event, default=str)


def _text(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()
