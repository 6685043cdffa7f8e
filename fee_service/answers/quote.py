"""Quotes and decisions as the JSON that callers get (the shapes of the public contract)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from fee_service.answers.facts import canonical, digest, line_facts, quote_facts
from fee_service.answers.plan import invoices_json, kept, months_json
from fee_service.model import (
    Condition,
    EarlierWaiver,
    Eligibility,
    Label,
    Licence,
    Line,
    Notice,
    QuoteRequest,
    Reading,
    Waiver,
)
from fee_service.periods import Period
from fee_service.published.company_sizes import SizeDecision
from fee_service.published.editions import ListSpan, PriceList, Source, WaiverPolicy
from fee_service.published.onboarding import Document, OnboardingPlan
from fee_service.published.terms import Term
from fee_service.rules.deciding import Decision
from fee_service.rules.explaining import explanation
from fee_service.rules.notices import AUDIENCES
from fee_service.rules.pricing import Pricing
from fee_service.rules.quoting import Figures, Quote
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language, in_language_once
from fee_service.wording.notices import NOTICES

if NOTICES.keys() != AUDIENCES.keys():
    raise RuntimeError(f"notices without a sentence or an audience: {sorted(NOTICES.keys() ^ AUDIENCES.keys())}")

# Where a stored quote tells its life.
PREVIEW: Data = {
    "id": None,
    "number": None,
    "status": "preview",
    "issued_at": None,
    "valid_until": None,
    "accepted_at": None,
    "withdrawn_at": None,
    "revises": None,
    "revised_by": None,
}


class Comparison(NamedTuple):
    """Quotes side by side, each under its label."""

    labels: tuple[str, ...]
    quotes: tuple[Quote, ...]


class EligibilityAnswer(NamedTuple):
    """What is decided on the company of a request; `prior_found` is what the waiver ledger added to it."""

    request: QuoteRequest
    decision: Decision
    prior_found: Sequence[EarlierWaiver] = ()


def quote_answer(quote: Quote, language: Language) -> bytes:
    """A quote that is not stored: without id, number and dates of issue."""
    return orjson.dumps(quote_data(quote, language))


def quote_data(quote: Quote, language: Language) -> Data:
    """The quote in the contract's fields; the digest does not depend on the language."""
    facts = quote_facts(quote)
    return {**PREVIEW, "digest": digest(canonical(facts)), **quote_body(quote, facts, language)}


def quote_body(quote: Quote, facts: Data, language: Language, difference: Data | None = None) -> Data:
    """What a quote says, stored or not; `difference` is what a revision changes."""
    return {
        "request": facts["request"],
        "price_list": _price_list(quote.price_list),
        "price_lists": facts["price_lists"],
        "waiver_policy": _waiver_policy(quote.policy),
        "waiver": {
            **facts["waiver"],
            "conditions": _conditions(quote.waiver, language),
            "prior_found": [_earlier(waiver) for waiver in quote.prior_found],
        },
        "licences": _licences(quote.figures, quote.price_list),
        "lines": _lines(quote.figures, quote.asked.horizon, quote.lists, quote.waiver.period, quote.policy, language),
        "months": months_json(quote.figures, quote.test),
        "invoices": invoices_json(quote.figures),
        "totals": facts["totals"],
        "pricing": _pricing(quote.pricing),
        "monthly": facts["monthly"],
        "eligibility": eligibility_data(quote.eligibility, quote.company_size, language),
        "onboarding": _onboarding(quote.onboarding, language),
        "unpriced": [
            {"api": item.api, "status": item.status, "text": in_language(item.text, language)}
            for item in quote.unpriced
        ],
        "notices": [_notice(each, language) for each in quote.notices],
        "readings": _readings(quote.readings, language),
        "terms": _terms(quote.terms, language),
        "difference": difference,
    }


@lru_cache(maxsize=256)
def _terms(terms: tuple[Term, ...], language: Language) -> orjson.Fragment:
    """Kept, because the ways to take a contract are few."""
    return kept([term_data(term, language) for term in terms])


def term_data(term: Term, language: Language) -> Data:
    """A term of the contracts, in our own words, with its clauses."""
    return {
        "id": term.id,
        "text": in_language(term.text, language),
        "source": term.source,
        "clause": label(term.clause),
        "clauses": term_clauses(term),
    }


