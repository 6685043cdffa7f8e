"""OpenFisca behind its own web API: the base fee of each licence and month, waived until a day."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from openfisca_web_api.app import create_app

Licence = build_entity(key="licence", plural="licences", label="A licence", is_person=True)
ROLES = [{"key": "licence", "plural": "licences", "label": "Its licences"}]
Contract = build_entity(key="contract", plural="contracts", label="A contract", roles=ROLES)
VAT = {"vat_rate": {"values": {"2018-07-01": {"value": 0.1}}}}  # the web API wants a parameter


class price(Variable):  # noqa: N801 -- the name of a class is the name of its variable
    value_type, entity, definition_period, label = int, Licence, ETERNITY, "KRW a month"


class first_day(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, ETERNITY, "First contract day, its number"


class waived_until(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, ETERNITY, "First charged day, its number"


class base_fee(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, MONTH, "KRW of the month, what is waived taken off"

    def formula(self, period: Any) -> Any:
        """Price times charged days over the days of the month, rounded down (`self` is the licences)."""
        first, days = period.start.date.toordinal(), period.days
        charged_from = numpy.maximum(numpy.maximum(self("first_day", period), self("waived_until", period)), first)
        charged = numpy.clip(first + days - charged_from, 0, days)
        return self("price", period).astype(numpy.int64) * charged // days


system = TaxBenefitSystem([Licence, Contract])
system.add_variables(price, first_day, waived_until, base_fee)
system.parameters = ParameterNode("", data=VAT)
app = create_app(system)
