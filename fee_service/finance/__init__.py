"""Use cases of finance: what was used under a contract, audits of it; one module each."""
