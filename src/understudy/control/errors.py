"""Error responses of the control API."""

from understudy.core.refused import Refused
from understudy.core.reply import Reply


def render(refused: Refused) -> Reply:
    """Return a refusal as a problem (RFC 9457)."""
    return Reply(refused.problem(), refused.status, refused.headers, "application/problem+json")
