"""What lasts: tables, migrations, and one module of queries for each thing that is kept.

Queries are plain functions of a connection. Everything that is written goes through `Database.write`, which
holds the one write lock, so that numbers and the audit chain have neither gaps nor doubles.
"""