def term_clauses(term: Term) -> list[Data]:
    """Where a term is written in each contract."""
    return [
        {"contract": place.contract, "source": place.source, "clause": label(place.clause)} for place in term.clauses
    ]


@lru_cache(maxsize=64)
def _pricing(pricing: Pricing) -> orjson.Fragment:
    return kept(pricing_data(pricing))


def pricing_data(pricing: Pricing) -> Data:
    """What the totals are; a text in both languages wherever an amount alone would mislead."""
    texts = {
        "instead": pricing.instead,
        "instead_monthly": pricing.instead_monthly,
        "beside": pricing.beside,
    }
    said = {
        name: text and {"ko": in_language(text, "ko"), "en": in_language(text, "en")} for name, text in texts.items()
    }
    return {"status": pricing.status, "monthly": pricing.monthly, "missing": pricing.missing, **said}


def comparison_answer(comparison: Comparison, language: Language) -> bytes:
    """Quotes side by side, and how each differs from the first."""
    return orjson.dumps(
        {
            "labels": comparison.labels,
            "quotes": [quote_data(quote, language) for quote in comparison.quotes],
            "differences": [_difference(comparison.quotes[0], quote) for quote in comparison.quotes],
        }
    )


def eligibility_answer(answer: EligibilityAnswer, language: Language) -> bytes:
    """Who may use the platform, with the waiver that a contract would get."""
    request, decision = answer.request, answer.decision
    waiver = decision.waiver
    return orjson.dumps(
        {
            "starts_on": request.starts_on,
            "channel": request.channel,
            "eligibility": eligibility_data(decision.eligibility, decision.company_size, language),
            "waiver": {
                "granted": waiver.granted,
                "policy": waiver.policy,
                "starts_on": waiver.period.start if waiver.period else None,
                "ends_on": waiver.period.last_day if waiver.period else None,
                "cut_short_by": waiver.cut_short_by,
                "conditions": _conditions(waiver, language),
                "prior_found": [_earlier(found) for found in answer.prior_found],
            },
            "onboarding": _onboarding(decision.onboarding, language),
        }
    )


def label(value: Label) -> dict[str, str]:
    return {"ko": value.ko, "en": value.en}


def eligibility_data(eligibility: Eligibility, size: SizeDecision | None, language: Language) -> Data:
    return {
        "status": eligibility.status,
        "reasons": [_condition(reason, language) for reason in eligibility.reasons],
        "company_size": None
        if size is None
        else {
            "size": size.size,
            "conditions": [_condition(condition, language) for condition in size.conditions],
        },
    }


@lru_cache(maxsize=256)
def _lines(
    figures: Figures,
    horizon: Period,
    lists: tuple[ListSpan, ...],
    waived: Period | None,
    policy: WaiverPolicy | None,
    language: Language,
) -> orjson.Fragment:
    """The lines with names and explanations; kept for a while like the figures."""
    told = [_line(line, horizon, lists, waived, policy, language) for line in figures.lines]
    return kept(told)


@lru_cache(maxsize=2_048)
def _line(
    line: Line,
    horizon: Period,
    lists: tuple[ListSpan, ...],
    waived: Period | None,
    policy: WaiverPolicy | None,
    language: Language,
) -> orjson.Fragment:
    """A line with its name and explanation; kept for a while: all who take the same have it, whatever stands beside."""
    sentences = explanation(line, horizon, lists, waived, policy)
    told = {**line_facts(line), "label": label(line.label), "explanation": in_language_once(sentences, language)}
    return kept(told)


@lru_cache(maxsize=64)
def _price_list(price_list: PriceList) -> orjson.Fragment:
    block = {
        "id": price_list.id,
        "sha256": price_list.sha256,
        "label": label(price_list.title),
        "valid_from": price_list.valid_from,
        "published_on": price_list.published_on,
        "source": _sources(price_list.sources),
    }
    return kept(block)


@lru_cache(maxsize=64)
def _waiver_policy(policy: WaiverPolicy | None) -> orjson.Fragment:
    block = policy and {
        "id": policy.id,
        "sha256": policy.sha256,
        "label": label(policy.label),
        "valid_from": policy.valid_from,
        "source": _sources(policy.sources),
        "withdrawal_grounds": [label(ground) for ground in policy.withdrawal_grounds],
    }
    return kept(block)


def _sources(sources: Mapping[str, Source]) -> Data:
    return {
        source.id: {"label": label(source.title), "published_on": source.published_on} for source in sources.values()
    }


