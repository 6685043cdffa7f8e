"""What a caller asked, as understood: defaults filled in, every contradiction found, all at once.

Works on what the schemas found valid, so that one answer names the faults of form and of meaning together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from operator import attrgetter

import orjson

from fee_service.errors import Fault, FeeError, pointer
from fee_service.intake.api_checks import apis, something_requested
from fee_service.intake.company_checks import company, company_faults
from fee_service.intake.ground import Ground, Values, evidence_of, ground_of
from fee_service.intake.licence_checks import licences, platform
from fee_service.intake.time_checks import editions_exist, policy_exists, prior_waiver, times
from fee_service.model import Company, CompanySize, Exclusion, Licence, Qualification, QuoteRequest
from fee_service.periods import Period
from fee_service.published.catalogue import Requested, without_query
from fee_service.published.editions import Editions, NotFound
from fee_service.rules.licensing import is_offered_throughout
from fee_service.rules.lines import offers
from fee_service.rules.resolving import Resolved, ResolvedCompany, resolved

Check = Callable[[Ground], Iterator[Fault]]

OF_A_QUOTE: Sequence[Check] = (
    editions_exist,
    company,
    something_requested,
    apis,
    licences,
    platform,
    times,
    prior_waiver,
)
OF_A_COMPANY: Sequence[Check] = (policy_exists, company, apis, times, prior_waiver)


def understand(
    values: Values, faults: Iterable[Fault], editions: Editions, today: date, at: Sequence[str | int] = ()
) -> Resolved:
    """The request for a quote that `values` (what the schema found valid) stand for, with what it rests on.

    `faults` are those of the schema; `at` is where the request stands in a larger body.
    Raises FeeError with every fault.
    """
    found = list(faults)
    rest = None if found else _rest_of(values)
    asked = None if rest is None else _understood_but_for_company(rest, editions, today)
    if asked is None:  # asked in full, so that one answer names every fault in its place
        return _in_full(values, found, editions, today, pointer(*at))
    given = values.get("company") or {}
    found = list(company_faults(given, asked.request.starts_on, frozenset(), editions))
    if found:
        raise FeeError([fault._replace(pointer=pointer(*at) + fault.pointer) for fault in found])
    asking = _as_company(given, asked.request.starts_on, editions)
    return Resolved(QuoteRequest(asking, *_ALL_BUT_COMPANY(asked.request)), *_ALL_BUT_REQUEST(asked))


def _in_full(values: Values, faults: Iterable[Fault], editions: Editions, today: date, prefix: str) -> Resolved:
    ground = _sound(values, faults, editions, today, prefix, OF_A_QUOTE)
    asked = _company_resolved(ground)
    found = _resolved(asked, ground)
    if found is None:
        params = {"start": asked.request.starts_on, "months": asked.request.months}
        raise FeeError([Fault("price_list_ends", prefix + "/months", params)])
    later = [fault._replace(pointer=prefix + fault.pointer) for fault in _throughout(found)]
    if later:
        raise FeeError(later)
    return found


def _resolved(asked: ResolvedCompany, ground: Ground) -> Resolved | None:
    """None where a day of the horizon has no price list."""
    try:
        return resolved(asked, ground.price_list if asked.request.price_list else None)
    except NotFound:
        return None


# -- all but the company, which many ask for alike --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rest:
    """A request without its company; two of the same text are the same."""

    text: bytes
    values: Values = field(compare=False)


# Their other fields in order; `replace` would look for them anew each time.
_ALL_BUT_COMPANY = attrgetter(*[each.name for each in fields(QuoteRequest)[1:]])
_ALL_BUT_REQUEST = attrgetter(*[each.name for each in fields(Resolved)[1:]])
NOBODY = Company(date.min, CompanySize.SME)  # stands where the company of each request will


def _rest_of(values: Values) -> _Rest | None:
    """None where the request cannot be written down, so that it is never taken for another."""
    rest = {name: value for name, value in values.items() if name != "company"}
    try:
        return _Rest(orjson.dumps(rest), rest)
    except TypeError:
        return None


@lru_cache(maxsize=512)
def _understood_but_for_company(rest: _Rest, editions: Editions, today: date) -> Resolved | None:
    """The request with nobody as its company; None where something of it is wrong."""
    ground = ground_of(rest.values, (), "", editions, today)
    if any(True for check in OF_A_QUOTE if check is not company for _ in check(ground)):
        return None
    requested = _in_catalogue_order(ground)
    found = _resolved(ResolvedCompany(_request(ground, requested, NOBODY), editions, ground.policy, requested), ground)
    return None if found is None or any(True for _ in _throughout(found)) else found


def understand_company(values: Values, faults: Iterable[Fault], editions: Editions, today: date) -> ResolvedCompany:
    """The request for a decision on a company alone: no price list and no licence is needed for it."""
    return _company_resolved(_sound(values, faults, editions, today, "", OF_A_COMPANY))


def _sound(
    values: Values, faults: Iterable[Fault], editions: Editions, today: date, prefix: str, checks: Iterable[Check]
) -> Ground:
    """The ground of a request in which neither the schema nor a check found a fault. Raises FeeError."""
    found = list(faults)
    ground = ground_of(values, found, prefix, editions, today)
    found += [fault._replace(pointer=prefix + fault.pointer) for check in checks for fault in check(ground)]
    if found:
        raise FeeError(found)
    return ground


def _throughout(asked: Resolved) -> Iterator[Fault]:
    """Licences and APIs that a list of the horizon does not offer."""
    request, lists = asked.request, asked.lists
    for span, price_list in lists[1:]:  # the first has been asked
        for licence in request.licences:
            if not offers(price_list, licence, request.channel):
                params = {"product": licence.product, "id": price_list.id, "on": span.start}
                yield Fault("not_in_price_list", "/licences", params)
    held = {(licence.contract, licence.product) for licence in request.licences}
    for name, api in asked.apis:
        keys = api.covered_by
        if keys and not any(key in held or is_offered_throughout(key, request.channel, lists) for key in keys):
            params = {"product": name, "id": lists[-1][1].id, "on": lists[-1][0].start}
            yield Fault("not_in_price_list", "/apis", params)


# -- the request as understood -------------------------------------------------------------------------


def _company_resolved(ground: Ground) -> ResolvedCompany:
    assert ground.starts_on is not None  # a refused start is a fault
    requested = _in_catalogue_order(ground)
    asking = _as_company(ground.values["company"], ground.starts_on, ground.editions)
    return ResolvedCompany(_request(ground, requested, asking), ground.editions, ground.policy, requested)


def _request(ground: Ground, requested: Iterable[Requested], asking: Company) -> QuoteRequest:
    values = ground.values
    assert ground.starts_on is not None  # a refused start is a fault
    prior = (Period.through(given["starts_on"], given["ends_on"]) for given in values.get("prior_waiver") or ())
    return QuoteRequest(
        company=asking,
        starts_on=ground.starts_on,
        apis=tuple([name for name, _ in requested]),
        licences=_in_printed_order(ground),
        channel=ground.channel,
        api_calls_per_month=values.get("api_calls_per_month"),
        ends_on=values.get("ends_on"),
        months=values.get("months") or 60,
        test_months=values.get("test_months") or 0,
        prior_waiver=tuple(sorted(prior)),
        waiver_policy=values.get("waiver_policy") or None,
        price_list=values.get("price_list") or None,
    )


def _as_company(given: Values, starts_on: date, editions: Editions) -> Company:
    evidence, size = evidence_of(given), given.get("size") or ""
    if not size and evidence:
        size = editions.company_sizes.decide(evidence, starts_on).size
    qualification = given.get("qualification")
    exclusions = {Exclusion(ground_) for ground_ in given.get("exclusions") or ()}
    return Company(
        founded_on=given["founded_on"],
        size=CompanySize(size),
        name=given.get("name"),
        business_number=given.get("business_number"),
        size_evidence=evidence,
        corporation=given.get("corporation", True),
        qualification=Qualification(qualification) if qualification else None,
        exclusions=tuple(ground_ for ground_ in Exclusion if ground_ in exclusions),
        left_open=frozenset(name for name in ("corporation", "exclusions") if given.get(name) is None),
    )


def _in_printed_order(ground: Ground) -> tuple[Licence, ...]:
    found = [licence for licence in ground.licences if licence is not None]
    return tuple(sorted(found, key=lambda one: ground.price_list.position(one.contract, one.product)))


def _in_catalogue_order(ground: Ground) -> tuple[Requested, ...]:
    """Each API once, under the first name by which it was asked for."""
    found: dict[str, Requested] = {}
    for name, api in zip(ground.values.get("apis") or (), ground.apis, strict=True):
        if api is not None and api.id not in found:
            found[api.id] = Requested(without_query(name), api)
    return tuple([found[api.id] for api in ground.editions.catalogue.apis if api.id in found]) if found else ()
