"""What a caller asked, as understood and resolved."""
