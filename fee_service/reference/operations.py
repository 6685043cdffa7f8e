"""What the API offers, as data: one entry for each path and method, from which /openapi.json is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from marshmallow import Schema

from fee_service.documents.billed_files import CONTENT_TYPES
from fee_service.http.access import ACCESS, OPEN, PROBE, named
from fee_service.http.files import KINDS
from fee_service.jobs.kinds import RESULT_TYPES
from fee_service.permissions import Roles
from fee_service.reference.examples import (
    AUDIT,
    COMPARISON,
    ELIGIBILITY,
    EVENTS,
    FINDING_WORDS,
    FULL,
    INVOICE_FILES,
    ITEM_NAMES,
    ITEM_NAMES_FILES,
    SMALLEST,
    USAGE_FILES,
    USAGE_REPORT,
)
from schemas.answers import (
    ComparisonSchema,
    EligibilityAnswerSchema,
    HealthSchema,
    QuoteSchema,
    ReadinessSchema,
)
from schemas.catalogue import ApisQuerySchema, ProductsQuerySchema
from schemas.comparison import ComparisonRequestSchema
from schemas.contracts import (
    ContractEventSchema,
    ContractsQuerySchema,
    ContractsSchema,
    EnteredEventSchema,
    KeptContractSchema,
)
from schemas.document import DocumentQuerySchema
from schemas.dues import (
    ContractDuesQuerySchema,
    ContractDuesSchema,
    DuesQuerySchema,
    DuesSchema,
    LateInterestQuerySchema,
    LateInterestSchema,
)
from schemas.eligibility import EligibilityRequestSchema
from schemas.findings import FindingsQuerySchema, FindingsSchema, FindingStorySchema, FindingWordSchema
from schemas.item_names import (
    ItemNamesAnswerSchema,
    ItemNamesFileQuerySchema,
    ItemNamesQuerySchema,
    ItemNamesSchema,
    ItemNamesTakenSchema,
)
from schemas.jobs import JobSchema
from schemas.letters import AskedForSchema, LetterQuerySchema
from schemas.problem import CodesSchema
from schemas.published import (
    ApisSchema,
    PriceListDiffSchema,
    PriceListSchema,
    PriceListsSchema,
    ProductsSchema,
    WaiverPoliciesSchema,
)
from schemas.quote import PreviewQuerySchema, QuoteRequestSchema
from schemas.reconciliations import (
    InvoiceRowsSchema,
    LinesQuerySchema,
    ReconciledLinesSchema,
    ReconciliationAskedSchema,
    ReconciliationQuerySchema,
    ReconciliationSchema,
    ResultFileQuerySchema,
    UnderstoodSchema,
)
from schemas.stored import NothingSchema, QuotesQuerySchema, QuotesSchema, ReplaySchema
from schemas.usage import (
    AuditSchema,
    AuditsSchema,
    KeptAuditSchema,
    KeptReportSchema,
    UsageImportAskedSchema,
    UsageImportSchema,
    UsageReportSchema,
    UsageReportsQuerySchema,
    UsageReportsSchema,
)


class Operation(NamedTuple):
    """One thing a caller can do. `published` answers may be kept and revalidated."""

    path: str
    tag: str
    id: str
    summary: str
    answer: type[Schema]
    takes: type[Schema] | None = None
    examples: Mapping[str, Any] = {}
    query: type[Schema] | None = None
    names: Mapping[str, str] = {}  # path parameters and what they are
    published: bool = False
    also: Mapping[int, type[Schema]] = {}  # further statuses that are no problems
    further: tuple[int, ...] = ()  # further statuses that are problems
    stores: bool = False  # answered once for each Idempotency-Key
    status: int = 200
    file: str | None = None  # the content type, where the answer is a file and no JSON
    file_types: tuple[str, ...] = ()  # the content types, where the answer is a file of one of them
    lines: bool = False  # NDJSON comes in and goes out, a request and its answer a line
    removes: bool = False  # a DELETE, which answers nothing
    replaces: bool = False  # a PUT
    rows: bool = False  # JSON is a list of what it takes
    files: Mapping[str, Any] = {}  # files that are taken in place of JSON: examples by content type
    answer_to_file: type[Schema] | None = None

    @property
    def body_required(self) -> bool:
        return self.takes is not NothingSchema

    @property
    def method(self) -> str:
        if self.removes or self.replaces:
            return "delete" if self.removes else "put"
        return "post" if self.takes else "get"

    @property
    def roles(self) -> Roles:
        """Who may do it."""
        return ACCESS[named(self.method.upper(), self.path)]

    @property
    def refusals(self) -> tuple[int, ...]:
        """The statuses with which a request may be refused."""
        needs_key = self.roles not in (OPEN, PROBE)
        found = {422, 500, *self.further}
        found |= {401, 403, 503} if needs_key else set()
        found |= {429} if self.roles is not PROBE else set()
        found |= {400, 408, 413, 415} if self.takes else set()
        found |= {404} if self.names else set()
        return tuple(sorted(found))


TAGS = {
    "Quotes": "Computing, issuing and following quotes.",
    "Contracts": "Accepted quotes, and what happens to them.",
    "Usage": "What was used under contracts, month by month.",
    "Documents": "Issued quotes as files.",
    "Jobs": "Work that takes longer than a request: how far it is, and what it has made.",
    "Dues": "What contracts owe, month by month and invoice by invoice.",
    "Findings": "What reconciliations found wrong, over months: what runs say of it, and what people say of it.",
    "Item names": "What texts on a supplier's invoices are for.",
    "Reconciliation": "Invoices held against what is owed, line by line, down to the cause.",
    "Published": "Price lists, waiver policies and what can be asked for.",
    "Service": "The service itself.",
}
QUOTE_ID = "Id or number of a quote."
JOB_ID = "Id of a job, as in the Location that was answered when it was asked for."
CONTRACT_ID = "Id or number of a contract: those of the accepted quote."
FINDING_ID = "Id of a finding, as in GET /v1/findings and in the lines of a reconciliation."
INVOICE_NUMBER = "As `invoice_number` of the lines has it, or printed with hyphens."
PRICE_LIST_ID = "Id of a price list, as in GET /v1/price-lists."

MANY = (
    "A quote for each line, streamed and in order: what a preview answers, or its problem with its `line`. Blank lines "
    "have no answer; a hundred lines count as one request"
)

OPERATIONS = (
    Operation(
        "/v1/quotes/preview", "Quotes", "previewQuote", "A whole quote, stored nowhere", QuoteSchema,
        takes=QuoteRequestSchema, examples={"smallest": SMALLEST, "full": FULL}, query=PreviewQuerySchema,
    ),
    Operation(
        "/v1/quotes/bulk", "Quotes", "previewQuotes", MANY, QuoteSchema, takes=QuoteRequestSchema,
        query=PreviewQuerySchema, lines=True,
    ),
    Operation(
        "/v1/quotes", "Quotes", "issueQuote", "A quote that lasts: numbered, stored, valid for 30 days", QuoteSchema,
        takes=QuoteRequestSchema, examples={"smallest": SMALLEST, "full": FULL}, query=PreviewQuerySchema,
        stores=True, status=201,
    ),
    Operation(
        "/v1/quotes", "Quotes", "listQuotes", "Stored quotes, newest first, page by page", QuotesSchema,
        query=QuotesQuerySchema, further=(400,),
    ),
    Operation(
        "/v1/quotes/{key}", "Quotes", "showQuote", "A stored quote, as it was said and as it stands", QuoteSchema,
        names={"key": QUOTE_ID},
    ),
    *(
        Operation(
            f"/v1/quotes/{{key}}.{kind}", "Documents", f"quoteAs{kind.title()}", f"A stored quote as {says}",
            QuoteSchema, names={"key": QUOTE_ID}, query=DocumentQuerySchema, file=KINDS[kind].content_type,
        )
        for kind, says in (("pdf", "PDF"), ("xlsx", "a spreadsheet"), ("csv", "CSV"))
    ),
    Operation(
        "/v1/quotes/{key}/revisions", "Quotes", "reviseQuote", "A quote in the place of another", QuoteSchema,
        takes=QuoteRequestSchema, examples={"smallest": SMALLEST}, query=PreviewQuerySchema,
        names={"key": QUOTE_ID}, further=(409,), stores=True, status=201,
    ),
    Operation(
        "/v1/quotes/{key}/acceptance", "Quotes", "acceptQuote", "Make a valid quote the contract", QuoteSchema,
        takes=NothingSchema, names={"key": QUOTE_ID}, further=(409,), stores=True,
    ),
    Operation(
        "/v1/quotes/{key}/withdrawal", "Quotes", "withdrawQuote", "Take a quote back", QuoteSchema,
        takes=NothingSchema, names={"key": QUOTE_ID}, further=(409,), stores=True,
    ),
    Operation(
        "/v1/quotes/{key}/replay", "Quotes", "replayQuote",
        "A stored quote computed anew from the editions of its day, and what it would be today", ReplaySchema,
        names={"key": QUOTE_ID},
    ),
    Operation(
        "/v1/contracts", "Contracts", "listContracts", "Contracts, those quoted last first, page by page",
        ContractsSchema, query=ContractsQuerySchema, further=(400,),
    ),
    Operation(
        "/v1/contracts/{key}", "Contracts", "showContract",
        "A contract: what was quoted, what happened to it, how it stands, when it is renewed", KeptContractSchema,
        names={"key": CONTRACT_ID},
    ),
    Operation(
        "/v1/contracts/{key}/events", "Contracts", "enterContractEvent",
        "Enter what happened to a contract; nothing is ever edited, only followed by another", EnteredEventSchema,
        takes=ContractEventSchema, examples=EVENTS, names={"key": CONTRACT_ID}, further=(409,), stores=True, status=201,
    ),
    Operation(
        "/v1/contracts/{key}/dues", "Dues", "showDues", "What a contract owes for some months of service, explained",
        ContractDuesSchema, names={"key": "Id or number of an accepted quote."}, query=ContractDuesQuerySchema,
    ),
    Operation(
        "/v1/contracts/{key}/late-interest", "Dues", "showLateInterest",
        "Interest on an invoice that was paid late: days, rate, clause", LateInterestSchema,
        names={"key": CONTRACT_ID}, query=LateInterestQuerySchema,
    ),
    Operation(
        "/v1/dues", "Dues", "listDues", "What all contracts are billed by the invoices of a month", DuesSchema,
        query=DuesQuerySchema, also={202: JobSchema},
    ),
    *(
        Operation(
            f"/v1/dues.{kind}", "Dues", f"duesAs{name}", f"What all contracts are billed, as {says}",
            DuesSchema, query=DuesQuerySchema, file=CONTENT_TYPES[kind], also={202: JobSchema},
        )
        for kind, name, says in (
            ("csv", "Csv", "CSV"),
            ("xlsx", "Xlsx", "a spreadsheet"),
            ("parquet", "Parquet", "Parquet"),
            ("focus.csv", "Focus", "CSV with the columns of FOCUS 1.2"),
            ("hometax.xlsx", "Hometax", "Hometax's template for bulk issue, or a ZIP of several"),
        )
    ),
    Operation(
        "/v1/comparisons", "Quotes", "compareQuotes", "Two to ten quotes side by side", ComparisonSchema,
        takes=ComparisonRequestSchema, examples={"real time or closing": COMPARISON},
    ),
    Operation(
        "/v1/eligibility", "Quotes", "checkEligibility", "Who may use the platform, and what to hand in",
        EligibilityAnswerSchema, takes=EligibilityRequestSchema, examples={"fintech SME": ELIGIBILITY},
    ),
    Operation(
        "/v1/jobs/{id}", "Jobs", "showJob", "How far a job is, its summary, and where its result is", JobSchema,
        names={"id": JOB_ID},
    ),
    Operation(
        "/v1/jobs/{id}", "Jobs", "cancelJob", "Take a job back; nothing of it is left", JobSchema,
        names={"id": JOB_ID}, removes=True, status=204, further=(409,),
    ),
    Operation(
        "/v1/jobs/{id}/result", "Jobs", "resultOfJob", "What a job has made, as a file of its kind's type", JobSchema,
        names={"id": JOB_ID}, file_types=RESULT_TYPES, further=(409,),
    ),
    Operation(
        "/v1/contracts/{key}/audits", "Usage", "enterAudit",
        "Enter what an audit of the use found; the answer says who bears its cost", KeptAuditSchema,
        takes=AuditSchema, examples={"two months": AUDIT}, names={"key": CONTRACT_ID}, stores=True, status=201,
    ),
    Operation(
        "/v1/contracts/{key}/audits", "Usage", "listAudits",
        "The audits of a contract, in the order in which they were entered", AuditsSchema, names={"key": CONTRACT_ID},
    ),
    Operation(
        "/v1/usage-reports", "Usage", "reportUsage",
        "Keep what was used in a month; a file is kept whole or not at all", KeptReportSchema,
        takes=UsageReportSchema, examples={"a month": USAGE_REPORT}, files=USAGE_FILES,
        answer_to_file=UsageImportSchema, also={202: UsageImportAskedSchema}, further=(409,), stores=True, status=201,
    ),
    Operation(
        "/v1/usage-reports", "Usage", "listUsageReports",
        "Usage reports, those entered last first, page by page: which counts now, which was replaced by which",
        UsageReportsSchema, query=UsageReportsQuerySchema, further=(400, 404),
    ),
    Operation(
        "/v1/reconciliations/{id}/corrections/{invoice_number}", "Reconciliation", "correctionOfInvoice",
        "The correction to ask for of an invoice: with it every line of its chain matches", AskedForSchema,
        names={"id": JOB_ID, "invoice_number": INVOICE_NUMBER}, further=(409,),
    ),
    Operation(
        "/v1/reconciliations/{id}/letters/{invoice_number}.pdf", "Reconciliation", "letterAboutInvoice",
        "A letter that asks for the correction of an invoice, with the computation", AskedForSchema,
        names={"id": JOB_ID, "invoice_number": INVOICE_NUMBER}, query=LetterQuerySchema, file="application/pdf",
        further=(409,),
    ),
    Operation(
        "/v1/findings", "Findings", "listFindings", "What reconciliations found wrong, page by page", FindingsSchema,
        query=FindingsQuerySchema, further=(400, 404),
    ),
    Operation(
        "/v1/findings/{id}", "Findings", "showFinding",
        "A finding with its story: each run that saw it, each state with its note, who and when", FindingStorySchema,
        names={"id": FINDING_ID},
    ),
    Operation(
        "/v1/findings/{id}", "Findings", "sayOfFinding",
        "Say what becomes of a finding; nothing is ever edited, only followed by another word", FindingStorySchema,
        takes=FindingWordSchema, examples=FINDING_WORDS, names={"id": FINDING_ID}, stores=True,
    ),
    Operation(
        "/v1/item-names", "Item names", "tellItemNames",
        "Tell what texts on a supplier's invoices are for; all or none are taken, as another version",
        ItemNamesTakenSchema, takes=ItemNamesSchema, examples={"a supplier": ITEM_NAMES}, files=ITEM_NAMES_FILES,
        further=(409,), stores=True, replaces=True,
    ),
    Operation(
        "/v1/item-names", "Item names", "listItemNames",
        "What is told, supplier by supplier; of a text what it means now, and the known texts most like it",
        ItemNamesAnswerSchema, query=ItemNamesQuerySchema, further=(400,),
    ),
    Operation(
        "/v1/item-names.yaml", "Item names", "writeItemNames", "All that is told, as a file that is taken back",
        ItemNamesAnswerSchema, query=ItemNamesFileQuerySchema, file="application/yaml",
    ),
    Operation(
        "/v1/reconciliations", "Reconciliation", "reconcile",
        "Have files of invoices held against what is owed; with `preview`, what was understood of them",
        UnderstoodSchema, takes=InvoiceRowsSchema, rows=True, files=INVOICE_FILES, query=ReconciliationQuerySchema,
        also={202: ReconciliationAskedSchema}, further=(409,), stores=True,
    ),
    Operation(
        "/v1/reconciliations/{id}", "Reconciliation", "showReconciliation",
        "How far a reconciliation is, and what it came to", ReconciliationSchema, names={"id": JOB_ID},
    ),
    Operation(
        "/v1/reconciliations/{id}", "Reconciliation", "cancelReconciliation",
        "Take a reconciliation back; nothing of it is left", ReconciliationSchema, names={"id": JOB_ID}, removes=True,
        status=204, further=(409,),
    ),
    Operation(
        "/v1/reconciliations/{id}/lines", "Reconciliation", "listReconciledLines",
        "The lines of a result, page by page", ReconciledLinesSchema, names={"id": JOB_ID}, query=LinesQuerySchema,
        further=(400, 409),
    ),
    *(
        Operation(
            f"/v1/reconciliations/{{id}}{place}.{kind}", "Reconciliation", f"{called}As{name}",
            f"The whole result as {says}; of many lines a job", ReconciledLinesSchema, names={"id": JOB_ID},
            query=ResultFileQuerySchema, file=CONTENT_TYPES[kind], also={202: JobSchema}, further=(409,),
        )
        for place, called in (("", "reconciliation"), ("/lines", "reconciledLines"))
        for kind, name, says in (
            ("csv", "Csv", "CSV"),
            ("xlsx", "Xlsx", "a workbook with a sheet for each status"),
            ("parquet", "Parquet", "Parquet"),
            ("focus.csv", "Focus", "CSV with the columns of FOCUS 1.2"),
        )
    ),
    Operation(
        "/v1/apis", "Published", "listApis", "APIs that can be asked for", ApisSchema, query=ApisQuerySchema,
        published=True,
    ),
    Operation(
        "/v1/products", "Published", "listProducts", "Products with their options and fees", ProductsSchema,
        query=ProductsQuerySchema, published=True,
    ),
    Operation(
        "/v1/price-lists", "Published", "listPriceLists", "All price lists", PriceListsSchema, published=True
    ),
    Operation(
        "/v1/price-lists/{id}", "Published", "showPriceList", "A price list with every cell and its source",
        PriceListSchema, names={"id": PRICE_LIST_ID}, published=True,
    ),
    Operation(
        "/v1/price-lists/{a}/diff/{b}", "Published", "comparePriceLists", "What changes between two lists",
        PriceListDiffSchema, names={"a": PRICE_LIST_ID, "b": PRICE_LIST_ID}, published=True,
    ),
    Operation(
        "/v1/waiver-policies", "Published", "listWaiverPolicies", "All waiver policies", WaiverPoliciesSchema,
        published=True,
    ),
    Operation("/problems", "Service", "listProblems", "Every error code", CodesSchema, published=True),
    Operation("/healthz", "Service", "checkHealth", "Whether the process lives", HealthSchema),
    Operation(
        "/readyz", "Service", "checkReadiness", "Whether it can answer", ReadinessSchema, further=(503,)
    ),
)  # fmt: skip
