"""What Capillary wraps its answers in."""

from typing import Any

from understudy.core.reply import Reply


def write_reply() -> Reply:
    """Answer a write: nothing but two empty lists."""
    return Reply({"warnings": [], "errors": []})


def list_reply(data: list[dict[str, Any]]) -> Reply:
    """Answer a read of many."""
    return Reply({"data": data, "warnings": [], "errors": []})
