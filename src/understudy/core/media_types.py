"""Media types that are written or compared in more than one module."""

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
"""Problem details of RFC 7807."""

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def is_json(media_type: str) -> bool:
    """Return whether texts of a media type, without its parameters, are JSON."""
    return media_type.endswith("json") and not media_type.endswith(("ndjson", "x-json-stream"))


def is_xml(media_type: str) -> bool:
    """Return whether texts of a media type, without its parameters, are XML."""
    return media_type in ("application/xml", "text/xml") or media_type.endswith("+xml")
