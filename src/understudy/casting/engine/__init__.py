"""Random numbers and JSON columns: the deterministic core of data generation."""
