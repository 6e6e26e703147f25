"""Checks of the records of an outbox that a snapshot brings: how far each message has come."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
ID = re.compile(r".+-[0-9]{1,15}", re.DOTALL)
OBJECTS = ("because", "attributes")
ATTEMPT = {"at": str, "status": int | None, "milliseconds": int | float | None, "error": str, "fault": str}


def record_fault(record: Mapping[str, Any], states: Mapping[str, bool]) -> str:
    """Return what is wrong with a record of an outbox; empty if nothing is. ``states`` are true if they are open."""
    if not isinstance(record.get("id"), str) or not ID.fullmatch(record["id"]):
        return f"id must be a vendor and a number, such as acme-1, not {_shown(record.get('id'))}"
    if not isinstance(record.get("state"), str) or record["state"] not in states:
        return f"state must be one of {', '.join(states)}, not {_shown(record.get('state'))}"
    times = ("created", "next_at") if states[record["state"]] else ("created",)
    return _progress_fault(record) or next(filter(None, (_time_fault(record, each) for each in times)), "")


def _progress_fault(record: Mapping[str, Any]) -> str:
    if type(record.get("tries")) is not int or record["tries"] < 0:
        return f"tries must be a whole number, not {_shown(record.get('tries'))}"
    attempts = record.get("attempts")
    if not isinstance(attempts, list) or not all(map(_is_attempt, attempts)):
        return f"attempts must be a list of objects with {', '.join(ATTEMPT)}"
    for name in OBJECTS:
        if not isinstance(record.get(name), Mapping):
            return f"{name} must be names and values, not {_shown(record.get(name))}"
    return "" if "body" in record else "body is missing"


def _time_fault(record: Mapping[str, Any], name: str) -> str:
    if _is_time(record.get(name)):
        return ""
    return f"{name} must be a time such as 2026-03-01T12:00:00.000000Z, not {_shown(record.get(name))}"


def _is_attempt(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        name in value and isinstance(value[name], kind) for name, kind in ATTEMPT.items()
    )


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or not TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    return repr(value)[:100]
