"""Every equation that an explanation prints is true, and every number brings the word that goes with it."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from support.contracts import random_contract

from fee_service.answers import quote as answers
from fee_service.prices import Cell, CellKind, Flat, Graduated, Package, Tier, Volume
from fee_service.published.editions import CellKey, Editions
from fee_service.quotes import previewing
from schemas import load
from schemas.quote import QuoteRequestSchema

Answer = dict[str, Any]

LANGUAGES = ("ko", "en")
LARGE = {"founded_on": "2010-01-01", "size": "large"}
NUMBER = r"\d[\d,]*"
PRODUCT = rf"{NUMBER}(?:원| won [^=×.:]*?)? × {NUMBER}"
EQUATION = re.compile(rf"((?:{PRODUCT})(?: \+ {PRODUCT})*|{NUMBER}) = ({NUMBER})(?:원| won)")
FACTORS = re.compile(rf"({NUMBER})(?:원| won [^=×.:]*?)? × ({NUMBER})")
BOUND = {
    "ko": re.compile(rf"(최저|최고) 금액 ({NUMBER})원 적용"),
    "en": re.compile(rf"The (minimum|maximum) of ({NUMBER}) won applies"),
}
PACKAGES = {
    "ko": re.compile(rf"월 \D*({NUMBER})\D+: \D*({NUMBER})\D+ 묶음 ({NUMBER})개"),
    "en": re.compile(rf"({NUMBER}) \D+ a month: ({NUMBER}) started packages? of ({NUMBER})"),
}
DAYS = {
    "ko": re.compile(rf"(\d{{4}}-\d\d): ({NUMBER})일 중 계약 ({NUMBER})일[^→]*→ ({NUMBER})원"),
    "en": re.compile(rf"(\d{{4}}-\d\d): ({NUMBER}) contract days? of ({NUMBER})[^→]*→ ({NUMBER}) won"),
}
WAIVED = {
    "ko": re.compile(rf"(\d{{4}}-\d\d): 계약 ({NUMBER})일 중 ({NUMBER})일 면제, ({NUMBER})일 부과 → ({NUMBER})원"),
    "en": re.compile(
        rf"(\d{{4}}-\d\d): ({NUMBER}) of ({NUMBER}) contract days? waived, ({NUMBER}) charged → ({NUMBER}) won"
    ),
}
NOUNS = "query|call|ID|package|started package|day|contract day|month|year|set|further set|personal ID|standard ID"
WRONG_PLURAL = re.compile(rf"(?<![\d,.])1 (?:{NOUNS.replace('|', 's|').replace('querys', 'queries')}s)\b(?! \()")
WRONG_SINGULAR = re.compile(rf"(?<!-)\b(?:0|[2-9]|\d[\d,]*\d) (?:{NOUNS})\b")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def quoted(editions: Editions, request: Answer, language: Any) -> Answer:
    loaded = load(QuoteRequestSchema, request)
    quote = previewing.preview(loaded, editions, date(2026, 12, 9), previewing.nothing_known)
    answer: Answer = orjson.loads(answers.quote_answer(quote, language))
    return answer


def equations(text: str) -> Iterator[tuple[int, int]]:
    """Both sides of every equation of a text, calculated; one that cannot be read is a fault of the test."""
    found = list(EQUATION.finditer(text))
    assert len(found) == text.count(" = "), text
    for equation in found:
        left, right = equation.groups()
        factors = FACTORS.findall(left)
        yield sum(number(one) * number(other) for one, other in factors) if factors else number(left), number(right)


def check_line(answer: Answer, line: Answer, language: str) -> None:
    """The sentences of a line, against one another and against its figures."""
    text = line["explanation"]
    sides = list(equations(text))
    assert all(left == right for left, right in sides), text
    bounds = [(kind, number(amount)) for kind, amount in BOUND[language].findall(text)]
    amounts = {cell["amount"] for cell in line["cells"] if cell["cell"] == "amount"}
    said = {right for _, right in sides} | {amount for _, amount in bounds} | {0}
    assert amounts <= said, text
    for kind, amount in bounds:
        assert amount in amounts, text
        others = [right for _, right in sides]
        assert any(right < amount if kind in ("minimum", "최저") else right > amount for right in others), text
    for found in PACKAGES[language].findall(text):
        units, size, packages = map(number, found if language == "ko" else (found[0], found[2], found[1]))
        assert packages == -(-units // size), text
    months = {month["month"]: month for month in answer["months"]}
    for month, *days, amount in DAYS[language].findall(text):
        in_month, contract = map(number, days if language == "ko" else reversed(days))
        told = figures(months[month], line)
        assert (in_month, contract) == (months[month]["days_in_month"], months[month]["days"]), text
        assert number(amount) == told["list"], text
        if len(amounts) == 1 and len(line["cells"]) == 1:
            exactly = line["cells"][0]["amount"] * contract  # over the days of the month, rounded as the list says
            assert abs(told["list"] * in_month - exactly) < in_month, text
    for month, *days, amount in WAIVED[language].findall(text):
        contract, waived, charged = map(number, days if language == "ko" else (days[1], days[0], days[2]))
        told = months[month]
        assert (contract, waived, charged) == (told["days"], told["waived_days"], contract - waived), text
        assert number(amount) == figures(told, line)["net"], text


def figures(month: Answer, line: Answer) -> Answer:
    found: Answer = next(entry for entry in month["lines"] if entry["line"] == line["id"])
    return found


def check(editions: Editions, request: Answer) -> list[Answer]:
    """The sentences of a quote in both languages; answers its lines in English."""
    lines: list[Answer] = []
    for language in LANGUAGES:
        answer = quoted(editions, request, language)
        lines = answer["lines"]
        for line in lines:
            check_line(answer, line, language)
        if language == "en":
            sentences = [line["explanation"] for line in lines]
            sentences += [entry["text"] for entry in answer["notices"] + answer["waiver"]["conditions"]]
            for sentence in sentences:
                assert not WRONG_PLURAL.search(sentence), sentence
                assert not WRONG_SINGULAR.search(sentence), sentence
    return lines


@pytest.mark.parametrize("part", range(4))
def test_equations_of_random_contracts_are_true(editions: Editions, part: int) -> None:
    for seed in range(part * 100, part * 100 + 100):
        check(editions, random_contract(random.Random(f"explanations {seed}")))


COUNTS = [0, 1, 2, 90, 91, 100, 101, 999, 1000, 1001, 5334, 9_999, 10_000, 10_001, 20_001, 50_001, 100_001]


def random_usage(rng: random.Random) -> dict[str, int]:
    return {name: rng.choice(COUNTS) for name in ("standard_ids", "personal_ids", "queries")}


def random_request(rng: random.Random, products: list[str], starts: list[str]) -> Answer:
    starts_on = rng.choice(starts)
    sets = {"reception_sets": rng.randint(1, 5), "disaster_recovery_sets": rng.randint(0, 2)}
    channel = rng.choice(["open_api", "direct"])
    return {
        "company": rng.choice([LARGE, {"founded_on": "2021-01-10", "size": "sme", "qualification": "fintech"}])
        if starts_on > "2021-01-10"
        else LARGE,
        "starts_on": starts_on,
        "months": rng.randint(1, 4),
        "channel": channel,
        **({"waiver_policy": "startup-support-2018-07"} if rng.random() < 0.4 else {}),
        "licences": [
            {
                "contract": "real_time",
                "product": product,
                "usage": random_usage(rng),
                **(sets if channel == "direct" and product == "securities_a" else {}),
            }
            for product in rng.sample(products, rng.randint(1, len(products)))
        ],
    }


def test_equations_of_every_way_of_pricing_are_true(made_up_editions: Editions) -> None:
    starts = ["2016-02-01", "2016-02-15", "2017-12-31"]
    for seed in range(150):
        request = random_request(random.Random(seed), ["securities_a", "securities_b"], starts)
        check(made_up_editions, request)


def test_equations_across_a_change_of_lists_are_true(made_up_editions: Editions) -> None:
    """Every cell of a usage fee stated in another way under each list, with bounds that bite here and not there."""
    rng = random.Random(2027)
    first, later = made_up_editions.price_lists[-2:]
    for _ in range(60):
        lists = tuple(
            replace(one, cells={key: made_up(rng, key, cell) for key, cell in one.cells.items()})
            for one in (first, later)
        )
        editions = replace(made_up_editions, price_lists=lists)
        products = ["securities_a", "securities_b", "securities_c"]
        request = random_request(rng, products, ["2026-12-01", "2026-12-09", "2027-01-10", "2027-01-20"])
        calls = {"api_calls_per_month": rng.choice(COUNTS)} if request["channel"] == "open_api" else {}
        check(editions, request | calls)


def made_up(rng: random.Random, key: CellKey, cell: Cell) -> Cell:
    """Another price for a cell that counts something, of any form and with any bounds."""
    if key.fee not in ("usage_fee", "additional_reception") or cell.price is None or rng.random() < 0.3:
        return cell
    tiers = tuple(Tier(up_to, rng.randint(0, 900)) for up_to in (rng.randint(1, 50), rng.randint(51, 9000), None))
    flat, package = (
        Flat(rng.randint(0, 900)),
        Package(rng.choice([1, 10, 10_000]), rng.randint(0, 9), rng.randint(0, 3)),
    )
    low = rng.choice([None, 0, 100, 5_000])
    high = rng.choice([None, 100_000, 5_000])
    return Cell(CellKind.AMOUNT, rng.choice([flat, package, Graduated(tiers), Volume(tiers)]), low, high)


# -- sentences as they are read ----------------------------------------------------------------------------


def usage_line(editions: Editions, language: Any, usage: dict[str, int], product: str = "securities_a") -> str:
    request = {"company": LARGE, "starts_on": "2016-02-01", "months": 1}
    licence = {"contract": "real_time", "product": product, "usage": usage}
    lines = quoted(editions, request | {"licences": [licence]}, language)["lines"]
    wanted = {"queries": None}.get(next(iter(usage)), next(iter(usage)).removesuffix("_ids"))
    found: str = next(
        line["explanation"] for line in lines if line["fee"] == "usage_fee" and line["user_type"] == wanted
    )
    return found.replace(" (price list shapes-2016-01-01, T)", "").replace("(가격표 shapes-2016-01-01, T)", "")


@pytest.mark.parametrize(
    ("usage", "product", "english", "korean"),
    [
        (
            {"personal_ids": 5_334},
            "securities_b",
            "400 won an ID and month × 5,334 = 2,133,600 won. The maximum of 1,000,000 won applies.",
            "ID당 월 400원 × 5,334 = 2,133,600원. 최고 금액 1,000,000원 적용.",
        ),
        # 400 × 2,500 is the maximum itself, which changes nothing
        (
            {"personal_ids": 2_500},
            "securities_b",
            "400 won an ID and month × 2,500 = 1,000,000 won.",
            "ID당 월 400원 × 2,500 = 1,000,000원.",
        ),
        (
            {"standard_ids": 5},
            "securities_b",
            "12,000 won an ID and month × 5 = 60,000 won.",
            "ID당 월 12,000원 × 5 = 60,000원.",
        ),
        (
            {"standard_ids": 4},
            "securities_b",
            "12,000 won an ID and month × 4 = 48,000 won. The minimum of 60,000 won applies.",
            "ID당 월 12,000원 × 4 = 48,000원. 최저 금액 60,000원 적용.",
        ),
        (
            {"personal_ids": 1_200},
            "securities_a",
            "1,200 IDs at the price of each tier: 1,000 × 1,100 + 200 × 900 = 1,280,000 won.",
            "ID 1,200개, 구간별 단가: 1,000 × 1,100 + 200 × 900 = 1,280,000원.",
        ),
        (
            {"standard_ids": 101},
            "securities_a",
            "All at the price of the tier 101 to 1,000: 25,000 won an ID and month × 101 = 2,525,000 won.",
            "전체 수량이 속한 구간(101~1,000)의 단가: ID당 월 25,000원 × 101 = 2,525,000원.",
        ),
        (
            {"standard_ids": 1_001},
            "securities_a",
            "All at the price of the tier 1,001 and more: 20,000 won an ID and month × 1,001 = 20,020,000 won.",
            "전체 수량이 속한 구간(1,001 이상)의 단가: ID당 월 20,000원 × 1,001 = 20,020,000원.",
        ),
        (
            {"queries": 20_001},
            "securities_a",
            (
                "20,001 queries a month: 3 started packages of 10,000 queries. "
                "90,000 won a package of 10,000 queries × 3 = 270,000 won."
            ),
            "월 조회 20,001건: 조회 10,000건 묶음 3개. 조회 10,000건 묶음당 90,000원 × 3 = 270,000원.",
        ),
        (
            {"queries": 1},
            "securities_a",
            (
                "1 query a month: 1 started package of 10,000 queries. At least 2 packages are charged. "
                "90,000 won a package of 10,000 queries × 2 = 180,000 won."
            ),
            (
                "월 조회 1건: 조회 10,000건 묶음 1개. 최소 2개 묶음이 부과됩니다. "
                "조회 10,000건 묶음당 90,000원 × 2 = 180,000원."
            ),
        ),
    ],
)
def test_a_price_is_told_as_it_is_stated(
    made_up_editions: Editions, usage: dict[str, int], product: str, english: str, korean: str
) -> None:
    assert usage_line(made_up_editions, "en", usage, product) == english
    assert usage_line(made_up_editions, "ko", usage, product) == korean


def test_one_call_is_no_calls(editions: Editions) -> None:
    licence = {"contract": "real_time", "product": "securities_a"}
    request = {
        "company": LARGE,
        "starts_on": "2027-01-01",
        "months": 1,
        "licences": [licence],
        "api_calls_per_month": 1,
    }
    fee = next(line for line in quoted(editions, request, "en")["lines"] if line["fee"] == "api_call_fee")
    assert fee["explanation"] == (
        "1 call a month: 1 started package of 1,000,000 calls. 200,000 won a month and package of 1,000,000 calls "
        "× 1 = 200,000 won (price list market-data-2018-07-01, S)."
    )
