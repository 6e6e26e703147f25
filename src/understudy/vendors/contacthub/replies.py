"""Replies as a world's settings ask for them: the form of their times."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.schemas.event_models import event_times, event_types
from understudy.vendors.contacthub.tables import SETTINGS
from understudy.vendors.contacthub.timestamps import UTC_OFFSET

NUMERIC_OFFSET, RFC3339 = "numeric offset", "rfc3339"
FORMS_OF_TIMES = (NUMERIC_OFFSET, RFC3339)
"""Forms of the times in replies: ``…31.842+0000``, as they are stored, and ``…31.842Z``."""

TIMES_SETTING = "times"
TIMES_KEY = f"contacthub/{TIMES_SETTING}"
"""Key of the setting, which only a world with times of RFC 3339 has."""

TIMES = frozenset(
    (
        "createdAt",
        "createdTime",
        "date",
        "end",
        "endDate",
        "oldestDate",
        "registeredAt",
        "start",
        "startDate",
        "updatedAt",
    )
)
"""Names of the properties that hold a time."""

FREE = frozenset(("contextInfo", "extended", "extra", "properties", "tracking"))
"""Names of the properties whose content is answered as the client sent it, but for the times of an event's type."""


def set_times(state: VendorState, form: str) -> None:
    """Set the form of the times in a world's replies."""
    if form != NUMERIC_OFFSET:
        write_setting(state, state.vendor, TIMES_SETTING, {"form": form})


def rewrite(state: VendorState, reply: Reply) -> Reply:
    """Return a reply with its times in the world's form; the reply itself if that is the stored form."""
    if TIMES_KEY not in state.collection(SETTINGS):
        return reply
    body = reply.body if reply.text is None else orjson.loads(reply.text)
    items = None if reply.items is None else map(_with_z, reply.items)
    return replace(reply, body=_with_z(body), text=None, items=items)


def _with_z(value: Any) -> Any:
    """Return a JSON value whose times end in ``Z``; any other value unchanged."""
    if isinstance(value, list):
        return [_with_z(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {name: _free(name, part, value) if name in FREE else _member(name, part) for name, part in value.items()}


def _free(name: str, part: Any, owner: Mapping[str, Any]) -> Any:
    """Return free content unchanged, but for the properties of an event that its type has as times."""
    if name != "properties" or not isinstance(part, Mapping) or owner.get("type") not in event_types():
        return part
    times = event_times(str(owner["type"]))
    return {key: _zulu(text) if key in times and isinstance(text, str) else text for key, text in part.items()}


def _member(name: str, part: Any) -> Any:
    if isinstance(part, str):
        return _zulu(part) if name in TIMES else part
    return _with_z(part)


def _zulu(text: str) -> str:
    return text.removesuffix(UTC_OFFSET) + "Z" if text.endswith(UTC_OFFSET) else text
