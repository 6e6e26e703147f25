"""Behaviour of the vendors, a package each, and its discovery."""
