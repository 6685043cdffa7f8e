"""Rows of the size of an issued quote, its audit entry and its first answer, for the floor of issuing."""

from __future__ import annotations

FLOOR = {"floor_quotes": 14_000, "floor_audit": 550, "floor_answers": 8_400}  # bytes: medians of 200 quotes
