"""Contacthub: customers, their events, and how they are configured."""
