"""YAML without surprises: text, whole numbers, true and false, lists and mappings, each with its line.

Everything that YAML 1.1 would silently turn into something else is a fault here: `NO` (false), `010` (8),
`12:30` (750), `1_000`, fractions, dates without quotes, empty values, keys given twice. Anchors, aliases
and tags are refused as well. All faults of a file are found in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml
from yaml.resolver import Resolver

Path = tuple[str | int, ...]


class YamlFault(NamedTuple):
    """What is wrong on a line, and the next step."""

    line: int
    path: Path
    message: str
    hint: str


class Unreadable:
    """Stands where a value could not be read, so that nothing more is said about it."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE = Unreadable()


class PlainYaml(NamedTuple):
    """A file's content, the line (from 1) of every value in it, and what is wrong with it."""

    content: Any
    lines: Mapping[Path, int]
    faults: tuple[YamlFault, ...]


def read_plain_yaml(raw: bytes) -> PlainYaml:
    """Read one document; never raises on any input."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _nothing(line, "is not UTF-8 text", "Save the file in the encoding UTF-8.")
    reader = _Reader(text)
    try:
        content = reader.document()
    except yaml.YAMLError as error:
        return _nothing(_line_of(error, text), f"is not YAML: {_problem(error)}", _SYNTAX_HINT)
    except _TooDeepError as error:
        return _nothing(error.line, f"is nested more than {_DEEPEST} levels deep", "Use fewer levels.")
    return PlainYaml(content, reader.lines, tuple(reader.faults))


_DEEPEST = 20
_SYNTAX_HINT = "Check the indentation (spaces only), the colons, the brackets and the quotes around this line."
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_RESOLVER = Resolver()
_QUOTE = "Put it in quotes if it is text."

# How YAML 1.1 understands a word without quotes -> what is wrong with that, and the next step.
_SURPRISES = {
    "int": (
        "{value} is not a plain whole number",
        f"Write 1 to 15 digits without 0 in front, sign, '_' or ':'. {_QUOTE}",
    ),
    "float": ("{value} is not a whole number", f"Write digits only, without a fraction. {_QUOTE}"),
    "bool": ("YAML reads {value} as true or false", f"Write true or false. {_QUOTE}"),
    "null": ("is empty", "Give it a value, or leave the whole key out."),
    "timestamp": ("the date {value} is not in quotes", 'Write it in quotes: "{value}".'),
    "merge": ("merging with << is not allowed", "Write the keys out."),
    "value": ("{value} has a meaning of its own in YAML", _QUOTE),
}


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


@dataclass
class _Reader:
    """Builds the values of one document from its events, which, unlike nodes, still show anchors and tags."""

    text: str
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[YamlFault] = field(default_factory=list)
    events: Iterator[yaml.Event] = field(init=False)

    def __post_init__(self) -> None:
        self.events = yaml.parse(self.text, Loader=yaml.CSafeLoader)

    def document(self) -> Any:
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            self._fault(1, (), "is empty", "Fill it, or remove it.")
            return UNREADABLE
        content = self._value(next(self.events), ())
        next(self.events)  # the end of the document
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            self._fault(_line(following), (), "holds a second document", "Put it into a file of its own.")
        return content

    def _value(self, event: yaml.Event, path: Path, line: int | None = None) -> Any:
        here = line or _line(event)
        self.lines.setdefault(path, here)
        if len(path) > _DEEPEST:
            raise _TooDeepError(here)
        if isinstance(event, yaml.AliasEvent):
            self._fault(here, path, f"the alias *{event.anchor} is not allowed", "Write the value out.")
            return UNREADABLE
        self._refuse_decoration(event, path, here)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path, here)

    def _refuse_decoration(self, event: yaml.Event, path: Path, line: int) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            hint = "Remove it, and write out the value where it is used."
            self._fault(line, path, f"the anchor &{anchor} is not allowed", hint)
        if tag:
            self._fault(line, path, f"the tag {tag} is not allowed", "Remove it.")

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = _line(event)
            key = self._key(event, path)
            if key is None:
                self._value(next(self.events), (*path, "?"))  # read past it
                continue
            if key in values:
                first = self.lines[*path, key]
                self._fault(line, (*path, key), f"is given twice, first on line {first}", "Keep one of them.")
            value = self._value(next(self.events), (*path, key), line)
            values.setdefault(key, value)
        return values

    def _key(self, event: yaml.Event, path: Path) -> str | None:
        """The text of a key; None where it is no text, which is a fault."""
        if not isinstance(event, yaml.ScalarEvent):
            self._fault(_line(event), path, "has a key that is not a word", "Write the key as one word.")
            self._value(event, (*path, "?"))
            return None
        self._refuse_decoration(event, (*path, event.value), _line(event))
        key = self._scalar(event, (*path, event.value), _line(event))
        if isinstance(key, str):
            return key
        if key is not UNREADABLE:
            message, hint = f"the key {event.value} is not text", "Put it in quotes."
            self._fault(_line(event), (*path, event.value), message, hint)
        return None

    def _scalar(self, event: yaml.Event, path: Path, line: int) -> str | int | bool | Unreadable:
        assert isinstance(event, yaml.ScalarEvent)
        if not event.implicit[0]:  # in quotes, or a block of text
            return event.value
        kind = _kind(event.value)
        if kind == "str":
            return event.value
        if kind == "int" and _WHOLE_NUMBER.fullmatch(event.value):
            return int(event.value)
        if kind == "bool" and event.value in ("true", "false"):
            return event.value == "true"
        message, hint = _SURPRISES[kind]
        shown = event.value if len(event.value) <= 40 else event.value[:40] + "…"
        self._fault(line, path, message.format(value=shown), hint.format(value=shown))
        return UNREADABLE

    def _fault(self, line: int, path: Path, message: str, hint: str) -> None:
        self.faults.append(YamlFault(line, path, message, hint))


def _kind(word: str) -> str:
    """What YAML 1.1 takes a word without quotes for."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, word, (True, False))  # type: ignore[no-untyped-call]
    return tag.rpartition(":")[2]


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _nothing(line: int, message: str, hint: str) -> PlainYaml:
    return PlainYaml(UNREADABLE, {}, (YamlFault(line, (), message, hint),))


def _line_of(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return text.count("\n", 0, getattr(error, "position", 0)) + 1


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return str(problem or "it cannot be read")
