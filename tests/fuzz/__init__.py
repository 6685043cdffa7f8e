"""Requests that nobody would send, to every address, as everyone: each gets an answer, and never a 5xx."""
