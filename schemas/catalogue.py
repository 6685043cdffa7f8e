"""The query parameters of the catalogue: APIs and products."""

from __future__ import annotations

from fee_service.model import CLOSING_PRICE, OPEN_API_PLATFORM, REAL_TIME
from schemas.fields import Day, OneOf, StrictSchema, Words
from schemas.quote import LONGEST_API, says


class NoQuerySchema(StrictSchema):
    """No query parameter at all."""


class ApisQuerySchema(StrictSchema):
    """Which APIs of the catalogue to list."""

    status = OneOf(("priced", "on_request", "not_offered", "too_broad"), metadata=says("Only APIs of this status."))
    kind = OneOf(("licence", "endpoint", "service", "family"), metadata=says("Only this kind of entry."))
    search = Words(LONGEST_API, metadata=says("Only APIs with this in a name, their URI or id.", examples=["KOSPI"]))
    on = Day(metadata=says("The status for a contract that starts on this day; today in Korea by default."))


class ProductsQuerySchema(StrictSchema):
    """Which products to list."""

    on = Day(metadata=says("By the price list in force on this day; today in Korea by default."))
    contract = OneOf((REAL_TIME, CLOSING_PRICE, OPEN_API_PLATFORM), metadata=says("Only this contract."))
