"""The names behind the ids of an answer, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.model import Label
from fee_service.published.editions import Editions
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage, in_language


class ResultNames:
    """What the sources, the policy and the APIs of an answer are called."""

    def __init__(self, answer: Data, language: OneLanguage, editions: Editions) -> None:
        self._answer = answer
        self._language = language
        self._editions = editions

    def source(self, code: str) -> str:
        """The document behind the letter of a source."""
        named = self._answer["price_list"]["source"].get(code)
        label = Label(**named["label"]) if named else sources(self._editions).get(code)
        return self._said(label, code)

    @property
    def policy(self) -> str | None:
        """The name of the waiver policy; None where no policy holds."""
        wanted = self._answer["waiver"]["policy"]
        if wanted is None:
            return None
        return self._said(next((each.label for each in self._editions.policies if each.id == wanted), None), wanted)

    def api(self, asked: str) -> str:
        """The name of a requested API."""
        api = self._editions.catalogue.find(asked)
        return self._said(api and api.label, asked)

    def _said(self, label: Label | None, otherwise: str) -> str:
        return otherwise if label is None else in_language(label, self._language)


def sources(editions: Editions) -> Mapping[str, Label]:
    """Every cited document by its letter."""
    found = {name: source.title for policy in editions.policies for name, source in policy.sources.items()}
    found |= {name: source.title for price_list in editions.price_lists for name, source in price_list.sources.items()}
    return found
