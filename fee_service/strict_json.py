"""JSON as RFC 8259 means it: UTF-8, every key once, no NaN; each refusal says where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from fee_service.errors import Fault, FeeError

Data = dict[str, Any]  # a JSON object

BOM = b"\xef\xbb\xbf"
DEEPEST = 64  # arrays and objects within each other; no request has more than eight
TOO_DEEP = ("너무 깊이 중첩되어 있습니다", "it is nested too deeply")
SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(raw: bytes) -> Any:
    """The value of a JSON document. Raises FeeError (400) with `empty_body` or `invalid_json`."""
    if not raw.strip():
        raise FeeError([Fault("empty_body")], 400)
    if raw.startswith(BOM):
        _refuse("바이트 순서 표시(BOM)가 있습니다", "it begins with a byte order mark (BOM)", 1, 1)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode(errors="replace"))
        other_ko, other_en = _other_encoding(raw)
        _refuse(f"UTF-8이 아닌 바이트가 있습니다{other_ko}", f"a byte is not UTF-8{other_en}", line, column)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        _refuse("JSON 문법에 맞지 않습니다", f"{error.msg[0].lower()}{error.msg[1:]}", error.lineno, error.colno)
    except _RefusedError as refused:
        _refuse(refused.ko, refused.en)
    except RecursionError:
        _refuse(*TOO_DEEP)
    except ValueError:  # Python reads no integer of more than 4,300 digits
        _refuse("숫자가 너무 깁니다", "a number is too long")
    if raw.count(b"[") + raw.count(b"{") > DEEPEST:
        _refuse_depth(value)
    if b"\\u" in raw and SURROGATE_ESCAPE.search(raw):
        _refuse_lone_surrogates(value)
    return value


def _other_encoding(raw: bytes) -> tuple[str, str]:
    """What else the text may be encoded as, in Korean and English; empty where that cannot be told."""
    for name, encoding in (("UTF-16", "utf-16"), ("CP949(EUC-KR)", "cp949")):
        if encoding == "utf-16" and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f". {name} 파일로 보입니다", f"; the text looks like {name.replace('(', ' (')}"
    return "", ""


class _RefusedError(Exception):
    """JSON's grammar allows it, or Python's reader does; this service does not."""

    def __init__(self, ko: str, en: str) -> None:
        self.ko, self.en = ko, en
        super().__init__(en)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, refused where a key stands twice: Python would keep the last and forget the first."""
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        name = json.dumps(key[:60])
        raise _RefusedError(
            f"한 객체에 같은 이름이 두 번 있습니다: {name}", f"the key {name} stands twice in one object"
        )
    return found


def _no_constant(word: str) -> NoReturn:
    raise _RefusedError(f"JSON에 없는 값입니다: {word}", f"{word} is no JSON value")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _refuse_depth(value: Any) -> None:
    """What is nested deeply could not be walked, written or copied by whoever takes it on."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level if isinstance(each, dict | list) for inner in _inside(each)]
        if not level:
            return
    if any(isinstance(each, dict | list) for each in level):
        _refuse(*TOO_DEEP)


def _inside(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _refuse_lone_surrogates(value: Any) -> None:
    """Half a surrogate pair is no character: it could be neither stored nor answered."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        _refuse("짝이 없는 서로게이트(\\ud800 등)가 있습니다", "an escape like \\ud800 is half a character")


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _refuse(why_ko: str, why_en: str, line: int | None = None, column: int | None = None) -> NoReturn:
    if line is not None:
        why_ko = f"{why_ko}({line}번째 줄 {column}번째 글자)"
        why_en = f"{why_en} (line {line}, column {column})"
    params = {"why_ko": why_ko, "why_en": why_en, "line": line, "column": column}
    raise FeeError([Fault("invalid_json", "", params)], 400) from None
