"""pricing_tables/company_sizes.yaml: when a company is an SME."""

from __future__ import annotations

from schemas.edition_fields import (
    INDUSTRY,
    Block,
    ByName,
    Dated,
    Name,
    StrictSchema,
    WholeNumber,
)
from schemas.edition_files.parts import CitedSchema, NamedSchema, SourceSchema


class IndustrySchema(NamedSchema):
    sales = Dated(required=True)


class AverageSalesSchema(CitedSchema):
    industries = ByName(Block(IndustrySchema), names=Name(INDUSTRY), required=True)


class TotalAssetsSchema(CitedSchema):
    below = WholeNumber(at_least=1, required=True)


class GraceSchema(CitedSchema):
    years = Dated(at_most=100, required=True)


class CompanySizesSchema(StrictSchema):
    sources = ByName(Block(SourceSchema), required=True)
    average_sales = Block(AverageSalesSchema, required=True)
    total_assets = Block(TotalAssetsSchema, required=True)
    business_group = Block(CitedSchema, required=True)
    large_holder = Block(CitedSchema, required=True)
    grace = Block(GraceSchema, required=True)
