"""Validation of maps that are keyed by event type."""

from understudy.core.json_pointer import escape
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.vendors.contacthub.schemas.event_models import event_types


def require_event_types(policy: Json, noun: str, place: str = "") -> None:
    """Refuse a map with an unknown event type; ``place`` is its JSON pointer in the body."""
    unknown = [name for name in policy if name not in event_types()]
    if unknown:
        violations = [Violation("body", f"{place}/{escape(name)}", "known", "unknown event type") for name in unknown]
        raise Refused(400, f"{noun} is not valid", violations=violations)
