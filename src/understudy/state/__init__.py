"""State of worlds: collections, journal, faults, snapshots, tokens."""
