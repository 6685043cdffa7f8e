"""What is published, as values: price lists, waiver policies, services, the API catalogue. Mirrors pricing_tables/."""
