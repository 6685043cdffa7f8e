"""Random valid requests that use every field of the schema, and APIs under every name that people give them."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from fee_service.published.catalogue import Api, ApiStatus
from fee_service.published.editions import Editions
from support.contracts import random_contract

NUMBERS = ("124-81-00998", "1248100998", "124-81-00998", "220-81-62517", None)
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in map(chr, range(0x21, 0x7F))}


def spellings(api: Api) -> Iterator[str]:
    """Every name of an API, as it is printed and as people write it."""
    for name in dict.fromkeys((api.id, *api.names)):
        yield name
        yield f"  {name} "
        yield name.upper()
        yield name.swapcase().replace("-", "_")
        yield name.replace("-", " ")
        yield name.translate(WIDE)
        yield f"{name[:2]} {name[2:]}"
    if api.uri:
        yield api.uri
        yield api.uri.strip("/")
        yield f" {api.uri}/"


def offered(editions: Editions, day: date) -> list[Api]:
    """The APIs that can be asked for on a day."""
    wanted = (ApiStatus.PRICED, ApiStatus.ON_REQUEST)
    return [api for api in editions.catalogue.apis if api.status_on(day) in wanted]


def random_request(rng: random.Random, editions: Editions) -> dict[str, Any]:
    """A request that uses any of the fields; most are valid, and those that contradict themselves are refused."""
    request = random_contract(rng)
    start = date.fromisoformat(request["starts_on"])
    request["company"] |= _of_company(rng, start)
    if rng.random() < 0.7:
        apis = offered(editions, start)
        chosen = rng.sample(apis, rng.randint(1, min(5, len(apis))))
        request["apis"] = [rng.choice([*spellings(api)]) for api in chosen]
        if rng.random() < 0.4:
            del request["licences"]
    if rng.random() < 0.2:
        request["price_list"] = rng.choice([None, *(each.id for each in editions.price_lists)])
    if rng.random() < 0.1:
        request["prior_waiver"] = _many_periods(start)
    return request


def _of_company(rng: random.Random, start: date) -> dict[str, Any]:
    company: dict[str, Any] = {}
    if rng.random() < 0.8:
        company["business_number"] = rng.choice(NUMBERS)
    if rng.random() < 0.5:
        company["name"] = rng.choice(
            [None, "(주)스타트업", "  두 칸  띄운   이름 ", "Ⅳ 나라", 'A "quoted" & <b>', "ﬁn"]
        )
    if rng.random() < 0.4:
        company["size_evidence"] = _evidence(rng, start)
    return company


def _evidence(rng: random.Random, start: date) -> dict[str, Any] | None:
    if rng.random() < 0.1:
        return None
    large = rng.random() < 0.2
    evidence: dict[str, Any] = {
        "ksic": rng.choice(["J", "K", "C", "62", "C10", "J58"]),
        "average_sales": rng.choice([0, 1_000_000_000, 39_999_999_999, 10**14 if large else 5_000_000_000]),
        "total_assets": rng.choice([0, 499_999_999_999, 900_000_000]),
        "business_group": large and rng.random() < 0.5,
        "large_holder": False,
    }
    if rng.random() < 0.5:
        day = start - timedelta(days=rng.randrange(1, 3000))
        evidence["outgrown_on"] = rng.choice([None, day.isoformat()])
    if rng.random() < 0.5:
        evidence["grace_used"] = rng.random() < 0.5
    return evidence


def _many_periods(start: date, count: int = 50) -> list[dict[str, str]]:
    """Single days, as many as a request may state."""
    days: Sequence[date] = [start - timedelta(days=2 * number + 1) for number in range(count)]
    return [{"starts_on": day.isoformat(), "ends_on": day.isoformat()} for day in days]