def _earlier(waiver: EarlierWaiver) -> Data:
    period = waiver.period
    return {"quote": waiver.quote, "starts_on": period.start, "ends_on": period.last_day}


def _conditions(waiver: Waiver, language: Language) -> list[orjson.Fragment]:
    return [_condition(condition, language) for condition in waiver.conditions]


@lru_cache(maxsize=2_048)
def _condition(condition: Condition, language: Language) -> orjson.Fragment:
    """Kept for a while: most are told of many companies in the same words."""
    code, met, text, source, assumed = condition
    told = {"code": code, "met": met, "assumed": assumed, "text": in_language_once(text, language), "source": source}
    return kept(told)


@lru_cache(maxsize=2_048)
def _notice(notice: Notice, language: Language) -> orjson.Fragment:
    """Kept for a while: most are told of many quotes in the same words."""
    text = in_language_once(notice.text, language)
    return kept({"code": notice.code, "audience": notice.audience, "text": text})


@lru_cache(maxsize=256)
def _licences(figures: Figures, price_list: PriceList) -> orjson.Fragment:
    """The licences with their names; kept for a while like the figures."""
    return kept([_licence(licence, price_list) for licence in figures.licences])


def _licence(licence: Licence, price_list: PriceList) -> Data:
    terms = price_list.contracts[licence.contract]
    return {
        "contract": licence.contract,
        "product": licence.product,
        "options": licence.options,
        "for_apis": licence.for_apis,
        "label": label(terms.products[licence.product].label),
        "contract_label": label(terms.label),
    }


@lru_cache(maxsize=256)
def _onboarding(plan: OnboardingPlan, language: Language) -> orjson.Fragment:
    """Kept for a while like the plan."""
    return kept(_plan(plan, language))


def _plan(plan: OnboardingPlan, language: Language) -> Data:
    live = plan.going_live
    return {
        "documents": [_document(item) for item in plan.documents],
        "steps": [_entry(item) for item in plan.steps],
        "security_check": plan.security_check,
        "checks": [_entry(item) for item in plan.checks],
        "going_live": {
            "label": label(live.label),
            "source": live.source,
            "documents": [_document(item) for item in live.documents],
        },
        "lead_time": in_language(plan.lead_time, language),
        "qualifications": [{**_entry(ground), "last_day": ground.last_day} for ground in plan.grounds],
        "exclusions": [
            {**_entry(ground), "law": label(ground.law) if ground.law else None} for ground in plan.exclusions
        ],
        "contacts": [
            {
                **_entry(contact),
                "purpose": label(contact.purpose),
                "email": contact.email,
                "phone": contact.phone,
            }
            for contact in plan.contacts
        ],
    }


def _document(document: Document) -> Data:
    return {**_entry(document), "last_printed_on": document.last_printed_on}


def _entry(item: Any) -> Data:
    return {"code": item.id, "label": label(item.label), "source": item.source}


@lru_cache(maxsize=256)
def _readings(readings: tuple[Reading, ...], language: Language) -> orjson.Fragment:
    """Kept, because many quotes rest on the same."""
    return kept([reading_data(reading, language) for reading in readings])


def reading_data(reading: Reading, language: Language) -> Data:
    """How an unclear text is read, with the clause."""
    return {"id": reading.id, "text": in_language(reading.text, language), "source": reading.source}


def _difference(first: Quote, other: Quote) -> Data:
    """What `other` costs more (positive) or less than `first`, in the totals and in a month."""

    def gap(one: int | None, two: int | None) -> int | None:
        return None if one is None or two is None else two - one

    return {
        "list": gap(first.totals.list, other.totals.list),
        "waiver": gap(first.totals.waiver, other.totals.waiver),
        "net": gap(first.totals.net, other.totals.net),
        "total": gap(first.totals.total, other.totals.total),
        "during_waiver": gap(first.monthly.during_waiver, other.monthly.during_waiver),
        "after_waiver": gap(first.monthly.after_waiver, other.monthly.after_waiver),
        "waiver_ends_on": other.waiver.period.last_day if other.waiver.period else None,
        "licences_added": _licence_names(other, first),
        "licences_removed": _licence_names(first, other),
    }


def _licence_names(of: Quote, without: Quote) -> list[str]:
    known = {(licence.contract, licence.product) for licence in without.licences}
    return [f"{x.contract}:{x.product}" for x in of.licences if (x.contract, x.product) not in known]
