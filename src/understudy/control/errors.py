"""How the control API says no."""

from understudy.core.media_types import PROBLEM_JSON
from understudy.core.refused import Refused
from understudy.core.reply import Reply


def render(refused: Refused) -> Reply:
    """Return a refusal as plain facts."""
    return Reply(refused.problem(), refused.status, refused.headers, PROBLEM_JSON)
