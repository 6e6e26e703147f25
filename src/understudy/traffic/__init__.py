"""Exchanges between any client and any server: checked against a document, read from and written to files."""
