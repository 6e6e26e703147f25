"""Media types that are written or compared in more than one module."""

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
"""Problem details of RFC 7807."""

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
