"""The same Contacthub customer, made by others."""
