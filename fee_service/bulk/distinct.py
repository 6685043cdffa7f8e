"""What of many rows is the same: each combination once, so that it is asked about once."""

from __future__ import annotations

import numpy as np

from fee_service.bulk.days import Whole


def distinct(*columns: Whole) -> tuple[Whole, Whole]:
    """A row of each combination of values, and for every row the place of its combination among them."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        if not len(column):
            break
        least = int(column.min())
        code = code * (int(column.max()) - least + 1) + (column - least)
    _, rows, place = np.unique(code, return_index=True, return_inverse=True)
    return rows, place
