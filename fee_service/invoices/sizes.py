"""How large files of invoices may be; known without a library of columns, for who takes them in."""

from __future__ import annotations

from fee_service.errors import Fault, FeeError

MOST_BYTES = 1_500_000_000  # a file, or an upload of several


def refuse_size(size: int, status: int = 422) -> None:
    """Raises FeeError: `file_too_large`. Of an upload by the size that it declares, before a byte is taken."""
    if size > MOST_BYTES:
        raise FeeError([Fault("file_too_large", "", {"most": MOST_BYTES // 1_000_000})], status)
