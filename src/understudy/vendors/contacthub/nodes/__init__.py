"""Nodes and sources: store, rules, access, and the index of unique customers."""
