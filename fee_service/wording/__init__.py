"""From codes and values to prose: the core hands out `model.Text`, only here does it become a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import Any

from fee_service.errors import Fault
from fee_service.model import Label, Text
from fee_service.wording.audits import AUDITS
from fee_service.wording.causes import CAUSES
from fee_service.wording.contracts import CONTRACTS
from fee_service.wording.corrections import CORRECTIONS
from fee_service.wording.dues import DUES
from fee_service.wording.faults import FAULTS
from fee_service.wording.notices import NOTICES
from fee_service.wording.reconciled import RECONCILED
from fee_service.wording.sentence import Language, OneLanguage, Sentence, merged
from fee_service.wording.texts import TEXTS

__all__ = ["Language", "OneLanguage", "fault_answer", "fault_title", "in_language", "in_language_once"]

PARTS = (TEXTS, NOTICES, CAUSES, DUES, CONTRACTS, AUDITS, RECONCILED, CORRECTIONS)
SENTENCES = merged(*PARTS)

IN_A_FILE = Sentence("{row}행 {column}: ", "Row {row}, {column}: ")  # before what is wrong with a cell
YES_NO = {"ko": ("예", "아니요"), "en": ("yes", "no")}


MOST_KEPT = 2_048  # sentences that come again: what is said of one quote alone goes before them


@lru_cache(maxsize=MOST_KEPT)
def in_language(value: Label | Text | tuple[Text, ...], language: Language) -> str:
    """A name, a sentence or several, in Korean, in English, or in both."""
    return in_language_once(value, language)


def in_language_once(value: Label | Text | tuple[Text, ...], language: Language) -> str:
    """The same of what is not likely to come again, or is kept by who asks: it is not kept here."""
    if language == "both":
        korean, english = _shown(value, "ko"), _shown(value, "en")
        return korean if korean == english else f"{korean} / {english}"
    return _shown(value, language)


def fault_answer(fault: Fault, language: Language) -> dict[str, str]:
    """A fault as callers see it: which field, why, and what to do."""
    wording = FAULTS[fault.code]
    message = wording.message
    if "row" in fault.params and "column" in fault.params:
        message = Sentence(*(f"{where}{said}" for where, said in zip(IN_A_FILE, message, strict=True)))
    return {
        "code": fault.code,
        "pointer": fault.pointer,
        "message": _filled(message, fault.params, language),
        "hint": _filled(wording.hint_naming(fault.params), fault.params, language),
    }


def fault_title(code: str) -> str:
    """What a code is called in the reference, in English."""
    return FAULTS[code].title


def _filled(sentence: Sentence, params: Mapping[str, Any], language: Language) -> str:
    if language == "both":
        return f"{_filled(sentence, params, 'ko')} / {_filled(sentence, params, 'en')}"
    template = sentence.ko if language == "ko" else sentence.en
    pattern, fields = _pattern(template)
    filled = [
        _with_word(_shown(params[name], language), words) if words else _shown(params[name], language)
        for name, words in fields
    ]
    return pattern % tuple(filled)


@lru_cache(maxsize=MOST_KEPT)
def _pattern(template: str) -> tuple[str, tuple[tuple[str, str | None], ...]]:
    """A sentence with a place for each value, and of each value its name and the words that go with its number."""
    parts = [(literal.replace("%", "%%"), name, words) for literal, name, words, _ in Formatter().parse(template)]
    pattern = "".join(literal if name is None else f"{literal}%s" for literal, name, _ in parts)
    return pattern, tuple([(name, words) for _, name, words in parts if name is not None])


def _with_word(text: str, words: str) -> str:
    """`{days:day|days}`: a value with the word that goes with its number."""
    one, many = words.split("|")
    return f"{text} {one if text == '1' else many}"


def _shown(value: Any, language: OneLanguage) -> str:
    """A value as it stands in a sentence."""
    show = _SHOWN.get(type(value))
    if show is not None:
        return show(value, language)
    if isinstance(value, str):  # the words of an enum
        return str(value)
    separator = " " if value and isinstance(value[0], Text) else ", "
    return separator.join(_shown(part, language) for part in value) or "-"


_SHOWN: Mapping[type, Callable[[Any, OneLanguage], str]] = {
    str: lambda value, _: value,
    int: lambda value, _: f"{value:,}",
    date: lambda value, _: value.isoformat(),
    bool: lambda value, language: YES_NO[language][not value],
    type(None): lambda value, _: "-",
    Label: lambda value, language: value.ko if language == "ko" else value.en,
    Text: lambda value, language: _filled(SENTENCES[value.code], value.params, language),
}
