"""Kinds of records by vendor: one module or package each, with ``KINDS`` and how the seeding client signs in."""
