"""Benchmarks of Understudy, beside other servers and tools: ``python -m benchmarks``, from the top of a checkout."""
