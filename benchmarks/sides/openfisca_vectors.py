"""Run inside the environment of OpenFisca: base fees with the waiver, of many licences, each month one vector.

The model as OpenFisca is meant to be used: dated prices are parameters, looked up by product; amounts are variables.
Input: {"prices": {product: won}, "products": [names], "first_days", "ends", "founded": [ordinals], "months", "passes"}
Output: {"seconds": [processor time of each pass], "answers": [[[list, net] of each licence] of each month]}
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

asked: dict[str, Any] = json.load(sys.stdin)

Licence = build_entity(key="licence", plural="licences", label="A licence", is_person=True)
Product = Enum("Product", {name: name for name in asked["prices"]})
PRICES = {name: {"values": {"2018-07-01": {"value": won}}} for name, won in asked["prices"].items()}


def day(ordinals: Any) -> Any:
    return (ordinals - 719_163).astype("M8[D]")


def months_after(ordinals: Any, months: int) -> Any:
    """Civil Act 160: where the month lacks the day, the 1st of the month after."""
    start = day(ordinals)
    month = start.astype("M8[M]")
    ends = month + months
    length = (ends + 1).astype("M8[D]") - ends.astype("M8[D]")
    return (ends.astype("M8[D]") + numpy.minimum(start - month.astype("M8[D]"), length)).astype(int) + 719_163


class product(Variable):  # noqa: N801 -- the name of a class is the name of its variable
    value_type, entity, definition_period, label = Enum, Licence, ETERNITY, "Product"
    possible_values, default_value = Product, next(iter(Product))


class first_day(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, ETERNITY, "First contract day"


class end(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, ETERNITY, "Day after the last contract day"


class founded(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, ETERNITY, "Founding day"


class waived_until(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, ETERNITY, "First charged day"

    def formula(self, period: Any) -> Any:
        """36 months, cut by the seventh birthday (`self` is the licences)."""
        too_old = months_after(self("founded", period), 84)
        start = self("first_day", period)
        return numpy.where(start < too_old, numpy.minimum(months_after(start, 36), too_old), start)


class contract_days(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, MONTH, "Days of the contract in the month"

    def formula(self, period: Any) -> Any:
        first = period.start.date.toordinal()
        last = numpy.minimum(self("end", period), first + period.days)
        return numpy.maximum(last - numpy.maximum(self("first_day", period), first), 0)


class charged_days(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, MONTH, "Those that are not waived"

    def formula(self, period: Any) -> Any:
        first = period.start.date.toordinal()
        last = numpy.minimum(self("end", period), first + period.days)
        since = numpy.maximum(numpy.maximum(self("first_day", period), self("waived_until", period)), first)
        return numpy.maximum(last - since, 0)


class price(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, MONTH, "KRW of a full month under the list in force"

    def formula(self, period: Any, parameters: Any) -> Any:
        return parameters(period).base_fee[self("product", period)]


class list_amount(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, MONTH, "KRW of the month"

    def formula(self, period: Any) -> Any:
        return self("price", period).astype(numpy.int64) * self("contract_days", period) // period.days


class net(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, Licence, MONTH, "KRW of the month, what is waived taken off"

    def formula(self, period: Any) -> Any:
        return self("price", period).astype(numpy.int64) * self("charged_days", period) // period.days


def main() -> None:
    system = TaxBenefitSystem([Licence])
    system.add_variables(
        product, first_day, end, founded, waived_until, contract_days, charged_days, price, list_amount, net
    )
    system.parameters = ParameterNode("", data={"base_fee": PRICES})
    names = numpy.array(asked["products"])
    numbers = {name: numpy.array(asked[given], dtype=numpy.int32) for name, given in
               (("first_day", "first_days"), ("end", "ends"), ("founded", "founded"))}  # fmt: skip
    seconds, answers = [], []
    for _ in range(asked["passes"]):
        simulation = SimulationBuilder().build_default_simulation(system, len(names))
        simulation.set_input("product", "ETERNITY", names)
        for name, values in numbers.items():
            simulation.set_input(name, "ETERNITY", values)
        started = time.process_time()
        answers = [[simulation.calculate(name, month) for name in ("list_amount", "net")] for month in asked["months"]]
        seconds.append(time.process_time() - started)
    json.dump({"seconds": seconds, "answers": [numpy.stack(each, axis=1).tolist() for each in answers]}, sys.stdout)


if __name__ == "__main__":
    main()
