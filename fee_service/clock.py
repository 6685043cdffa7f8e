"""The only place that asks what day or what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

KOREA_STANDARD_TIME = timezone(timedelta(hours=9), "KST")


def today_in_korea() -> date:
    """Today's date in Korea Standard Time, whatever the machine's own time zone."""
    return datetime.now(KOREA_STANDARD_TIME).date()


def now_in_utc() -> datetime:
    """This instant, for what is recorded."""
    return datetime.now(UTC)
