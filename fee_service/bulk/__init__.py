"""The rules over columns: many contracts at once, arrays in and arrays out, each amount that of the scalar engine.

Imported only by the commands that need it: NumPy and Arrow are heavy, a quote waits for neither.
"""
