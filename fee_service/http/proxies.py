"""Where a caller comes from when proxies stand in front: `X-Forwarded-*`, believed as far as a setting says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fee_service.operations.addresses import Address, address_in
from fee_service.settings import Proxies as Believed

HOST = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
SCHEMES = ("http", "https")
PORTS = {"http": "80", "https": "443"}


class Proxies:
    """WSGI middleware that writes a caller's address in one way, and believes the proxies in front that it is told of.

    Each proxy adds a value at the end of a header. Of so many proxies the value of the outermost counts; of proxies
    with these addresses, who must be the ones that call, the last one that is none of theirs. What stands before it a
    caller may have made up. A value that cannot be is left aside. A path's prefix is believed from nobody.
    """

    def __init__(self, app: Any, believed: Believed) -> None:
        self.app = app
        self.believed = believed

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        address = address_in(environ.get("REMOTE_ADDR", ""))
        if address is not None:
            environ["REMOTE_ADDR"] = str(address)
        if self.believed and (isinstance(self.believed, int) or self._is_proxy(address)):
            self._believe(environ)
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer

    def _believe(self, environ: dict[str, Any]) -> None:
        values = _values(environ, "FOR")
        if isinstance(self.believed, int):
            address, back = address_in(_from_end(values, self.believed)), self.believed
        else:
            address, back = self._last_that_is_none(values), 1
        if address is not None:
            environ["REMOTE_ADDR"] = str(address)
        scheme = _from_end(_values(environ, "PROTO"), back).lower()
        if scheme in SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        host = _from_end(_values(environ, "HOST"), back)
        if HOST.fullmatch(host):
            environ["HTTP_HOST"] = host
            name, _, port = host.rpartition(":") if host[-1] != "]" and ":" in host else (host, "", "")
            environ["SERVER_NAME"] = name
            environ["SERVER_PORT"] = port or PORTS[environ["wsgi.url_scheme"]]

    def _last_that_is_none(self, values: list[str]) -> Address | None:
        """The last address that is no proxy's; None where a value before it cannot be."""
        found = None
        for value in reversed(values):
            found = address_in(value)
            if not self._is_proxy(found):
                break
        return found

    def _is_proxy(self, address: Address | None) -> bool:
        networks = self.believed if isinstance(self.believed, tuple) else ()
        return address is not None and any(address in network for network in networks)


def _values(environ: dict[str, Any], what: str) -> list[str]:
    return [value.strip() for value in environ.get(f"HTTP_X_FORWARDED_{what}", "").split(",")]


def _from_end(values: list[str], place: int) -> str:
    """The value at a place from the end, 1 being the last; empty where there are fewer."""
    return values[-place] if len(values) >= place else ""
