"""Comparison of two worlds: the records of each collection that only one has, or that are different."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson

from understudy.core.json_pointer import escape
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.collection import Collection
from understudy.state.index import KEYS_PER_STEP

ONLY_IN_WORLD, ONLY_IN_OTHER, CHANGED = "only_in_world", "only_in_other", "changed"
MAX_PLACES = 20
"""Number of places that are listed of a record."""

MAX_DEPTH = 60
"""Depth from which on a value is named as a whole."""

TEXTS_PER_STEP = 100
"""Number of records compared in one step, if each has to be read."""


@dataclass(slots=True)
class CollectionDifference:
    """Differences of a collection between two worlds: a number for each kind, and the keys with their kind."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((ONLY_IN_WORLD, ONLY_IN_OTHER, CHANGED), 0))
    keys: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a key and the kind of its difference: in the order of the world, then those only in the other."""

    def add(self, key: str, kind: str) -> None:
        """Add a record that is different."""
        self.counts[kind] += 1
        self.keys.append((key, kind))


def compare(world: Collection, other: Collection) -> Steps[CollectionDifference]:
    """Return the differences of a collection between two worlds, in steps; nothing may write to them meanwhile."""
    found = CollectionDifference()
    if world.shares_records(other):
        return found
    for number, key in enumerate(world.keys()):
        if key not in other:
            found.add(key, ONLY_IN_WORLD)
        elif not world.has_same_row(other, key):
            if number % TEXTS_PER_STEP == 0:
                yield
            if _sorted_text(world.get(key)) != _sorted_text(other.get(key)):
                found.add(key, CHANGED)
        if number % KEYS_PER_STEP == 0:
            yield
    for number, key in enumerate(other.keys()):
        if key not in world:
            found.add(key, ONLY_IN_OTHER)
        if number % KEYS_PER_STEP == 0:
            yield
    return found


def places(before: Json, after: Json) -> list[str]:
    """Return JSON pointers to the values that are different in two records, at most ``MAX_PLACES``."""
    return list(islice(_places(before, after, "", 0), MAX_PLACES))


def _places(before: Any, after: Any, place: str, depth: int) -> Iterator[str]:
    if type(before) is not type(after):
        yield place
    elif depth == MAX_DEPTH:
        if before != after:
            yield place
    elif isinstance(before, dict):
        for name in {**before, **after}:
            below = f"{place}/{escape(name)}"
            if name in before and name in after:
                yield from _places(before[name], after[name], below, depth + 1)
            else:
                yield below
    elif isinstance(before, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _places(old, new, f"{place}/{number}", depth + 1)
    elif before != after:
        yield place


def _sorted_text(record: Json | None) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
