"""Envelope of Capillary's responses."""

from typing import Any

from understudy.core.reply import Reply


def write_reply() -> Reply:
    """Return the reply to a write: two empty lists, of warnings and errors."""
    return Reply({"warnings": [], "errors": []})


def list_reply(data: list[dict[str, Any]]) -> Reply:
    """Return the reply with a list of records."""
    return Reply({"data": data, "warnings": [], "errors": []})
