"""Strict marshmallow schemas: what a request may look like, and what an answer looks like."""

from schemas.fields import Loaded, load

__all__ = ["Loaded", "load"]
