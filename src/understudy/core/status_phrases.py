"""Reason phrases of HTTP statuses."""

from http import HTTPStatus

PHRASES = {status.value: status.phrase for status in HTTPStatus}


def phrase_of(status: int) -> str:
    """Return the reason phrase of a status, and ``Status 599`` for one that HTTP does not name."""
    return PHRASES.get(status) or f"Status {status}"
