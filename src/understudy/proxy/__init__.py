"""Transparent proxy between a client and a real service, which holds both, and the stand-in, against a document."""
