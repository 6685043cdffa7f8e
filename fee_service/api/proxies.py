"""Where a caller comes from when proxies stand in front: `X-Forwarded-*`, believed as far as a setting says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fee_service.operations.addresses import address_in

HOST = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
SCHEMES = ("http", "https")
PORTS = {"http": "80", "https": "443"}


class Proxies:
    """WSGI middleware that writes a caller's address in one way, and believes a number of proxies in front.

    Each proxy adds a value at the end of a header: that of the outermost believed one counts, what stands before it
    a caller may have made up. A value that cannot be is left aside. A path's prefix is believed from nobody.
    """

    def __init__(self, app: Any, believed: int) -> None:
        self.app = app
        self.believed = believed

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.believed:
            self._believe(environ)
        address = address_in(environ.get("REMOTE_ADDR", ""))
        if address is not None:
            environ["REMOTE_ADDR"] = str(address)
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer

    def _believe(self, environ: dict[str, Any]) -> None:
        address = address_in(self._told(environ, "FOR"))
        if address is not None:
            environ["REMOTE_ADDR"] = str(address)
        scheme = self._told(environ, "PROTO").lower()
        if scheme in SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        host = self._told(environ, "HOST")
        if HOST.fullmatch(host):
            environ["HTTP_HOST"] = host
            name, _, port = host.rpartition(":") if host[-1] != "]" and ":" in host else (host, "", "")
            environ["SERVER_NAME"] = name
            environ["SERVER_PORT"] = port or PORTS[environ["wsgi.url_scheme"]]

    def _told(self, environ: dict[str, Any], what: str) -> str:
        """The value of the outermost believed proxy; empty where fewer have spoken."""
        values = [value.strip() for value in environ.get(f"HTTP_X_FORWARDED_{what}", "").split(",")]
        return values[-self.believed] if len(values) >= self.believed else ""
