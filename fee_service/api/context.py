"""What the routes need of the application: the editions, and what day it is."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import current_app

from fee_service.editions import Editions


def editions() -> Editions:
    """Everything published, as read at the start."""
    return cast(Editions, current_app.extensions["editions"])


def today() -> date:
    """Today in Korea; tests put another clock into the configuration."""
    return cast(date, current_app.config["TODAY"]())
