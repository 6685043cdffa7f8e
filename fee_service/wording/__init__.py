"""From codes and values to prose: the core hands out `model.Text`, only here does it become a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from fee_service.errors import Fault
from fee_service.model import Label, Text
from fee_service.wording.causes import CAUSES
from fee_service.wording.dues import DUES
from fee_service.wording.faults import FAULTS
from fee_service.wording.notices import NOTICES
from fee_service.wording.sentence import Language, OneLanguage, Sentence, merged
from fee_service.wording.texts import TEXTS

__all__ = ["Language", "OneLanguage", "fault_answer", "in_language"]

SENTENCES = merged(TEXTS, NOTICES, CAUSES, DUES)

YES_NO = {"ko": ("예", "아니요"), "en": ("yes", "no")}


@lru_cache(maxsize=16384)
def in_language(value: Label | Text | tuple[Text, ...], language: Language) -> str:
    """A name, a sentence or several, in Korean, in English, or in both."""
    if language == "both":
        korean, english = _shown(value, "ko"), _shown(value, "en")
        return korean if korean == english else f"{korean} / {english}"
    return _shown(value, language)


def fault_answer(fault: Fault, language: Language) -> dict[str, str]:
    """A fault as callers see it: which field, why, and what to do."""
    wording = FAULTS[fault.code]
    return {
        "code": fault.code,
        "pointer": fault.pointer,
        "message": _filled(wording.message, fault.params, language),
        "hint": _filled(wording.hint, fault.params, language),
    }


def _filled(sentence: Sentence, params: Mapping[str, Any], language: Language) -> str:
    if language == "both":
        return f"{_filled(sentence, params, 'ko')} / {_filled(sentence, params, 'en')}"
    template = sentence.ko if language == "ko" else sentence.en
    return template.format_map({name: _Value(value, language) for name, value in params.items()})


class _Value:
    """A value to be filled in: `{days}` as it is shown, `{days:day|days}` with the word that goes with its number."""

    __slots__ = ("language", "value")

    def __init__(self, value: Any, language: OneLanguage) -> None:
        self.value, self.language = value, language

    def __format__(self, words: str) -> str:
        text = _shown(self.value, self.language)
        if not words:
            return text
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
