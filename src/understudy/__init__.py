"""Understudy stands in for vendor APIs: it answers as the vendor would and remembers what it was told."""

__version__ = "0.1.0"
