"""The quote on paper (견적서): a tagged PDF set by Typst.

The template gets its words and amounts as JSON, so nothing that a caller typed is ever read as markup. The
same answer gives the same bytes: the file bears the instant of issue, and the fonts are those installed with
the service.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from itertools import groupby

import segno

from fee_service.documents.chart import description, printed_chart
from fee_service.documents.issued_quote import (
    IssuedQuote,
    during_waiver,
    first_invoices,
    is_waived,
    runs,
    standing,
    visible,
)
from fee_service.documents.setting import typeset
from fee_service.documents.words import WORDS, Words, price_word
from fee_service.strict_json import Data
from fee_service.wording import OneLanguage

SUMMARISED = (
    "waiver_ends",
    "nothing_waivable",
    "waiver_refused",
    "qualification_needs_review",
    "price_list_changes",
)
MOST_TOGETHER = 600  # letters of the APIs of a licence that stay on one page with its first lines
BY_USAGE = ("usage_fee", "api_call_fee")


def pdf(document: IssuedQuote, language: OneLanguage) -> bytes:
    """The quote as a PDF; the answer's sentences should be in the same language."""
    return typeset("quote", _content(document, language), document.made_at)


def _content(document: IssuedQuote, language: OneLanguage) -> Data:
    """Everything that the template prints, as strings in their order."""
    answer, words = document.answer, WORDS[language]
    title = words.draft if document.is_draft else words.quotation
    return {
        "words": words._asdict(),
        "language": language,
        "draft": document.is_draft,
        "title": " ".join(filter(None, (title, answer["number"], document.company_name))),
        "head": list(_head(document, words)),
        "recipient": document.company_name or words.unnamed,
        "parties": [list(_recipient(answer, words, language)), list(_supplier(answer, words, language))],
        "supplier": answer["onboarding"]["contacts"][0]["label"][language],
        "cards": list(_cards(answer, words, language)),
        "amounts": document.instead(language) is None,
        "beside": answer["pricing"]["beside"][language] if answer["pricing"]["beside"] else "",
        "sum": [[getattr(words, name), _number(answer["totals"][name])] for name in answer["totals"]],
        "why": list(_why(document, words, language)),
        "chart": "" if document.instead(language) else printed_chart(document, language),
        "chart_text": "" if document.instead(language) else description(answer, language),
        "groups": _groups(answer, language),
        "waiver": _waiver(answer, words, language),
        "months": _months(answer),
        "invoices": _invoices(answer, words),
        "unpriced": [visible(item["text"]) for item in answer["unpriced"]],
        "notices": [visible(notice["text"]) for notice in document.notices if notice["code"] not in SUMMARISED],
        "onboarding": _onboarding(answer, language),
        "readings": [[reading["text"], reading["source"]] for reading in answer["readings"]],
        "contract_terms": [[visible(term["text"]), term["clause"][language]] for term in answer["terms"]],
        "terms": list(_terms(document, words, language)),
        "sources": list(_sources(answer, words, language)),
        "digest": answer["digest"],
        "verify_url": "" if document.is_draft else document.verify_url,
        "qr": "" if document.is_draft else _qr(document.verify_url),
    }


# -- the first page ------------------------------------------------------------------------------------


def _head(document: IssuedQuote, words: Words) -> Iterator[list[str]]:
    answer = document.answer
    if document.is_draft:
        return
    yield [words.number, answer["number"]]
    yield [words.issued_on, str(document.issued_on)]
    yield [words.valid_until, answer["valid_until"]]
    if answer["revises"]:
        yield [words.revises, answer["revises"]["number"]]


def _recipient(answer: Data, words: Words, language: OneLanguage) -> Iterator[list[str]]:
    company = answer["request"]["company"]
    if company["business_number"]:
        yield [words.business_number, company["business_number"]]
    yield [words.founded_on, company["founded_on"]]
    yield [words.contract_start, answer["request"]["starts_on"]]
    months = [month["month"] for month in answer["months"] if month["days"]]
    count = (words.one_month if len(months) == 1 else words.months_count).format(count=len(months))
    yield [words.horizon, f"{months[0]} – {months[-1]} ({count})"]


