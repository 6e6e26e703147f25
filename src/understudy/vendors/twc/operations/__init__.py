"""Handlers of the event collector's operations, a module for each noun."""
