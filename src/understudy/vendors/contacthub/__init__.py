"""Contacthub, a vendor of customer records and events, with its handlers, checks and start data."""
