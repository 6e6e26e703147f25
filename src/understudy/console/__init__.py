"""Console of the server: HTML pages that show it and act on it through the control API."""
