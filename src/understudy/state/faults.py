"""What goes wrong in a world on purpose: which calls it strikes, and how hard."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import log
from random import Random
from typing import Any

BEFORE, AFTER = "before", "after"
LATENCY, STATUS, THROTTLE = "latency", "status", "throttle"
DROP, TRUNCATE, SLOW, MALFORMED = "drop", "truncate", "slow", "malformed"
LONGEST_DELAY = 3600.0

PROPERTIES_BY_KIND: Mapping[str, frozenset[str]] = {
    LATENCY: frozenset(("delay", "distribution", "spread")),
    STATUS: frozenset(("status",)),
    THROTTLE: frozenset(("retry_after",)),
    DROP: frozenset(),
    TRUNCATE: frozenset(("status", "bytes")),
    SLOW: frozenset(("status", "delay")),
    MALFORMED: frozenset(("status",)),
}
"""What may be said of each kind, beside what may be said of all."""

REQUIRED_BY_KIND: Mapping[str, str] = {LATENCY: "delay", SLOW: "delay"}


@dataclass(slots=True)
class Fault:
    """One fault; what is ``None`` was not said. ``seen`` counts the calls that fitted, ``struck`` those it struck."""

    kind: str
    vendor: str | None = None
    operation: str | None = None
    when: str = BEFORE
    nth: int | None = None
    probability: float | None = None
    seed: int | None = None
    times: int | None = None
    lasting: float | None = None
    status: int | None = None
    retry_after: int | None = None
    delay: float | None = None
    distribution: str | None = None
    spread: float | None = None
    bytes: int | None = None
    id: str = ""
    seen: int = 0
    struck: int = 0
    started: float = field(default=0.0, repr=False)
    rng: Random = field(default_factory=Random, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return what was said of it and what it has done, as JSON."""
        told = {each.name: getattr(self, each.name) for each in fields(self) if each.repr}
        return {name: value for name, value in told.items() if value is not None}

    def fits(self, vendor: str, operation: str) -> bool:
        """Tell whether it is about an operation."""
        return self.vendor in (None, vendor) and self.operation in (None, operation)

    def is_over(self, now: float) -> bool:
        """Tell whether it will never strike again."""
        return (
            (self.times is not None and self.struck >= self.times)
            or (self.nth is not None and self.seen >= self.nth)
            or (self.lasting is not None and round(now - self.started, 3) >= self.lasting)
        )

    def strikes(self) -> bool:
        """Count a call that fits; tell whether it is struck."""
        self.seen += 1
        if self.nth is not None and self.seen != self.nth:
            return False
        if self.probability is not None and self.rng.random() >= self.probability:
            return False
        self.struck += 1
        return True

    def draw_delay(self) -> float:
        """Return for how many seconds it holds up a call."""
        delay, spread = self.delay or 0.0, self.spread or 0.0
        if self.distribution == "normal":
            delay = self.rng.gauss(delay, spread)
        elif self.distribution == "long_tailed" and delay:
            delay = self.rng.lognormvariate(log(delay), spread)
        return min(max(delay, 0.0), LONGEST_DELAY)


class Faults(list[Fault]):
    """The faults of one world, oldest first. An empty list is false: all that a call in a world without them asks."""

    def __init__(self) -> None:
        super().__init__()
        self._made = 0

    def add(self, fault: Fault, now: float) -> Fault:
        """Set a fault and give it an id; ``now`` is the world's time."""
        self._made += 1
        fault.id = f"fault-{self._made}"
        fault.started = now
        fault.rng = Random(fault.seed or 0)  # noqa: S311 - repeatable on purpose
        self.append(fault)
        return fault

    def remove_by_id(self, fault_id: str) -> bool:
        """Remove a fault; tell whether there was one."""
        kept = [fault for fault in self if fault.id != fault_id]
        is_there = len(kept) < len(self)
        self[:] = kept
        return is_there

    def expire(self, now: float) -> None:
        """Forget the faults that will never strike again."""
        self[:] = [fault for fault in self if not fault.is_over(now)]

    def strike(self, vendor: str, operation: str, now: float) -> list[Fault]:
        """Return the faults that strike a call of an operation."""
        self.expire(now)
        struck = [fault for fault in self if fault.fits(vendor, operation) and fault.strikes()]
        self.expire(now)
        return struck
