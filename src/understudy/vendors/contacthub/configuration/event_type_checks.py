"""Validation of maps that are keyed by event type."""

from understudy.core.refused import Refused, Violation
from understudy.state.collection import Json
from understudy.vendors.contacthub.schemas.event_models import event_types


def require_event_types(policy: Json, noun: str, place: str = "") -> None:
    """Refuse a map with an unknown event type; ``place`` is its JSON pointer in the body."""
    unknown = [name for name in policy if name not in event_types()]
    if unknown:
        violations = [Violation("body", f"{place}/{_escape(name)}", "known", "unknown event type") for name in unknown]
        raise Refused(400, f"{noun} is not valid", violations=violations)


def _escape(name: str) -> str:
    """Return a name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
