"""Comparison of stand-ins on users' documents: start, memory, right answers, records that can be read back."""
