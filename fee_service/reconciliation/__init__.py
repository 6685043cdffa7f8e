"""Invoices held against what is due: lines find their contracts, claims their dues, and every won its cause.

The result is a sequence of tables (`answers.reconciled.RESULT`), one for each chunk of a job; what is made of it goes
over them one by one.
"""
