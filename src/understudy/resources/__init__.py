"""Behaviour that is recognised in a document alone: collections of records, and samples for all other operations."""
