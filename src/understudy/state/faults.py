"""Faults of a world: errors injected into calls and deliveries on purpose, with those that each one strikes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from math import exp, log
from random import Random
from typing import Any

from understudy.core.wildcards import matches

ANSWER = "answer"
"""Effect of all kinds but latency: they replace or spoil the response, so one strikes a call."""

BEFORE, AFTER = "before", "after"
LATENCY, STATUS, THROTTLE = "latency", "status", "throttle"
DROP, TRUNCATE, SLOW, MALFORMED = "drop", "truncate", "slow", "malformed"
DUPLICATE, LATE, OUT_OF_ORDER, LOST, WRONG_SIGNATURE = "duplicate", "late", "out_of_order", "lost", "wrong_signature"
DELIVERY_KINDS = frozenset((DUPLICATE, LATE, OUT_OF_ORDER, LOST, WRONG_SIGNATURE))
"""Kinds that strike the messages of an outbox; the others strike calls."""

MAX_DELAY_SECONDS = 3600.0

PROPERTIES_BY_KIND: Mapping[str, frozenset[str]] = {
    LATENCY: frozenset(("delay", "distribution", "spread")),
    STATUS: frozenset(("status", "body", "headers", "unchecked")),
    THROTTLE: frozenset(("retry_after",)),
    DROP: frozenset(),
    TRUNCATE: frozenset(("status", "bytes")),
    SLOW: frozenset(("status", "delay")),
    MALFORMED: frozenset(("status",)),
    DUPLICATE: frozenset(("destination",)),
    LATE: frozenset(("destination", "delay")),
    OUT_OF_ORDER: frozenset(("destination", "delay")),
    LOST: frozenset(("destination",)),
    WRONG_SIGNATURE: frozenset(("destination",)),
}
"""Properties that a fault of each kind may have, besides those that all kinds have."""

CALL_KINDS = tuple(kind for kind in PROPERTIES_BY_KIND if kind not in DELIVERY_KINDS)

REQUIRED_BY_KIND: Mapping[str, str] = {LATENCY: "delay", SLOW: "delay", LATE: "delay"}
"""Property that a fault of a kind must have."""


@dataclass(slots=True)
class Fault:
    """Fault; a property that is ``None`` was not given.

    ``seen`` counts the calls or messages that fit, ``struck`` those that were struck. Times are in seconds.
    ``started`` is the world's time of its addition. A fault for the ``nth`` call ``is_waiting`` if an older one
    has struck that call. ``body`` and ``headers`` make up a canned response.
    """

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
    body: Any = None
    headers: Mapping[str, str] | None = None
    unchecked: bool | None = None
    destination: str | None = None
    id: str = ""
    seen: int = 0
    struck: int = 0
    is_waiting: bool = field(default=False, repr=False)
    started: float = field(default=0.0, repr=False)
    rng: Random = field(default_factory=Random, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the properties that were given, the id and the counters, as JSON."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.repr}
        return {name: value for name, value in values.items() if value is not None}

    def fits(self, vendor: str, operation: str) -> bool:
        """Return whether the fault applies to an operation."""
        return self.vendor in (None, vendor) and self.operation in (None, operation)

    def fits_message(self, vendor: str, operation: str, destination: str) -> bool:
        """Return whether the fault applies to a message of an operation; ``*`` in its destination is any text."""
        return self.fits(vendor, operation) and matches(self.destination or "*", destination)

    def is_over(self, now: float) -> bool:
        """Return whether the fault can strike no more calls."""
        return (
            (self.times is not None and self.struck >= self.times)
            or (self.nth is not None and self.seen >= self.nth and not self.is_waiting)
            or (self.lasting is not None and round(now - self.started, 3) >= self.lasting)
        )

    @property
    def effect(self) -> str | None:
        """Effect of which a call has one at most; ``None`` for a latency without limit, which adds to every other."""
        if self.kind != LATENCY:
            return ANSWER
        return None if self.times is None and self.nth is None else f"{LATENCY} {self.when}"

    def is_due(self) -> bool:
        """Count a call that fits, and return whether the fault strikes it, unless another one comes first."""
        self.seen += 1
        if self.is_waiting:
            return True
        if self.nth is not None and self.seen != self.nth:
            return False
        return self.probability is None or self.rng.random() < self.probability

    def draw_delay(self) -> float:
        """Return a delay for one call, in seconds."""
        delay, spread = self.delay or 0.0, self.spread or 0.0
        if self.distribution == "normal":
            delay = self.rng.gauss(delay, spread)
        elif self.distribution == "long_tailed" and delay:
            delay = exp(min(self.rng.normalvariate(log(delay), spread), log(MAX_DELAY_SECONDS)))
        return min(max(delay, 0.0), MAX_DELAY_SECONDS)


class Faults(list[Fault]):
    """Faults of one world, oldest first. The list is false when empty, which makes the check of each call cheap."""

    def __init__(self) -> None:
        super().__init__()
        self._added = 0

    def successor(self) -> "Faults":
        """Return an empty set of faults of the same world, whose ids go on: the journal names those of before."""
        made = Faults()
        made._added = self._added
        return made

    def add(self, fault: Fault, now: float) -> Fault:
        """Add a fault, with a new id, and return it; ``now`` is the world's time in seconds since 1970."""
        self._added += 1
        fault.id = f"fault-{self._added}"
        fault.started = now
        fault.rng = Random(fault.seed or 0)  # noqa: S311 - repeatable on purpose
        self.append(fault)
        return fault

    def remove_by_id(self, fault_id: str) -> bool:
        """Remove a fault; return whether it existed."""
        kept = [fault for fault in self if fault.id != fault_id]
        was_found = len(kept) < len(self)
        self[:] = kept
        return was_found

    def expire(self, now: float) -> None:
        """Remove the faults that can strike no more calls."""
        self[:] = [fault for fault in self if not fault.is_over(now)]

    def strike(self, vendor: str, operation: str, now: float) -> list[Fault]:
        """Count a call of an operation, and return the faults that strike it.

        Faults with the same effect queue: the oldest that is due strikes, the others strike later calls.
        """
        return self._strike(now, lambda fault: fault.kind not in DELIVERY_KINDS and fault.fits(vendor, operation))

    def strike_message(self, vendor: str, operation: str, destination: str, now: float) -> Fault | None:
        """Count a message to a destination, which an operation caused, and return the fault that strikes it."""
        struck = self._strike(
            now, lambda fault: fault.kind in DELIVERY_KINDS and fault.fits_message(vendor, operation, destination)
        )
        return struck[0] if struck else None

    def _strike(self, now: float, fits: Callable[[Fault], bool]) -> list[Fault]:
        self.expire(now)
        due = [fault for fault in self if fits(fault) and fault.is_due()]
        struck: list[Fault] = []
        for fault in due:
            is_taken = fault.effect is not None and fault.effect in {each.effect for each in struck}
            fault.is_waiting = is_taken and fault.nth is not None
            if not is_taken:
                fault.struck += 1
                struck.append(fault)
        self.expire(now)
        return struck
