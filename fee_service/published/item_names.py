"""Texts of items as they stand on invoices of any supplier (pricing_tables/item_names.yaml), and what they say.

A text is understood where it is made of known words and of nothing else, in any order, and all that they say agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fee_service.model import Label
from fee_service.published.editions import Editions, PriceList
from fee_service.published.item_codes import USAGE_FEE, ItemCodes, item_codes
from fee_service.published.item_texts import LONGEST, item_text
from fee_service.published.item_words import NOTHING, Says
from fee_service.published.services import SERVICE_FEE, ServiceTable


@dataclass(frozen=True, slots=True, eq=False)
class PublishedNames:
    """Known words with what each says.

    What is `total` or `ignored` is so as a whole text alone; among other words it says nothing.
    """

    corrections: frozenset[str]
    names: tuple[tuple[str, Says], ...]  # of the file
    labels: tuple[tuple[str, Says], ...]  # that price lists print
    codes: ItemCodes
    _whole: Mapping[str, Says] = field(init=False, repr=False)
    _words: Mapping[str, tuple[Says, ...]] = field(init=False, repr=False)
    _lengths: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words: dict[str, tuple[Says, ...]] = {}
        for text, says in (*self.names, *self.labels):
            key = item_text(text).key()
            said = NOTHING if says.total or says.ignored else says
            words[key] = tuple(dict.fromkeys((*words.get(key, ()), said)))
        for word in self.corrections:
            words.setdefault(word, (NOTHING,))
        whole = {item_text(text).key(): says for text, says in self.names if says.total or says.ignored}
        object.__setattr__(self, "_whole", whole)
        object.__setattr__(self, "_words", words)
        object.__setattr__(self, "_lengths", tuple(sorted({len(word) for word in words})))

    def key(self, text: str) -> str:
        """The form in which texts are compared as a whole."""
        return item_text(text).key(self.corrections, self._words)

    def whole(self, text: str) -> Says | None:
        """What a text says as a whole: that it is a total, or none of ours."""
        return self._whole.get(self.key(text))

    def readings(self, text: str) -> frozenset[Says]:
        """All that a text may say, as far as it says it; nothing where a part of it is not known."""
        key = item_text(text).key()
        if not key or len(key) > LONGEST:
            return frozenset()
        reached: list[set[Says]] = [{NOTHING}, *(set() for _ in key)]
        for start, before in enumerate(reached[:-1]):
            if before and key[start] == " ":
                reached[start + 1] |= before
            elif before:
                for end, said in self._from(key, start):
                    reached[end].update(both for one in before if (both := one.with_(said)) is not None)
        return frozenset(reached[-1]) - {NOTHING}

    def _from(self, key: str, start: int) -> Iterator[tuple[int, Says]]:
        for length in self._lengths:
            end = start + length
            if end > len(key):
                return
            for said in self._words.get(key[start:end], ()):
                yield end, said

    def completed(self, readings: Iterable[Says]) -> Says | None:
        """The one thing that readings come to; None where they come to several, or to none with a product.

        Of two readings of which one only says less, the other counts.
        """
        told = {says: says.codes().items() for says in readings}
        most = [says for says, codes in told.items() if not any(codes < other for other in told.values())]
        found = {whole for says in most if (whole := self.codes.completed(says)) is not None}
        return found.pop() if len(found) == 1 else None


def published_names(editions: Editions) -> PublishedNames:
    """The words of item_names.yaml, and the labels of all price lists and services."""
    words, lists, services = editions.item_words, editions.price_lists, editions.services
    corrections = frozenset(item_text(word).key() for word in words.corrections)
    return PublishedNames(corrections, words.names, printed_labels(lists, services), item_codes(lists, services))


def printed_labels(price_lists: Iterable[PriceList], services: ServiceTable) -> tuple[tuple[str, Says], ...]:
    """The labels of contracts, products, fees, options, user types and services, in both languages."""
    return tuple(dict.fromkeys(_labels(price_lists, services)))


def _labels(price_lists: Iterable[PriceList], services: ServiceTable) -> Iterator[tuple[str, Says]]:
    for prices in price_lists:
        for fee in prices.fees.values():
            yield from _both(fee.label, Says(fee=fee.fee))
        for contract in prices.contracts.values():
            yield from _both(contract.label, Says(agreement=contract.id))
            for option, label in contract.options.items():
                yield from _both(label, Says(option=option))
        yield from _products(prices)
        for (name, fee_id, column), label in prices.columns.items():
            if column is not None and column not in prices.contracts[name].options:
                says = Says(fee=fee_id, user_type=column) if fee_id == USAGE_FEE else Says(fee=fee_id, option=column)
                yield from _both(label, says)
    for service in services.services.values():
        yield from _both(service.label, Says(product=service.id))
    yield from _both(services.label, Says(fee=SERVICE_FEE))


def _products(prices: PriceList) -> Iterator[tuple[str, Says]]:
    """Of a product that several contracts have, the shortest label is its name in all of them."""
    contracts: dict[str, list[tuple[Label, str]]] = {}
    for contract in prices.contracts.values():
        for product in contract.products.values():
            contracts.setdefault(product.id, []).append((product.label, contract.id))
    for product_id, labels in contracts.items():
        for language in range(2):
            shortest = min((label[language] for label, _ in labels), key=len)
            for label, contract_id in labels:
                is_name = len(labels) > 1 and label[language] == shortest
                yield label[language], Says(agreement=None if is_name else contract_id, product=product_id)


def _both(label: Label, says: Says) -> Iterator[tuple[str, Says]]:
    yield label.ko, says
    yield label.en, says
