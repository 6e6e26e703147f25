"""Bulk jobs: CSV files, their columns, job progress and writing of records."""
