"""How something valid becomes something that nobody expects: texts, JSON, forms, bytes."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

Pairs = list[tuple[str, str]]

NASTY = (
    "", " ", "\x00", "a\x00b", "\ud800", "\udfff x", "\x7f", "\x85", "\u2028", "\ufeff", "\u200b", "\u202e", "\uffff",
    "0", "-0", "-1", "+1", "1e309", "NaN", "Infinity", "0x10", "1_000", "1,000", "²", "٣", "１２", "½", "9" * 30, "9" * 5_000,
    "0000-00-00", "2024-02-30", "9999-12-31", "1900-01-01", "2199-12-31", "10000-01-01", "2026-W01-1", "20260101",
    "２０２６-01-01", "2019-11", "true", "null", "None", "[]", "{}", "policy:x", "option:x", "start:", "start:9999-12-31",
    "//[", "http://[", "//evil.example", "/\\evil", "\r\nX: y", "%", "%00", "%s%n", "'", '"', "\\", "' OR 1=1 --", "_", "%%",
    "{{7*7}}", "${7*7}", "<script>", "../../etc/passwd", "..", ".", ".pdf", "x.pdf", "x.xlsx", "x.csv", "/", "//",
    "가" * 201, "한글", "각", "ﾊﾝｶｸ", "🚀" * 70, "é" * 3_000, "x" * 40_000, "Q-2026-000001", "Q-9999-999999",
    "Q-2026-" + "9" * 40, "sha256:" + "0" * 64, "0" * 64, "preview", "999-87-00021", "000-00-00000", "주식실시간A",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *NASTY, None, True, False, 0, -1, 1, 0.5, 1e308, 10**18, 2**63, 2**64, 10**4_000, [], {}, [[]], [None], {"": ""},
    {"a": {"a": {}}}, [1] * 300, "2026-12-09", 60, "sme", "real_time",
)  # fmt: skip
GARBAGE = (
    b"", b" ", b"{", b"[", b'"', b"\xff\xfe", b"\xef\xbb\xbf{}", b"\x1f\x8b\x08\x00", b"{}{}", b"nul", b"--b", b"--b--", b"\x00",
    b'{"a": "\\ud800"}', b'{"\\ud800": 1}', b"[" * 976 + b'"\\ud800"' + b"]" * 976, b'{"a":' * 990 + b"1" + b"}" * 990,
    b"[" * 100_000, b"9" * 10_000, b'{"a":1,"a":2}', b"%00=%00", b"a=%ED%A0%80&%FF=1", b"&&&==;", b"a" * 100_000,
)  # fmt: skip


def text(rng: Random, known: str = "") -> str:
    """A text in the place of a known one."""
    match rng.randrange(6):
        case 0 if known:
            at = rng.randrange(len(known))
            return known[:at] + rng.choice(NASTY)[:50] + known[at + rng.randrange(3) :]
        case 1 if known:
            return known * rng.choice((2, 20))
        case 2 if known:
            return known.swapcase() if rng.random() < 0.5 else f" {known}\t"
        case 3:
            return "".join(
                chr(rng.choice((rng.randrange(256), rng.randrange(0x11_0000)))) for _ in range(rng.randrange(9))
            )
        case _:
            return rng.choice(NASTY)


def json_value(rng: Random, value: Any) -> Any:
    """The value with one to three of its parts changed, added, taken away or doubled."""
    changed = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        changed = _changed(rng, changed)
    return changed


def _changed(rng: Random, value: Any) -> Any:
    if not isinstance(value, dict | list) or not value or rng.random() < 0.15:
        return (
            copy.deepcopy(rng.choice(VALUES)) if rng.random() < 0.8 or not isinstance(value, str) else text(rng, value)
        )
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = rng.choice(keys)
    match rng.randrange(8):
        case 0:
            del value[key]
        case 1 if isinstance(value, dict):
            value[text(rng, str(key))] = value[key]
        case 1:
            value.append(value[key])
        case 2 if isinstance(value, dict):
            value[rng.choice(("apis", "licences", "company", "usage", "prior_waiver", "x"))] = copy.deepcopy(
                rng.choice(VALUES)
            )
        case _:
            value[key] = _changed(rng, value[key])
    return value


def json_bytes(rng: Random, value: Any) -> bytes:
    """JSON, mostly as it should be written."""
    if rng.random() < 0.1:
        return octets(rng, json.dumps(value).encode())
    return json.dumps(value, ensure_ascii=rng.random() < 0.7).encode(errors="surrogatepass")


def octets(rng: Random, known: bytes) -> bytes:
    """Bytes that may mean nothing at all."""
    match rng.randrange(4):
        case 0:
            return rng.choice(GARBAGE)
        case 1:
            return known[: rng.randrange(len(known) + 1)]
        case 2:
            return known + rng.choice(GARBAGE)
        case _:
            changed = bytearray(known or b"x")
            for _ in range(rng.randint(1, 4)):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
            return bytes(changed)


def pairs(rng: Random, known: Pairs, names: tuple[str, ...]) -> Pairs:
    """The fields of a form or an address with some changed, added, taken away or repeated."""
    changed = list(known)
    for _ in range(rng.choice((0, 1, 1, 2, 3, 6))):
        match rng.randrange(6) if changed else 0:
            case 0:
                changed.append((rng.choice(names), text(rng)))
            case 1:
                changed.pop(rng.randrange(len(changed)))
            case 2:
                changed.append(rng.choice(changed))
            case 3:
                name, value = changed.pop(rng.randrange(len(changed)))
                changed.append((text(rng, name), value))
            case _:
                at = rng.randrange(len(changed))
                changed[at] = changed[at][0], text(rng, changed[at][1])
    return changed
