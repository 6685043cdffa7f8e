"""The query of a document."""

from __future__ import annotations

from schemas.fields import OneOf, StrictSchema
from schemas.quote import says


class DocumentQuerySchema(StrictSchema):
    """How a document is wanted."""

    notices = OneOf(
        ("customer", "all"),
        metadata=says(
            "`all` adds to a PDF the notices for the seller; keep such a document to yourself.", default="customer"
        ),
    )
    lang = OneOf(("ko", "en"), metadata=says("Its language; by default as Accept-Language asks, else Korean."))
