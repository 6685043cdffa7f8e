"""Cross-origin requests (CORS): pages of the origins that a setting names may call the API.

Callers send a key, no cookies: credentials are never allowed. Origins are compared whole, so 40 lines do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

METHODS = "GET, POST"
MAY_SEND = "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id"
MAY_READ = (
    "Content-Disposition, ETag, Idempotent-Replayed, Location, Retry-After, WWW-Authenticate,"
    " X-RateLimit-Limit, X-RateLimit-Policy, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"
)
KEPT_SECONDS = "7200"
OWN_POLICY = "cross-origin-resource-policy"


class Origins:
    """WSGI middleware that lets pages of some origins read the answers."""

    def __init__(self, app: Any, allowed: Iterable[str]) -> None:
        self.app = app
        self.allowed = frozenset(allowed)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN")
        asks_first = environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
        if asks_first and origin in self.allowed:
            start_response("204 No Content", self._before(origin))
            return ()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            headers.append(("Vary", "Origin"))
            if origin in self.allowed:
                headers[:] = [header for header in headers if header[0].lower() != OWN_POLICY]
                headers += [
                    ("Access-Control-Allow-Origin", origin),
                    ("Access-Control-Expose-Headers", MAY_READ),
                    ("Cross-Origin-Resource-Policy", "cross-origin"),
                ]
            return start_response(status, headers, exc_info)

        answer: Iterable[bytes] = self.app(environ, start)
        return answer

    def _before(self, origin: str) -> list[tuple[str, str]]:
        """What a browser is told that asks whether it may call."""
        return [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Methods", METHODS),
            ("Access-Control-Allow-Headers", MAY_SEND),
            ("Access-Control-Max-Age", KEPT_SECONDS),
            ("Vary", "Origin"),
        ]
