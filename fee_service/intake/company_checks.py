"""What of a company contradicts itself or the start of its contract."""

from __future__ import annotations

from collections.abc import Iterator

from fee_service.errors import Fault
from fee_service.intake.ground import Ground, Values, evidence_of
from fee_service.model import CompanySize, Text


def company(ground: Ground) -> Iterator[Fault]:
    """A company that is founded later than its contract starts; a size that its figures contradict."""
    company: Values = ground.values.get("company") or {}
    founded = company.get("founded_on")
    if founded and ground.starts_on and founded > ground.starts_on:
        yield Fault("founded_after_start", "/company/founded_on", {"value": founded, "start": ground.starts_on})
    yield from _size(ground, company)


def _size(ground: Ground, company: Values) -> Iterator[Fault]:
    """A size or the figures for it; where both are given they must not contradict each other."""
    if not company.get("size") and not company.get("size_evidence"):
        if not any(place == "/company" or place.startswith("/company/size") for place in ground.refused):
            yield Fault("missing_field", "/company/size", {"field": "size / size_evidence"})
        return
    evidence = evidence_of(company)
    if evidence is None:
        return
    if ground.editions.company_sizes.industry(evidence.ksic) is None:
        known = tuple(sorted(ground.editions.company_sizes.ceilings))
        yield Fault("unknown_industry", "/company/size_evidence/ksic", {"value": evidence.ksic, "known": known})
    elif ground.starts_on and company.get("size"):
        decided = ground.editions.company_sizes.decide(evidence, ground.starts_on)
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
