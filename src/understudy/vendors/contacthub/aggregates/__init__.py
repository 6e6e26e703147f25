"""Aggregate customers: members, merge, building and updating."""
