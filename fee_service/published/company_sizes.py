"""Company size: SME or not, by industry, sales, assets and ownership (SME Framework Act and its decree)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fee_service.model import CompanySize, Condition, Label, Reading, SizeEvidence, Text
from fee_service.periods import months_after


class SalesCeiling(NamedTuple):
    """The most average yearly sales (KRW) of an SME of one industry, from a day on."""

    valid_from: date
    amount: int


class GracePeriod(NamedTuple):
    """For how many years a company stays an SME after it outgrew the limits on or after a day."""

    valid_from: date
    years: int


class SizeDecision(NamedTuple):
    size: CompanySize
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class CompanySizes:
    """The limits of pricing_tables/company_sizes.yaml."""

    ceilings: Mapping[str, tuple[SalesCeiling, ...]]  # industry (KSIC section or division) -> by date
    industries: Mapping[str, Label]
    assets_below: int
    grace: tuple[GracePeriod, ...]
    sources: Mapping[str, str]  # block -> source
    readings: tuple[Reading, ...]

    def industry(self, ksic: str) -> str | None:
        """The most exact industry of the table that a KSIC code (e.g. "C26", "J63120") belongs to."""
        found = [code for code in self.ceilings if ksic == code or _inside(ksic, code)]
        return max(found, key=len, default=None)

    def decide(self, evidence: SizeEvidence, day: date) -> SizeDecision:
        """Whether a company is an SME on a day, with every limit and the figure it is held against.

        `evidence.ksic` must be in the table (intake checks that). Outside the SME limits a company of a
        business group is large and any other mid-sized, which the table states as a reading.
        """
        industry = self.industry(evidence.ksic)
        if industry is None:
            raise LookupError(evidence.ksic)
        limits: tuple[Condition, ...] = (
            self._sales(industry, evidence, day),
            self._limit(
                "total_assets",
                evidence.total_assets < self.assets_below,
                figure=evidence.total_assets,
                limit=self.assets_below,
            ),
            self._limit("business_group", not evidence.business_group),
            self._limit("large_holder", not evidence.large_holder),
        )
        if all(limit.met for limit in limits):
            return SizeDecision(CompanySize.SME, limits)
        if (grace := self._grace(evidence, day)) is not None:
            limits = (*limits, grace)
            if grace.met:
                return SizeDecision(CompanySize.SME, limits)
        return SizeDecision(CompanySize.LARGE if evidence.business_group else CompanySize.MID_SIZED, limits)

    def readings_of(self, decision: SizeDecision) -> Iterator[Reading]:
        """The readings on which a decision rests: of every limit that was looked at, and of what a company is that is
        not an SME, which stands beside the business groups."""
        looked_at = {condition.code for condition in decision.conditions}
        if decision.size is CompanySize.SME:
            looked_at.discard("business_group")
        yield from (reading for reading in self.readings if reading.id.rpartition("/")[2] in looked_at)

    def _sales(self, industry: str, evidence: SizeEvidence, day: date) -> Condition:
        ceiling = next(c.amount for c in reversed(self.ceilings[industry]) if day >= c.valid_from)
        return self._limit(
            "average_sales",
            evidence.average_sales <= ceiling,
            figure=evidence.average_sales,
            limit=ceiling,
            industry=self.industries[industry],
        )

    def _grace(self, evidence: SizeEvidence, day: date) -> Condition | None:
        """The years for which a company that outgrew the limits stays an SME, once; not for a group's company."""
        if evidence.outgrown_on is None or evidence.business_group or evidence.large_holder:
            return None
        outgrown = evidence.outgrown_on
        years = next(g.years for g in reversed(self.grace) if outgrown >= g.valid_from)
        end = months_after(outgrown, 12 * years)
        met = not evidence.grace_used and outgrown <= day < end
        return self._limit("grace", met, outgrown_on=outgrown, years=years, end=end, used=evidence.grace_used)

    def _limit(self, code: str, met: bool, **params: object) -> Condition:
        verdict = "met" if met else "missed"
        return Condition(code, met, Text(f"size_{code}_{verdict}", params), self.sources[code])


def _inside(ksic: str, code: str) -> bool:
    """Whether a finer KSIC code lies in an industry: J63 in J, C261 in C26, but N76 not in N7."""
    return ksic.startswith(code) and ksic[len(code) :].isdigit()
