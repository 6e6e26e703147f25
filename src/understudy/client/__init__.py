"""Steers a running server from Python: worlds, journal, faults, clock, snapshots."""
