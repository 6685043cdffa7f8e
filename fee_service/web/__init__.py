"""The pages: the quoting desk, its quotes, comparisons and what is published, in Korean and English."""
