"""Changes between two documents of one vendor: which break clients, and where operations have moved."""
