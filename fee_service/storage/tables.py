"""The tables. KRW are BIGINT, days are DATE, instants are UTC; what protects them are the triggers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from fee_service.finding import FindingLife, FindingState
from fee_service.job_state import JobState
from fee_service.quote_status import KEPT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; SQLite knows no time zones and keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return instant


# Compared byte by byte on both databases, whatever the database's own collation: prefix ranges depend on it.
Code = Text().with_variant(Text(collation="C"), "postgresql")
Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite's own row number must be INTEGER

quotes = Table(
    "quotes",
    metadata,
    # The day of issue and the number, as one integer: the order in which quotes are listed.
    Column("position", Serial, primary_key=True, autoincrement=False),
    Column("id", Code, nullable=False, unique=True),
    Column("number", Code, nullable=False, unique=True),
    Column("issued_at", Instant, nullable=False),
    Column("issued_on", Date, nullable=False),  # in Korea
    Column("valid_until", Date, nullable=False),
    Column("validity_days", Integer, nullable=False),
    Column("owner", Code, nullable=False),  # the API key whose quote it is
    Column("company_name", Text),
    Column("company_name_id", ForeignKey("company_names.id")),
    Column("business_number", Code),
    Column("price_list", Code, nullable=False),
    Column("policy", Code),
    Column("starts_on", Date, nullable=False),
    Column("waiver_starts_on", Date),
    Column("waiver_ends_on", Date),  # the last waived day, even if the contract ends before it
    Column("waiver_months", Integer),  # months that the policy grants
    Column("net", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("revises", ForeignKey("quotes.position"), unique=True),
    Column("digest", Code, nullable=False),
    Column("listed", Text, nullable=False),  # what a list shows of it, as JSON
    Column("facts", LargeBinary, nullable=False),  # the JSON that the digest covers
    Column("said", LargeBinary, nullable=False),  # the whole answer in both languages, compressed
)
for column in ("owner", "company_name_id", "business_number", "policy", "starts_on"):
    Index(None, quotes.c[column], quotes.c.position)
Index(None, quotes.c.validity_days)
# To walk from the newest quote on without reading whole quotes.
Index("ix_quotes_walk", quotes.c.position, quotes.c.company_name_id, quotes.c.starts_on)

quote_states = Table(
    "quote_states",
    metadata,
    Column("position", ForeignKey("quotes.position"), primary_key=True, autoincrement=False),
    Column("status", Code, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint(f"status IN {tuple(status.value for status in KEPT)}", name="status"),
)
Index(None, quote_states.c.status, quote_states.c.position)

numbers = Table(
    "numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

company_names = Table(
    "company_names",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("folded", Code, nullable=False, unique=True),
    Column("searched", Code, nullable=False, server_default=""),
)

# Every ending of a name as it is searched, so that a part of a name is the beginning of a term.
company_name_terms = Table(
    "company_name_terms",
    metadata,
    Column("term", Code, primary_key=True),
    Column("company_name_id", ForeignKey("company_names.id"), primary_key=True),
    sqlite_with_rowid=False,
)

# Every ending of the digits of a business number, for the same reason.
business_number_terms = Table(
    "business_number_terms",
    metadata,
    Column("term", Code, primary_key=True),
    Column("business_number", Code, primary_key=True),
    sqlite_with_rowid=False,
)

waiver_ledger = Table(
    "waiver_ledger",
    metadata,
    Column("position", ForeignKey("quotes.position"), primary_key=True, autoincrement=False),
    Column("business_number", Code, nullable=False),
    Column("policy", Code, nullable=False),
    Column("granted_months", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),  # the last waived day inside the contract
    Column("entered_at", Instant, nullable=False),
)
Index(None, waiver_ledger.c.business_number)

# What was agreed by accepting a quote; its request names the licences that the quote found for it.
contracts = Table(
    "contracts",
    metadata,
    Column("position", ForeignKey("quotes.position"), primary_key=True, autoincrement=False),
    Column("business_number", Code),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),  # the last contract day, where one was agreed
    Column("quoted_until", Date, nullable=False),  # the last day of the quote's horizon
    Column("waiver_starts_on", Date),
    Column("waiver_ends_on", Date),  # the last waived day as granted
    Column("request", Text, nullable=False),  # canonical JSON
)
Index(None, contracts.c.business_number, contracts.c.position)
Index(None, contracts.c.starts_on, contracts.c.position)

contract_products = Table(
    "contract_products",
    metadata,
    Column("product", Code, primary_key=True),
    Column("position", ForeignKey("contracts.position"), primary_key=True),
    sqlite_with_rowid=False,
)
Index(None, contract_products.c.position)

# What happened to a contract: never edited, only followed by another.
contract_events = Table(
    "contract_events",
    metadata,
    Column("position", ForeignKey("contracts.position"), primary_key=True, autoincrement=False),
    Column("sequence", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … of the contract
    Column("id", Code, nullable=False, unique=True),
    Column("kind", Code, nullable=False),
    Column("on", Date),
    Column("ground", Code),
    Column("reason", Text),
    Column("annuls", ForeignKey("contract_events.id"), unique=True),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Code, nullable=False),
)

# How a contract stands with all its events; it follows from them, and is looked up by it.
contract_states = Table(
    "contract_states",
    metadata,
    Column("position", ForeignKey("contracts.position"), primary_key=True, autoincrement=False),
    Column("ends_on", Date),  # the last contract day, where one is known
    Column("waiver_ends_on", Date),  # the last waived day, where any is
)
for column in ("ends_on", "waiver_ends_on"):
    Index(None, contract_states.c[column], contract_states.c.position)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", Code, primary_key=True),
    Column("key", Code, primary_key=True),
    Column("request", Code, nullable=False),  # SHA-256 of method, path and body
    Column("status", Integer, nullable=False),
    Column("location", Text),
    Column("head", LargeBinary, nullable=False),
    Column("tail", LargeBinary),  # compressed
    Column("expires_at", Instant, nullable=False),
)
Index(None, idempotency_keys.c.expires_at)

audit_log = Table(
    "audit_log",
    metadata,
    Column("sequence", Serial, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Code, nullable=False),
    Column("role", Code, nullable=False),
    Column("action", Code, nullable=False),
    Column("subject", Code, nullable=False),
    Column("details", Text, nullable=False),  # canonical JSON
    Column("origin", Text, nullable=False),
    Column("previous", Code, nullable=False),
    Column("hash", Code, nullable=False),
)
Index(None, audit_log.c.subject, audit_log.c.sequence)

# The end of the chain. Whoever writes locks this row first: there is one writer at a time.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", Code, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# Random values that this installation made for itself, e.g. the key that signs cursors.
installation = Table(
    "installation",
    metadata,
    Column("name", Code, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

# Who may call: a key itself is never kept, only its SHA-256.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Code, primary_key=True),
    Column("hash", Code, nullable=False),
    Column("role", Code, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_on", Date),  # the last day on which it opens, in Korea
    Column("revoked_at", Instant),
)

# Links with which a prospect reads one quote; a link holds its row's id and is signed.
quote_shares = Table(
    "quote_shares",
    metadata,
    Column("id", Code, primary_key=True),
    Column("position", ForeignKey("quotes.position"), nullable=False),
    Column("created_by", Code, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("expires_on", Date),  # the last day on which it shows the quote, in Korea
)
Index(None, quote_shares.c.position)
Index(None, quotes.c.digest, quotes.c.position)

# Who has signed in with which key; of what the browser holds only the SHA-256 is kept.
sessions = Table(
    "sessions",
    metadata,
    Column("hash", Code, primary_key=True),
    Column("key_id", Code, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
Index(None, sessions.c.key_id, sessions.c.began_at)
Index(None, sessions.c.expires_at)

# Work that is done beside the answering of requests, fee_service/jobs: each has a lease, so that one worker does it.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Code, primary_key=True),  # in the order in which they were made
    Column("kind", Code, nullable=False),
    Column("owner", Code, nullable=False),  # the API key whose job it is
    Column("role", Code, nullable=False),
    Column("origin", Text, nullable=False),
    Column("params", Text, nullable=False),  # JSON
    Column("state", Code, nullable=False),
    # From when a worker may take it: the end of the lease of one that runs. Of one that is over, from when what it
    # leaves may be removed; nothing is left where there is none.
    Column("free_from", Instant),
    Column("held_by", Code),
    Column("attempt", Integer, nullable=False),  # counts who has taken it: only the last one may write
    Column("tries", Integer, nullable=False),  # attempts since the last chunk was kept
    Column("chunks_done", Integer, nullable=False),
    Column("chunks_total", Integer),
    Column("result_bytes", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("summary", Text),  # JSON
    Column("faults", LargeBinary),  # JSON, compressed
    CheckConstraint(f"state IN {tuple(state.value for state in JobState)}", name="state"),
)
Index(None, jobs.c.state, jobs.c.free_from)
Index(None, jobs.c.finished_at)
Index(None, jobs.c.kind, jobs.c.id)

# Uploaded files, in pieces, until the job is over.
job_inputs = Table(
    "job_inputs",
    metadata,
    Column("job", ForeignKey("jobs.id"), primary_key=True),
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("piece", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

# What a job has made so far: each chunk once, whoever made it.
job_chunks = Table(
    "job_chunks",
    metadata,
    Column("job", ForeignKey("jobs.id"), primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)
# What was used in a month, as it was reported: never changed, only followed by a report that corrects it.
usage_reports = Table(
    "usage_reports",
    metadata,
    Column("sequence", Serial, primary_key=True),  # the order in which they were entered
    Column("id", Code, nullable=False, unique=True),
    Column("batch", Code, nullable=False),  # its own id, or that of the file with which it came: sealed as one
    Column("position", ForeignKey("quotes.position"), nullable=False),  # of the contract
    Column("owner", Code, nullable=False),  # the API key whose quote the contract is
    Column("month", Date, nullable=False),  # its first day
    Column("reported_on", Date, nullable=False),
    Column("reported_by", Code, nullable=False),
    Column("corrects", Code, unique=True),  # the report that it replaces
    Column("usage", Text, nullable=False),  # canonical JSON: by product standard IDs, personal IDs, queries
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("id", "position", "month"),
    # a report is replaced by one of the same contract and month
    ForeignKeyConstraint(
        ["corrects", "position", "month"],
        ["usage_reports.id", "usage_reports.position", "usage_reports.month"],
        name="fk_usage_reports_corrects_position_month",
    ),
)
_FIRST = usage_reports.c.corrects.is_(None)
Index(
    "uq_usage_reports_first", usage_reports.c.position, usage_reports.c.month, unique=True,
    sqlite_where=_FIRST, postgresql_where=_FIRST,
)  # fmt: skip
for column in ("position", "month", "owner", "batch"):
    Index(None, usage_reports.c[column], usage_reports.c.sequence)

# What audits of the use found, and who bears their cost: never changed.
usage_audits = Table(
    "usage_audits",
    metadata,
    Column("sequence", Serial, primary_key=True),
    Column("id", Code, nullable=False, unique=True),
    Column("position", ForeignKey("quotes.position"), nullable=False),
    Column("audited_on", Date, nullable=False),
    Column("recorded_by", Code, nullable=False),
    Column("said", LargeBinary, nullable=False),  # the answer in each language, compressed
    Column("created_at", Instant, nullable=False),
)
Index(None, usage_audits.c.position, usage_audits.c.sequence)

# What runs found wrong, each once, however often it is seen again; how it stands is what its last event left.
findings = Table(
    "findings",
    metadata,
    Column("sequence", Serial, primary_key=True),
    Column("id", Code, nullable=False, unique=True),  # follows from what it is about
    Column("contract", ForeignKey("quotes.number"), nullable=False),
    Column("month", Date, nullable=False),  # of service, its first day
    Column("chain", Code),
    Column("agreement", Code),
    Column("fee", Code),
    Column("product", Code),
    Column("option", Code),
    Column("user_type", Code),
    Column("life", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("cause", Code),
    Column("difference", BigInteger, nullable=False),
    Column("vat_difference", BigInteger, nullable=False),
    Column("settled_difference", BigInteger),  # what a person has accepted or closed
    Column("settled_vat_difference", BigInteger),
    Column("seen", Code, nullable=False),  # the last run that saw it
    CheckConstraint(f"life IN {tuple(life.value for life in FindingLife)}", name="life"),
    CheckConstraint(f"state IN {tuple(state.value for state in FindingState)}", name="state"),
)
for column in ("contract", "month", "life", "state", "cause"):
    Index(None, findings.c[column], findings.c.sequence)

# What runs and people said of findings, and how each stood after it: never changed.
finding_events = Table(
    "finding_events",
    metadata,
    Column("sequence", Serial, primary_key=True),
    Column("batch", Code, nullable=False),  # the run; of a person's word an id of its own
    Column("finding", ForeignKey("findings.id"), nullable=False),
    Column("life", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("cause", Code),
    Column("difference", BigInteger, nullable=False),
    Column("vat_difference", BigInteger, nullable=False),
    Column("settled_difference", BigInteger),
    Column("settled_vat_difference", BigInteger),
    Column("seen", Code, nullable=False),
    Column("status", Code),  # as the run saw it; None of a person's word
    Column("amount", BigInteger),
    Column("expected", BigInteger),
    Column("invoice_number", Code),
    Column("issued_on", Date),
    Column("explanation_ko", Text),
    Column("explanation_en", Text),
    Column("note", Text),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Code, nullable=False),
    UniqueConstraint("finding", "batch"),
)
Index(None, finding_events.c.batch, finding_events.c.sequence)

# What texts on a supplier's invoices are for: a row a version, with all that holds from it on; never changed.
item_names = Table(
    "item_names",
    metadata,
    Column("sequence", Serial, primary_key=True),
    Column("supplier", Code, nullable=False),  # business number
    Column("version", Integer, nullable=False),
    Column("names", Text, nullable=False),  # canonical JSON
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Code, nullable=False),
    UniqueConstraint("supplier", "version"),
)

# Invoices that reconciliations have judged, by each of their contracts: what comes later is judged together with them.
# They bear the id of their job and count once that is done, however long it is kept.
reconciled_invoices = Table(
    "reconciled_invoices",
    metadata,
    Column("run", Code, primary_key=True),
    Column("number", Code, primary_key=True),  # with the supplier's, where it is no approval number
    Column("contract", Code, primary_key=True),  # its number
    Column("content", Text, nullable=False),  # canonical JSON
)
for column in ("number", "contract"):
    Index(None, reconciled_invoices.c[column])
