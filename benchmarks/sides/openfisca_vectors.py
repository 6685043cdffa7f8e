"""Run inside the environment of OpenFisca: the base fees of many licences in many months, each month one vector.

Input: {"prices": [won], "first_days": [n], "waived_until": [n], "months": ["YYYY-MM"], "passes": n}; days are ordinals.
Output: {"seconds": [of each pass], "answers": [[net of each licence] of each month of the last pass]}
"""

from __future__ import annotations

import json
import sys
import time

import numpy
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_served import system


def main() -> None:
    asked = json.load(sys.stdin)
    inputs = {
        "price": numpy.array(asked["prices"], dtype=numpy.int32),
        "first_day": numpy.array(asked["first_days"], dtype=numpy.int32),
        "waived_until": numpy.array(asked["waived_until"], dtype=numpy.int32),
    }
    seconds, answers = [], []
    for _ in range(asked["passes"]):
        simulation = SimulationBuilder().build_default_simulation(system, len(asked["prices"]))
        for name, values in inputs.items():
            simulation.set_input(name, "ETERNITY", values)
        started = time.perf_counter()
        answers = [simulation.calculate("base_fee", month) for month in asked["months"]]
        seconds.append(time.perf_counter() - started)
    json.dump({"seconds": seconds, "answers": [each.tolist() for each in answers]}, sys.stdout)


if __name__ == "__main__":
    main()
