"""The database's shape, one revision after the other; applied revisions are never edited."""
