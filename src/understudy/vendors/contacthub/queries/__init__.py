"""Search: query language, sort order, projection and results."""
