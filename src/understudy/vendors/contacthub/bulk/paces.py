"""Paces of bulk jobs, of which a scenario's settings choose one."""

from understudy.core.json_types import Json

AT_ONCE, BY_THE_CLOCK = "at once", "by the clock"
PACES: dict[str, Json] = {
    AT_ONCE: {"loaded": 0, "scheduled": 0, "recordsPerSecond": None},
    BY_THE_CLOCK: {"loaded": 60, "scheduled": 60, "recordsPerSecond": 1000},
}
"""Seconds that a job is LOADED, then SCHEDULED, and its speed while PROCESSING; the vendor's are unknown."""
