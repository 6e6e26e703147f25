"""Writes of customers and events, with all rules applied."""
