"""Terms that all layers share, of the standard library alone."""
