"""Handlers of Capillary's operations, a module for each noun."""
