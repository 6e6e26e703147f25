"""Stand-in for vendor APIs: it answers as the vendor would, and keeps what was sent."""

__version__ = "0.1.0"
