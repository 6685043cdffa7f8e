"""What finance does: contracts and what happens to them, usage reports, what is owed."""
