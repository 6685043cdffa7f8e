"""The letter that asks a supplier for corrected invoices: what is wrong, how it is computed, what to issue instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from fee_service.answers.corrections import asked_text, code_text
from fee_service.answers.result_line import ResultLine
from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.documents.issued_quote import visible
from fee_service.documents.letter_words import LETTER_WORDS, LetterWords
from fee_service.documents.reconciled_words import cause_word, status_word
from fee_service.documents.setting import typeset
from fee_service.published.editions import Editions, NotFound, PriceList, Source
from fee_service.reconciliation.correcting import WrongInvoice, not_billed, wrong_invoices
from fee_service.reconciliation.documents import APPROVAL
from fee_service.rules.corrections import CorrectedInvoice, CorrectedLine, CorrectionCode
from fee_service.rules.lines import label_of
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage, in_language


class Party(NamedTuple):
    """Who writes or is written to."""

    name: str | None
    business_number: str | None


class Letter(NamedTuple):
    """What a letter says; everything in it comes from the lines of a result, so that it is always the same."""

    reference: str  # the id of the reconciliation
    asked_on: date
    supplier: Party
    customer: Party
    contracts: tuple[str, ...]
    invoices: tuple[WrongInvoice, ...]
    not_billed: tuple[ResultLine, ...]


def letter_of(
    lines: Sequence[ResultLine],
    editions: Editions,
    reference: str,
    asked_on: date,
    *,
    supplier_name: str | None = None,
    customer_name: str | None = None,
) -> Letter | None:
    """A letter about the lines of a result that are of one supplier and customer; None where nothing is wrong."""
    invoices, missing = tuple(wrong_invoices(lines, editions, asked_on)), tuple(not_billed(lines))
    if not invoices and not missing:
        return None
    told = [*(line for of in invoices for line in of.wrong), *missing]
    contracts = tuple(dict.fromkeys(line.contract for line in told if line.contract))
    supplier, customer = (
        Party(name, next((number for line in told if (number := getattr(line, side))), None))
        for name, side in ((supplier_name, "supplier"), (customer_name, "customer"))
    )
    return Letter(reference, asked_on, supplier, customer, contracts, invoices, missing)


def letter(asked: Letter, language: OneLanguage, editions: Editions) -> bytes:
    """The letter as a PDF."""
    made_at = datetime.combine(asked.asked_on, time(), KOREA_STANDARD_TIME)
    return typeset("letter", _content(asked, language, editions), made_at)


def _content(asked: Letter, language: OneLanguage, editions: Editions) -> Data:
    """Everything that the template prints, as strings in their order."""
    words = LETTER_WORDS[language]
    price_list = editions.price_list_on(asked.asked_on)
    corrections = [(invoice, invoice.asked) for invoice in asked.invoices if invoice.asked is not None]
    supply, vat = (sum(getattr(each, name) for _, each in corrections) for name in ("supply", "vat"))
    return {
        "words": words._asdict(),
        "language": language,
        "title": " ".join([words.title, *asked.contracts[:1]]),
        "foot": visible(asked.reference),
        "head": list(_head(asked, words)),
        "parties": [
            _party(asked.supplier, words.to, words.honorific, words),
            _party(asked.customer, words.by, "{name}", words),
        ],
        "cards": list(_cards(asked, supply, vat, words)),
        "invoices": [_invoice(invoice, language, price_list) for invoice in asked.invoices],
        "corrections": [
            [_numbered(invoice.chain), _code(invoice, language), *_amounts(each.supply, each.vat)]
            for invoice, each in corrections
        ],
        "corrections_sum": _amounts(supply, vat),
        "not_billed": [_missing(line, language, editions) for line in asked.not_billed],
        "not_billed_sum": _number(sum(line.expected or 0 for line in asked.not_billed)),
        "sources": list(_sources(asked, editions, language)),
    }


def _head(asked: Letter, words: LetterWords) -> Iterator[list[str]]:
    yield [words.asked_on, str(asked.asked_on)]
    if asked.contracts:
        more = f" +{len(asked.contracts) - 1}" if len(asked.contracts) > 1 else ""
        yield [words.contract, visible(asked.contracts[0]) + more]
    yield [words.reference, visible(asked.reference)[:23]]


def _party(party: Party, called: str, written: str, words: LetterWords) -> Data:
    number = [[words.business_number, _business_number(party.business_number)]] if party.business_number else []
    return {
        "called": called,
        "name": written.format(name=visible(party.name)) if party.name else words.unnamed,
        "facts": number,
    }


def _cards(asked: Letter, supply: int, vat: int, words: LetterWords) -> Iterator[list[str]]:
    count = len(asked.invoices)
    told = words.one_invoice if count == 1 else words.invoices_count.format(count=count)
    yield [words.invoices_wrong, told, ""]
    yield [words.supply_change, _won(supply, words), words.without_vat]
    yield [words.vat_change, _won(vat, words), ""]
    yield [words.total_change, _won(supply + vat, words), words.with_vat]


# -- an invoice ----------------------------------------------------------------------------------------------


def _invoice(invoice: WrongInvoice, language: OneLanguage, price_list: PriceList) -> Data:
    words = LETTER_WORDS[language]
    judged = [line for line in invoice.lines if line.expected is not None]
    billed, due = sum(line.amount or 0 for line in judged), sum(line.expected or 0 for line in judged)
    aside = len(invoice.lines) - len(judged)
    return {
        "number": _numbered(invoice.chain),
        "issued_on": words.issued_on.format(day=invoice.issued_on) if invoice.issued_on else "",
        "lines": [_line(line, language, price_list) for line in judged],
        "sum": [_number(billed), _number(due), _signed(billed - due)],
        "vat": _vat(invoice),
        "aside": "" if not aside else words.one_aside if aside == 1 else words.aside.format(count=aside),
        "correction": None if invoice.asked is None else _correction(invoice, language, price_list),
    }


def _vat(invoice: WrongInvoice) -> list[str]:
    """The VAT that is billed, that is right, and the difference; nothing where that cannot be told."""
    if invoice.asked is None:
        return []
    change = invoice.asked.vat
    return [_number(invoice.vat), _number(invoice.vat + change), _signed(-change)]


def _line(line: ResultLine, language: OneLanguage, price_list: PriceList) -> Data:
    said = line.explanation_ko if language == "ko" else line.explanation_en
    is_wrong = bool(line.difference or line.vat_difference)
    return {
        "item": _item(line, language, price_list),
        "about": " · ".join(_about(line, LETTER_WORDS[language])),
        "cause": _cause(line, language) if is_wrong else "",
        "why": visible(said or "") if is_wrong else "",
        "amounts": [_number(line.amount or 0), _number(line.expected or 0), _signed(line.difference or 0)],
    }


def _item(line: ResultLine, language: OneLanguage, price_list: PriceList) -> str:
    """What the invoice calls it; of what is not on an invoice the printed name of the fee."""
    if line.item:
        return visible(" ".join(filter(None, (line.item, line.specification))))
    if line.agreement and line.fee and line.product:
        column = line.user_type or line.option
        return visible(in_language(label_of(price_list, line.agreement, line.fee, line.product, column), language))
    return LETTER_WORDS[language].sum


def _about(line: ResultLine, words: LetterWords) -> Iterator[str]:
    if line.service_month:
        yield words.service_month.format(month=f"{line.service_month:%Y-%m}")
    if line.contract:
        yield words.issued_for.format(contract=visible(line.contract))


def _cause(line: ResultLine, language: OneLanguage) -> str:
    return cause_word(line.cause, language) if line.cause else status_word(line.status, language)


def _correction(invoice: WrongInvoice, language: OneLanguage, price_list: PriceList) -> Data:
    asked = invoice.asked
    assert asked is not None
    return {
        "code": _code(invoice, language),
        "sentence": in_language(asked_text(asked._replace(corrects=_numbered(asked.corrects))), language),
        "invoices": [
            _to_issue(each, kind, language, price_list)
            for each, kind in zip(asked.invoices, _kinds(asked.code, LETTER_WORDS[language]), strict=False)
        ],
    }


def _code(invoice: WrongInvoice, language: OneLanguage) -> str:
    assert invoice.asked is not None
    return f"{invoice.asked.code} {in_language(code_text(invoice.asked), language)}"


def _kinds(code: CorrectionCode, words: LetterWords) -> tuple[str, ...]:
    """What each invoice that is to be issued does."""
    return (words.changing,) if code is CorrectionCode.SUPPLY_CHANGED else (words.cancelling, words.issuing)


def _to_issue(invoice: CorrectedInvoice[ResultLine], kind: str, language: OneLanguage, price_list: PriceList) -> Data:
    return {
        "kind": kind,
        "day": str(invoice.issued_on),
        "lines": [[_item(line.of, language, price_list), _signed(line.supply)] for line in _merged(invoice.lines)],
        "sum": [_signed(each) for each in (invoice.supply, invoice.vat, invoice.supply + invoice.vat)],
    }


def _merged(lines: Sequence[CorrectedLine[ResultLine]]) -> Iterator[CorrectedLine[ResultLine]]:
    """Lines that change nothing are not issued, unless there is no other."""
    changing = [line for line in lines if line.supply]
    return iter(changing or lines)


def _missing(line: ResultLine, language: OneLanguage, editions: Editions) -> list[str]:
    try:
        price_list = editions.price_list_on(line.service_month or date.max)
    except NotFound:
        price_list = editions.first_price_list
    said = line.explanation_ko if language == "ko" else line.explanation_en
    about = " · ".join(_about(line, LETTER_WORDS[language]))
    return [_item(line, language, price_list), about, visible(said or ""), _number(line.expected or 0)]


# -- amounts -------------------------------------------------------------------------------------------------


def _sources(asked: Letter, editions: Editions, language: OneLanguage) -> Iterator[list[str]]:
    """The documents that the letters of the clauses that are told stand for."""
    words = LETTER_WORDS[language]
    lines = [*(line for invoice in asked.invoices for line in invoice.wrong), *asked.not_billed]
    told = set(re.findall(r"\b[A-Z][0-9]?\b", " ".join(line.explanation_en or "" for line in lines)))
    known: dict[str, Source] = {}
    for sources in (*(each.sources for each in editions.policies), *(each.sources for each in editions.price_lists)):
        known |= sources
    for name, source in sorted(known.items()):
        if name not in told:
            continue
        day = source.published_on
        published = f" ({words.published_on.format(day=day)})" if day else ""
        yield [name, in_language(source.title, language) + published]


def _amounts(supply: int, vat: int) -> list[str]:
    return [_signed(supply), _signed(vat), _signed(supply + vat)]


def _numbered(number: str) -> str:
    """An approval number as it is printed, in three parts; another as it is."""
    plain = visible(number)
    return f"{plain[:8]}-{plain[8:16]}-{plain[16:]}" if len(number) == APPROVAL and number.isalnum() else plain


def _business_number(number: str) -> str:
    """As it is printed, 124-81-00998."""
    return f"{number[:3]}-{number[3:5]}-{number[5:]}" if len(number) == 10 and number.isdigit() else visible(number)


def _number(amount: int) -> str:
    return f"{amount:,}".replace("-", "−")


def _signed(amount: int) -> str:
    return f"{amount:+,}".replace("-", "−") if amount else "0"


def _won(amount: int, words: LetterWords) -> str:
    return words.won.format(amount=_signed(amount))
