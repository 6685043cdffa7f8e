"""Files of invoices as finance has them: bytes, text, rows, and at last lines of invoices in one shape; nothing judged.

`reading.py` is the way in. Rows in are rows out: each row becomes a line, or is told as what else it is.
"""
