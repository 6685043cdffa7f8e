"""Facts and public answers: the JSON that callers get."""
