"""Calls as they were read from a journal, with the number of those that are missing."""

import json
import warnings
from collections.abc import Mapping

from understudy.core.json_types import Json


class MissingCalls(UserWarning):
    """Warning that a journal has dropped calls which fit a question, or could."""


class CallList(list[Json]):
    """Exchanges, oldest first; ``dropped`` counts earlier ones that fit or could, which the journal no longer has.

    ``over_limit`` counts those that fit and were left out by the limit of the question.
    """

    def __init__(self, found: list[Json], *, dropped: int = 0, over_limit: int = 0) -> None:
        super().__init__(found)
        self.dropped = dropped
        self.over_limit = over_limit

    @classmethod
    def read(cls, headers: Mapping[str, str], text: str) -> "CallList":
        """Return the calls of a response for the journal."""
        return cls(
            json.loads(text),
            dropped=int(headers.get("understudy-dropped", 0)),
            over_limit=int(headers.get("understudy-over-limit", 0)),
        )

    def missing(self) -> str:
        """Return a sentence on the calls that the journal has dropped, or an empty text."""
        if not self.dropped:
            return ""
        return (
            f"{self.dropped} earlier calls that fit, or could, are missing: the journal has dropped them "
            "(read or clear it sooner, or serve with a larger --journal)"
        )

    def warn(self, limit: int | None) -> None:
        """Warn the caller's caller of missing calls, unless as many newer ones were found as were asked for."""
        is_complete = limit is not None and len(self) >= limit
        if self.dropped and not is_complete:
            warnings.warn(self.missing(), MissingCalls, stacklevel=3)
