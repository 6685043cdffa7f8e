"""Everything that answers with a page; importing it gives the blueprint its routes."""

from fee_service.web import (
    compare_page,
    desk_page,
    published_pages,
    quotes_pages,
    sign_in_page,
    verify_page,
)
from fee_service.web.shell import ACCESS_OF_PAGES, init_pages

__all__ = [
    "ACCESS_OF_PAGES",
    "compare_page",
    "desk_page",
    "init_pages",
    "published_pages",
    "quotes_pages",
    "sign_in_page",
    "verify_page",
]
