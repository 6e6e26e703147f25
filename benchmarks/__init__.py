"""How fast the stand-in is, measured beside others: ``python -m benchmarks``, from the top of a checkout."""
