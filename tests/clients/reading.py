"""Code as a caller writes it with a generated client; run beside it with an address and a key."""
# ruff: noqa: T201

import datetime
import sys

from fees import AuthenticatedClient
from fees.api.documents import quote_as_csv, quote_as_pdf
from fees.api.quotes import issue_quote, list_quotes, preview_quote
from fees.models import Company, Problem, Quote, QuoteRequest, Quotes

address, key = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=key, raise_on_unexpected_status=True)
company = Company.from_dict({"founded_on": "2023-05-10", "size": "sme"})
request = QuoteRequest(company=company, apis=["주식실시간A"], starts_on=datetime.date(2026, 12, 9), months=60)

quote = preview_quote.sync(client=client, body=request, require_eligible=False)
assert isinstance(quote, Quote), quote
assert quote.totals.list_ + quote.totals.waiver == quote.totals.net > 0
assert sum(line.net for month in quote.months for line in month.lines) == quote.totals.net
assert quote.waiver.ends_on == datetime.date(2029, 12, 8)
print("previewed")

issued = issue_quote.sync(client=client, body=request, idempotency_key="once-and-for-all")
assert isinstance(issued, Quote), issued
assert issued.digest == quote.digest
print("issued")

page = list_quotes.sync(client=client, limit=1)
assert isinstance(page, Quotes), page
assert [listed.number for listed in page.quotes] == [issued.number]
print("listed")

pdf = quote_as_pdf.sync(issued.number, client=client)
assert pdf.payload.read().startswith(b"%PDF-")
csv = quote_as_csv.sync(issued.number, client=client)
assert len(csv.splitlines()) > 60, csv
print("filed")

refused = preview_quote.sync(client=client, body=QuoteRequest(company=company, apis=["주식실시간Z"]))
assert isinstance(refused, Problem), refused
assert [error.code for error in refused.errors] == ["unknown_api"]
assert refused.request_id
print("refused")
