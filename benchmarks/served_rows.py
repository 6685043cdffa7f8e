"""Rows of the size of an issued quote, its audit entry and its first answer, for the floor of issuing."""

from __future__ import annotations

FLOOR = {"floor_quotes": 7_900, "floor_audit": 500, "floor_answers": 6_200}  # bytes of each, as measured
