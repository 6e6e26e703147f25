"""Numbers of the calls of the last minutes, by spans of equal length."""

from understudy.control.times import write_seconds
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.journal import ACCEPTED, Journal

MAX_COUNTED = 50_000
"""Number of calls after which counting ends: it takes two microseconds a call."""


class RecentCalls:
    """Numbers of calls and of refusals in spans of time up to ``until``, in real seconds since 1970."""

    def __init__(self, until: float, seconds: int, spans: int) -> None:
        self._until = until
        self._seconds = seconds
        self._calls, self._refused = [0] * spans, [0] * spans
        self._counted = 0
        self._is_complete = True

    def add(self, journal: Journal) -> Steps[None]:
        """Count the calls of a journal, in steps."""
        since = self._until - self._seconds * len(self._calls)
        for at, outcome in journal.newest_first():
            if at < since:
                break
            if self._counted == MAX_COUNTED:
                self._is_complete = False
                return
            self._counted += 1
            span = min(int((at - since) // self._seconds), len(self._calls) - 1)
            self._calls[span] += 1
            self._refused[span] += outcome != ACCEPTED
            yield
        else:
            self._is_complete = self._is_complete and not journal.dropped().total
        yield

    def to_json(self) -> Json:
        """Return the numbers, the oldest span first."""
        spans = zip(self._calls, self._refused, strict=True)
        return {
            "until": write_seconds(self._until),
            "seconds": self._seconds,
            "is_complete": self._is_complete,
            "spans": [{"calls": calls, "refused": refused} for calls, refused in spans],
        }
