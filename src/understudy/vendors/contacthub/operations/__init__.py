"""Handlers of Contacthub's operations, each named after its operationId."""
