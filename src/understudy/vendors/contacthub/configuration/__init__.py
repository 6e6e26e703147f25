"""Configuration of a workspace: settings, schemas, extended properties and rate limit."""
