"""The files of pricing_tables/: read, checked, and made into what is published."""

from fee_service.edition_files.faults import EditionFault, EditionFaults
from fee_service.edition_files.reading import read_editions

__all__ = ["EditionFault", "EditionFaults", "read_editions"]
