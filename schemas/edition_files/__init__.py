"""What a file of pricing_tables/ may hold. What the keys mean stands in pricing_tables/README.md."""

from __future__ import annotations

from schemas.edition_files.apis import ApisSchema
from schemas.edition_files.company_sizes import CompanySizesSchema
from schemas.edition_files.contract_rules import ContractRulesSchema
from schemas.edition_files.item_names import ItemNamesSchema
from schemas.edition_files.onboarding import OnboardingSchema
from schemas.edition_files.platform_services import PlatformServicesSchema
from schemas.edition_files.price_lists import PriceListSchema
from schemas.edition_files.waiver_policies import WaiverPolicySchema

__all__ = [
    "ApisSchema",
    "CompanySizesSchema",
    "ContractRulesSchema",
    "ItemNamesSchema",
    "OnboardingSchema",
    "PlatformServicesSchema",
    "PriceListSchema",
    "WaiverPolicySchema",
]
