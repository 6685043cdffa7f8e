"""What of a company contradicts itself or the start of its contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from fee_service.errors import Fault
from fee_service.intake.ground import Ground, Values, evidence_of
from fee_service.model import CompanySize, Text
from fee_service.published.editions import Editions


def company(ground: Ground) -> Iterator[Fault]:
    """A company that is founded later than its contract starts; a size that its figures contradict."""
    yield from company_faults(ground.values.get("company") or {}, ground.starts_on, ground.refused, ground.editions)


def company_faults(
    company: Values, starts_on: date | None, refused: Collection[str], editions: Editions
) -> Iterator[Fault]:
    """The same of a company alone; nothing else of the request matters to it but the start of the contract."""
    founded = company.get("founded_on")
    if founded and starts_on and founded > starts_on:
        yield Fault("founded_after_start", "/company/founded_on", {"value": founded, "start": starts_on})
    yield from _size(company, starts_on, refused, editions)


def _size(company: Values, starts_on: date | None, refused: Collection[str], editions: Editions) -> Iterator[Fault]:
    """A size or the figures for it; where both are given they must not contradict each other."""
    if not company.get("size") and not company.get("size_evidence"):
        if not any(place == "/company" or place.startswith("/company/size") for place in refused):
            yield Fault("missing_field", "/company/size", {"field": "size / size_evidence"})
        return
    evidence = evidence_of(company)
    if evidence is None:
        return
    if editions.company_sizes.industry(evidence.ksic) is None:
        known = tuple(sorted(editions.company_sizes.ceilings))
        yield Fault("unknown_industry", "/company/size_evidence/ksic", {"value": evidence.ksic, "known": known})
    elif starts_on and company.get("size"):
        decided = editions.company_sizes.decide(evidence, starts_on)
        stated = CompanySize(company["size"])
        if (stated is CompanySize.SME) != (decided.size is CompanySize.SME):
            telling = [c.text for c in decided.conditions if c.met is (decided.size is CompanySize.SME)]
            yield Fault(
                "size_contradicts_evidence",
                "/company/size",
                {
                    "stated": Text(f"size_{stated}"),
                    "decided": Text(f"size_{decided.size}"),
                    "because": tuple(telling),
                },
            )
