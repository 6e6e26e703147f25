"""Handlers of the control API, by operationId."""
