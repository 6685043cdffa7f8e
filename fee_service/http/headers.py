"""Security headers on every answer, added where they cost least: as the answer leaves the application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fee_service.http.environ import MORE_HEADERS

HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
MAY_BE_OWN = frozenset(("content-security-policy", "cache-control"))  # a page or published data sets its own
TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")  # where the caller came by TLS


class SecurityHeaders:
    """WSGI middleware that completes the headers of every answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = {name.lower() for name, _ in headers} & MAY_BE_OWN
            headers.extend(header for header in HEADERS if header[0].lower() not in own)
            headers.extend(environ.get(MORE_HEADERS, ()))
            if environ["wsgi.url_scheme"] == "https":
                headers.append(TRANSPORT)
            return start_response(status, headers, exc_info)

        answer: Iterable[bytes] = self.app(environ, start)
        return answer
