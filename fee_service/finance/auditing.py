"""An audit of the use is entered once: what was found, what was reported, who bears the cost (P1 §11.5)."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date

import orjson
from sqlalchemy import Connection
from uuid_utils import uuid7

from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.errors import FeeError
from fee_service.finance import held
from fee_service.finance.audit_checks import AskedAudit, asked_audit, audit_faults
from fee_service.finance.finding import Found, find_contract
from fee_service.finance.held import Held
from fee_service.finance.report_checks import used_of
from fee_service.finance.reports_told import usage_data
from fee_service.model import Text
from fee_service.permissions import Action, require
from fee_service.published.contract_rules import AuditRule
from fee_service.quotes.answering_once import Answered, first_of, keep, once, require_unanswered
from fee_service.quotes.calls import Call, Reply
from fee_service.quotes.desk import Desk
from fee_service.rules.audits import AuditedMonth, AuditFinding, audited, explained, too_soon_after
from fee_service.storage import audit as log
from fee_service.storage import usage_audits
from fee_service.storage.attested import USAGE_AUDITED
from fee_service.storage.usage_audits import KeptAudit
from fee_service.strict_json import Data
from fee_service.wording import Language, in_language
from schemas.fields import Loaded

LANGUAGES: tuple[Language, ...] = ("ko", "en", "both")


def enter(desk: Desk, key: str, loaded: Loaded, call: Call) -> Reply:
    """Enter an audit of a contract. Raises FeeError (403, 404, 422) and StorageError."""
    require(call.actor, Action.AUDIT)
    return once(desk.database, call, lambda: _enter(desk, key, loaded, call))


def _enter(desk: Desk, key: str, loaded: Loaded, call: Call) -> Reply:
    with desk.database.reading() as connection:
        found = find_contract(connection, key, call)
        contract = held.find(connection, [found.quote.number], None)[found.quote.number]
        earlier = [each.audited_on for each in usage_audits.of_contract(connection, found.quote.position)]
    assert isinstance(contract, Held)  # it was found as a contract
    if loaded.faults:
        raise FeeError(loaded.faults)
    asked = asked_audit(loaded.values, contract.number, call.today)
    faults = list(audit_faults(asked, contract, desk.editions, call.today))
    if faults:
        raise FeeError(faults)
    kept, said = _audit(desk, found, asked, earlier, call)

    def job(connection: Connection) -> Reply:
        require_unanswered(connection, call)
        usage_audits.enter(connection, kept)
        reply = Reply(201, f"/v1/contracts/{contract.number}/audits", orjson.dumps(said[call.language]), None)
        first = first_of(Answered(call, reply, None), desk.idempotency_hours)
        told = {"number": contract.number, "seal": kept.seal, **first.told}
        log.append(connection, call.told(USAGE_AUDITED, kept.id, told))
        keep(connection, [first])
        return reply

    return desk.database.write(job)


def list_audits(desk: Desk, key: str, call: Call) -> Data:
    """The audits of a contract as they were said, in the order in which they were entered. Raises FeeError (404)."""
    require(call.actor, Action.AUDIT)
    with desk.database.reading() as connection:
        found = find_contract(connection, key, call)
        audits = usage_audits.of_contract(connection, found.quote.position)
    return {"audits": [orjson.loads(zlib.decompress(each.said))[call.language] for each in audits]}


def _audit(
    desk: Desk, found: Found, asked: AskedAudit, earlier: Sequence[date], call: Call
) -> tuple[KeptAudit, dict[Language, Data]]:
    """An audit as it is kept, and what is said of it in each language."""
    by_month = {each.month: tuple(used_of(each).items()) for each in asked.found}
    finding = audited(found.contract, desk.editions, by_month, asked.audited_on)
    id_, rule = str(uuid7()), desk.editions.contract_rules.audit
    told = (*explained(finding, asked.cost, rule), *_too_soon(earlier, asked, rule))
    facts = {
        "id": id_,
        "contract": found.quote.number,
        "audited_on": asked.audited_on.isoformat(),
        "recorded_by": call.actor.key_id,
        "created_at": call.now.astimezone(KOREA_STANDARD_TIME).isoformat(timespec="seconds"),
        "period": {"from": f"{asked.first:%Y-%m}", "to": f"{asked.last:%Y-%m}"},
        "cost": asked.cost,
        "borne_by": "customer" if finding.customer_pays else "koscom",
        "months": [_month(month) for month in finding.months],
        "totals": _totals(finding),
        "limit": finding.limit,
        "source": rule.written.source,
    }
    said = {language: {**facts, **_prose(told, rule, language)} for language in LANGUAGES}
    packed = zlib.compress(orjson.dumps(said))
    return KeptAudit(id_, found.quote.position, asked.audited_on, call.actor.key_id, packed, call.now), said


def _month(month: AuditedMonth) -> Data:
    return {
        "month": f"{month.month:%Y-%m}",
        "found": usage_data(month.found),
        "report": None if month.report is None else month.report.id,
        "reported": [] if month.report is None else usage_data(month.report.usage),
        "fees_found": month.fees_found,
        "fees_reported": month.fees_reported,
        "under_reported": month.under_reported,
    }


def _totals(finding: AuditFinding) -> Data:
    return {
        "fees_found": finding.fees_found,
        "fees_reported": finding.fees_reported,
        "under_reported": finding.under_reported,
    }


def _too_soon(earlier: Sequence[date], asked: AskedAudit, rule: AuditRule) -> tuple[Text, ...]:
    day = too_soon_after(earlier, asked.audited_on, rule)
    return () if day is None else (Text("audit_too_soon", {"earlier": day, "months": rule.least_months_between}),)


def _prose(told: Sequence[Text], rule: AuditRule, language: Language) -> Data:
    """Notices stand apart from the explanation; the reading on which it rests stands beside both."""
    notices = [text for text in told if text.code == "audit_too_soon"]
    reading = rule.written.reading
    return {
        "explanation": in_language(tuple(text for text in told if text not in notices), language),
        "notices": [{"code": text.code, "text": in_language(text, language)} for text in notices],
        "readings": [] if reading is None else [in_language(reading.text, language)],
    }
