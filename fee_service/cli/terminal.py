"""A quote on a terminal: its lines, the months in which the amounts change, the sums and the notices."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from fee_service.documents.words import WORDS as WORDS_OF_DOCUMENTS
from fee_service.documents.words import price_word

WORDS = {
    "ko": {"list": "정가", "waiver": "면제", "net": "청구액", "vat": "부가세", "total": "합계", "lines": "요금 항목",
           "unit": "단가", "quantity": "수량", "months": "월별 금액(금액이 바뀌는 달)", "month": "월", "days": "일수",
           "waived": "면제일", "licence": "항목", "waived_from": "면제 기간", "refused": "면제 없음",
           "horizon": "견적 기간 합계", "notices": "안내", "invoices": "첫 청구서", "won": "원", "seller": "영업용", "terms": "이용계약의 조항"},
    "en": {"list": "list", "waiver": "waiver", "net": "net", "vat": "VAT", "total": "total", "lines": "Lines",
           "unit": "unit price", "quantity": "quantity", "months": "Months in which the amounts change",
           "month": "month", "days": "days", "waived": "waived", "licence": "line", "waived_from": "Waiver",
           "refused": "No waiver", "horizon": "Over the horizon", "notices": "Notices",
           "invoices": "First invoice", "won": "won",
           "seller": "for the seller", "terms": "Clauses of the licence contracts"},
}  # fmt: skip


def print_quote(answer: dict[str, Any], language: str) -> None:
    """Print an answer of the preview; `language` is ko or en."""
    console, words = Console(highlight=False), WORDS[language]
    waiver = answer["waiver"]
    period = f"{waiver['starts_on']} – {waiver['ends_on']}" if waiver["granted"] else words["refused"]
    title = answer["price_list"]["label"][language]
    console.print(
        f"[bold]{title}[/bold]\n{words['waived_from']}: {period} ({waiver['policy'] or '-'})\n",
        soft_wrap=True,
    )
    console.print(_lines_table(answer, words, language))
    for line in answer["lines"]:
        console.print(f"{line['id']}. {line['explanation']}", style="dim", soft_wrap=True, markup=False)
    console.print()
    _print_sums(console, answer, words, language)
    console.print(f"[bold]{words['notices']}[/bold]")
    for notice in answer["notices"] + answer["unpriced"]:
        mark = f"[{words['seller']}] " if notice.get("audience") == "seller" else ""
        console.print(f"• {mark}{notice['text']}", soft_wrap=True, markup=False)
    console.print(f"\n[bold]{words['terms']}[/bold]")
    for term in answer["terms"]:
        console.print(f"• {term['text']} ({term['clause'][language]})", soft_wrap=True, markup=False)
    console.print(f"\n{answer['digest']}", style="dim", soft_wrap=True)


def _print_sums(console: Console, answer: dict[str, Any], words: dict[str, str], language: str) -> None:
    """The months and the sums, or what stands in their place where they are no amounts."""
    pricing, totals = answer["pricing"], answer["totals"]
    if pricing["instead"] is not None:
        console.print(f"[bold]{words['horizon']}[/bold]: {pricing['instead'][language]}", soft_wrap=True)
    else:
        console.print(_months_table(answer, words))
        sums = "   ".join(f"{words[key]} {totals[key]:,}" for key in ("list", "waiver", "net", "vat", "total"))
        console.print(f"[bold]{words['horizon']}[/bold]: {sums}", soft_wrap=True)
        first = answer["invoices"][0]
        console.print(f"{words['invoices']} {first['issued_on']}: {first['total']:,} {words['won']}")
    if pricing["beside"] is not None:
        console.print(pricing["beside"][language], soft_wrap=True, markup=False)
    console.print()


def _lines_table(answer: dict[str, Any], words: dict[str, str], language: str) -> Table:
    table = Table(title=words["lines"], title_justify="left")
    table.add_column(words["licence"])
    for column in ("unit", "quantity"):
        table.add_column(words[column], justify="right")
    for line in answer["lines"]:
        price = price_word(line, WORDS_OF_DOCUMENTS["en" if language == "en" else "ko"])
        if price is None:
            price = line["cell"] if line["unit_price"] is None else f"{line['unit_price']:,}"
        table.add_row(f"{line['id']}. {line['label'][language]}", price, f"{line['quantity']:,}")
    return table


def _months_table(answer: dict[str, Any], words: dict[str, str]) -> Table:
    """The first month and every month whose amounts differ from the one before."""
    table = Table(title=words["months"], title_justify="left")
    for column in ("month", "days", "waived", "list", "waiver", "net"):
        table.add_column(words[column], justify="left" if column == "month" else "right")
    before = None
    for month in answer["months"]:
        amounts = (month["list"], month["waiver"], month["net"])
        if amounts != before:
            days = f"{month['days']}/{month['days_in_month']}"
            table.add_row(month["month"], days, str(month["waived_days"]), *(f"{a:,}" for a in amounts))
        before = amounts
    return table
