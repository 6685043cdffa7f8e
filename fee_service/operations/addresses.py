"""Addresses of callers: one spelling for each, and which of them belong to one caller."""

from __future__ import annotations

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

OF_ONE_CUSTOMER = 64  # leading bits of an IPv6 address that a provider gives to one customer
LONGEST = 64  # characters of any spelling, with brackets, zone and port

_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def address_in(text: str) -> Address | None:
    """The address that a text names: bare, in brackets, or with a port behind it; None where it names none.

    An IPv4 address in the clothes of IPv6 (::ffff:192.0.2.1) is that IPv4 address; a zone (%eth0) is left out.
    """
    text = text.strip().strip('"')
    if len(text) > LONGEST:
        return None
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def caller_of(text: str) -> str:
    """Whom an address belongs to, as limits count him: an IPv4 address, or the /64 of an IPv6 one.

    What is no address (the name of a socket) stands for itself, cut short.
    """
    found = address_in(text)
    if found is None:
        return text[:LONGEST]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(ipaddress.IPv6Network((found, OF_ONE_CUSTOMER), strict=False))
