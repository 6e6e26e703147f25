"""Erasure of a customer from the update stream and bulk jobs."""
