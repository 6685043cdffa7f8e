"""The use cases of quotes: preview, issue, accept, withdraw, list, share, replay, prove."""
