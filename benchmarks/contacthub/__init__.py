"""Benchmarks of Contacthub's customers."""
