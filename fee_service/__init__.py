"""Fees and waivers of market-data licences: an itemised, explained quote from dated price lists."""

__version__ = "0.2.0"
