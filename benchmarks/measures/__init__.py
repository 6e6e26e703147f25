"""Benchmarks, one a module with ``measure(options) -> Section``; a new module is found by its place here."""