def _supplier(answer: Data, words: Words, language: OneLanguage) -> Iterator[list[str]]:
    price_list = answer["price_list"]
    yield [words.price_list, price_list["label"][language]]
    if answer["waiver"]["policy"]:
        yield [words.policy, _policy(answer, language)]


def _policy(answer: Data, language: OneLanguage) -> str:
    policy = answer["waiver_policy"]
    return str(policy["label"][language]) if policy else "–"


def _cards(answer: Data, words: Words, language: OneLanguage) -> Iterator[list[str]]:
    """What it costs now, from when it costs what, and what it comes to."""
    monthly, waiver, first = answer["monthly"], answer["waiver"], answer["invoices"][0]
    after = _won(monthly["after_waiver"], words)
    instead = answer["pricing"]["instead_monthly"]
    if instead:
        yield [words.monthly, instead[language], _hint(answer, words)]
    elif is_waived(answer):
        period = words.now_period.format(first=waiver["starts_on"], last=waiver["ends_on"])
        least, most = during_waiver(answer)
        yield [words.now, " – ".join(_won(amount, words) for amount in dict.fromkeys((least, most))), period]
        yield [words.later, after, words.from_day.format(day=_day_after(waiver["ends_on"]))]
    else:
        yield [words.monthly, after, words.without_vat]
        yield [
            words.first_invoice,
            _won(first["total"], words),
            words.on_day.format(day=first["issued_on"]),
        ]
    if answer["pricing"]["instead"] is None:
        yield [words.overall, _won(answer["totals"]["total"], words), words.with_vat]


def _hint(answer: Data, words: Words) -> str:
    """What no price means, where it is only withheld."""
    return words.withheld_until_notice if answer["pricing"]["missing"] == ["withheld"] else ""


def _why(document: IssuedQuote, words: Words, language: OneLanguage) -> Iterator[str]:
    """The sentences below the amounts: what ends when, and on what the waiver rests."""
    yield from (visible(notice["text"]) for notice in document.notices if notice["code"] in SUMMARISED)
    answer = document.answer
    waiver = answer["waiver"]
    if is_waived(answer):
        amount = _won(waiver["amount"], words)
        reason = words.why_waived.format(policy=_policy(answer, language), amount=amount)
        yield " ".join(filter(None, (reason, waiver["cut_short_by"] and getattr(words, waiver["cut_short_by"]))))


# -- tables --------------------------------------------------------------------------------------------


def _groups(answer: Data, language: OneLanguage) -> list[Data]:
    """The lines under the licence that they belong to."""
    licences = {(entry["contract"], entry["product"]): entry for entry in answer["licences"]}
    groups = []
    for key, lines in groupby(answer["lines"], lambda line: (line["contract"], line["product"])):
        of_group, licence = list(lines), licences.get(key)
        apis = visible(", ".join(licence["for_apis"])) if licence else ""
        name = licence["label"][language] if licence else of_group[0]["label"][language].split(" · ")[0]
        groups.append(
            {
                "name": name,
                "contract": licence["contract_label"][language] if licence else "",
                "apis": apis,
                "brief": len(apis) <= MOST_TOGETHER,
                "lines": [_line(line, name, answer, language) for line in of_group],
            }
        )
    return groups


def _line(line: Data, group: str, answer: Data, language: OneLanguage) -> Data:
    words, cell = WORDS[language], line["cells"][0]
    instead = price_word(line, words) or {"withheld": words.withheld, "none": words.no_fee}.get(line["cell"])
    return {
        "id": str(line["id"]),
        "name": line["label"][language].removeprefix(f"{group} · "),
        "waivable": line["waivable"] and answer["waiver"]["granted"],
        "explanation": line["explanation"],
        "unit_price": instead or ("–" if line["unit_price"] is None else _number(line["unit_price"])),
        "quantity": _number(line["quantity"]),
        "amount": "–" if instead else _number(cell["amount"]),
        "source": line["source"],
    }


