"""Contacthub customers made with other libraries, for comparison."""
