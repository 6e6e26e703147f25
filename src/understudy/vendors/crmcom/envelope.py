"""Envelope of the vendor's older calls."""

from understudy.core.json_types import Json
from understudy.core.reply import Reply


def envelope(data: Json) -> Reply:
    """Return the reply to an older call that went well."""
    return Reply({"status": {"code": "OK", "message": "", "description": ""}, "data": data})
