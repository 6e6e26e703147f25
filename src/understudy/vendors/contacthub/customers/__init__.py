"""Customers: document, rules, store, sessions, sub-resources and consent log."""
