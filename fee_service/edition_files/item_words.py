"""Makes the words of invoices from item_names.yaml, and checks them against one another and the price lists."""

from __future__ import annotations

from collections.abc import Iterable

from fee_service.edition_files.faults import EditionFile
from fee_service.published.editions import PriceList
from fee_service.published.item_codes import CodeFault, ItemCodes, item_codes
from fee_service.published.item_names import printed_labels
from fee_service.published.item_texts import item_text
from fee_service.published.item_words import CODES, ItemWords, Says
from fee_service.published.services import ServiceTable


def item_words(file: EditionFile) -> ItemWords:
    """The words of the file, with what each says."""
    return ItemWords(
        tuple((entry["text"], _says(entry)) for entry in file.data["names"]), tuple(file.data["corrections"])
    )


def _says(entry: dict[str, str | bool]) -> Says:
    return Says(
        **{code: str(entry[code]) for code in CODES if code in entry},
        total=bool(entry["total"]), ignored=bool(entry["ignored"]),
    )  # fmt: skip


def check_item_names(file: EditionFile, price_lists: Iterable[PriceList], services: ServiceTable) -> None:
    """Every code is known and goes with its neighbours, and no text says two things."""
    lists = tuple(price_lists)
    codes = item_codes(lists, services)
    printed = {item_text(text).key(): (text, says) for text, says in printed_labels(lists, services)}
    said: dict[str, tuple[str, Says]] = {}
    for place, (text, says) in enumerate(item_words(file).names):
        key = item_text(text).key()
        _check_codes(file, place, codes, says)
        _check_again(file, place, said.get(key), says)
        if key in printed and printed[key][1].with_(says) is None:
            hint = "Correct the codes, or remove the entry."
            file.fault(("names", place, "text"), f'"{text}" is printed by a price list for something else', hint)
        said.setdefault(key, (text, says))


def _check_codes(file: EditionFile, place: int, codes: ItemCodes, says: Says) -> None:
    for fault in codes.faults(says):
        code = getattr(says, fault.field)
        if fault.code == "item_code_unknown":
            file.fault(("names", place, fault.field), f'names "{code}", which no price list has', _known(fault))
        else:
            file.fault(("names", place, fault.field), f'"{code}" does not go with the other codes', _known(fault))


def _known(fault: CodeFault) -> str:
    return f"It is one of: {', '.join(fault.known)}." if fault.known else "Remove it."


def _check_again(file: EditionFile, place: int, before: tuple[str, Says] | None, says: Says) -> None:
    if before is not None and before[1] != says:
        hint = "Texts are compared without blanks, signs and case: keep one of the two, or let both say the same."
        file.fault(("names", place, "text"), f'says something else than "{before[0]}", which is the same text', hint)