def _waiver(answer: Data, words: Words, language: OneLanguage) -> Data:
    waiver = answer["waiver"]
    facts = [[words.policy, _policy(answer, language)]]
    if waiver["granted"]:
        facts.append([words.period, f"{waiver['starts_on']} – {waiver['ends_on']}"])
        if waiver["amount"]:
            facts.append([words.saved, _won(waiver["amount"], words)])
    if waiver["cut_short_by"]:
        facts.append([words.cut_short, getattr(words, waiver["cut_short_by"])])
    return {
        "granted": waiver["granted"],
        "facts": facts,
        "conditions": [
            {
                "standing": standing(condition),
                "stands": getattr(words, standing(condition)),
                "text": condition["text"],
                "source": condition["source"],
            }
            for condition in waiver["conditions"]
        ],
    }


def _months(answer: Data) -> Data:
    found = list(runs(answer["months"]))
    totals = answer["totals"]
    return {
        "rows": [
            [
                run.span,
                str(len(run.months)),
                *map(_number, (run.list, run.waiver, run.net, run.net * len(run.months))),
            ]
            for run in found
        ],
        "count": str(len(answer["months"])),
        "net": _number(totals["net"]),
    }


def _invoices(answer: Data, words: Words) -> Data:
    early, last = first_invoices(answer), answer["invoices"][-1]
    return {
        "rows": [[invoice["issued_on"], *_invoice_amounts(invoice)] for invoice in early],
        "sum": [_number(sum(invoice[name] for invoice in early)) for name in ("supply", "vat", "total")],
        "note": words.invoices_note.format(
            count=len(answer["invoices"]),
            day=last["issued_on"],
            total=_won(answer["totals"]["total"], words),
        ),
    }


def _invoice_amounts(invoice: Data) -> list[str]:
    return [_number(invoice[name]) for name in ("supply", "vat", "total")]


# -- what follows --------------------------------------------------------------------------------------


def _onboarding(answer: Data, language: OneLanguage) -> Data:
    plan = answer["onboarding"]
    live = plan["going_live"]
    papers = ", ".join(document["label"][language] for document in live["documents"])
    return {
        "documents": [entry["label"][language] for entry in plan["documents"]],
        "steps": [entry["label"][language] for entry in plan["steps"]],
        "checks": [*(entry["label"][language] for entry in plan["checks"]), f"{live['label'][language]}: {papers}"],
        "lead_time": plan["lead_time"],
        "contacts": [_contact(contact, language) for contact in plan["contacts"]],
    }


def _contact(contact: Data, language: OneLanguage) -> str:
    reached = [contact["purpose"][language], contact["email"], contact["phone"]]
    return f"{contact['label'][language]}: {' · '.join(part for part in reached if part)}"


def _terms(document: IssuedQuote, words: Words, language: OneLanguage) -> Iterator[str]:
    answer = document.answer
    yield (words.term_draft if document.is_draft else words.term_valid.format(day=answer["valid_until"]))
    yield words.term_vat
    yield words.term_price_list.format(lists=", ".join(entry["id"] for entry in answer["price_lists"]))
    if any(line["fee"] in BY_USAGE for line in answer["lines"]):
        yield words.term_usage
    policy = answer["waiver_policy"]
    if answer["waiver"]["granted"] and policy["withdrawal_grounds"]:
        grounds = "; ".join(ground[language] for ground in policy["withdrawal_grounds"])
        yield words.term_waiver.format(grounds=grounds)
    yield words.term_contract


def _sources(answer: Data, words: Words, language: OneLanguage) -> Iterator[list[str]]:
    """The documents that the letters in the tables stand for."""
    policy: Data = answer["waiver_policy"] or {"source": {}}
    for letter, source in sorted((answer["price_list"]["source"] | policy["source"]).items()):
        day = source["published_on"]
        published = f" ({words.published_on.format(day=day)})" if day else ""
        yield [letter, source["label"][language] + published]


def _qr(url: str) -> str:
    """The address to check the quote as a QR code in SVG."""
    picture = BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="svg", border=0, xmldecl=False, nl=False, dark="#16202e")
    return picture.getvalue().decode()


def _number(amount: int) -> str:
    return f"{amount:,}".replace("-", "−")


def _won(amount: int, words: Words) -> str:
    return words.won.format(amount=_number(amount))


def _day_after(day: str) -> str:
    return str(date.fromisoformat(day) + timedelta(days=1))
