"""Which usage a product is reported with: what its price list has a usage fee for."""

import pytest
from support.core import LIST

from fee_service.published.editions import Editions
from fee_service.rules.reportable import reportable


@pytest.mark.parametrize(
    ("contract", "product", "kinds"),
    [
        ("real_time", "securities_a", (True, True, True)),
        ("real_time", "etn_iiv", (True, True, False)),  # its query cell is N/A
        ("real_time", "overseas_etf_nav", (True, True, False)),
        ("closing_price", "securities_a", None),  # the closing-price contract has no usage fees
    ],
)
def test_a_product_is_reported_in_the_units_of_its_usage_fees(
    editions: Editions, contract: str, product: str, kinds: tuple[bool, bool, bool] | None
) -> None:
    """Standard IDs, personal IDs, queries; one without any usage fee is not reported at all."""
    found = reportable(((contract, product),), editions.price_list(LIST))
    assert dict(found) == ({} if kinds is None else {product: kinds})


def test_each_licence_is_reported_by_its_product(editions: Editions) -> None:
    """What one product has is nothing to another, and one beside it without usage fees changes nothing."""
    licensed = (("closing_price", "securities_b"), ("real_time", "etn_iiv"), ("real_time", "securities_a"))
    found = reportable(licensed, editions.price_list(LIST))
    assert dict(found) == {"etn_iiv": (True, True, False), "securities_a": (True, True, True)}
