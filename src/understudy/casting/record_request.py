"""An order: what is to be made of a kind. It is small, and can be sent to another process or machine."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson

from understudy.casting.edits import check_paths, keep_only, set_value
from understudy.casting.invalid_records import open_invalid
from understudy.casting.kind import Make, Record, Write
from understudy.casting.kind_registry import find_kind
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import Scenario

_line = partial(orjson.dumps, option=orjson.OPT_APPEND_NEWLINE)

SAMPLE = range(4096)
"""The records that tell which fields a kind has; always the same ones, so that every shard finds the same fields."""


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """Records of a kind, with values set at dotted paths, and only some fields kept if any are named.

    ``is_invalid`` asks for records that are wrong on purpose, as ``open_breaches`` makes them.
    """

    kind: str
    scenario: Scenario
    values: tuple[tuple[str, Any], ...] = ()
    only: tuple[str, ...] = ()
    is_invalid: bool = False

    def open(self) -> Make:
        """Return what makes the records."""
        kind, cast = find_kind(self.kind), LazyCast(self.scenario)
        make = open_invalid(kind, cast) if self.is_invalid else kind.open(cast)
        edits = [set_value(path, value) for path, value in self.values]
        if self.only:
            edits.append(keep_only(self.only))
        if not edits:
            return make

        def make_edited(numbers: range) -> list[Record]:
            records = make(numbers)
            for edit in edits:
                records = list(map(edit, records))
            return records

        return make_edited

    def write(self) -> Write:
        """Return what makes the records as JSON Lines."""
        write = find_kind(self.kind).write
        if write and not (self.values or self.only or self.is_invalid):
            return write(LazyCast(self.scenario))
        make = self.open()
        return lambda numbers: b"".join(map(_line, make(numbers)))

    def size(self) -> int:
        """Return how many records the scenario has of the kind."""
        return find_kind(self.kind).size(LazyCast(self.scenario))

    def check(self) -> None:
        """Refuse to keep a field that no record has; say the nearest one."""
        if self.only:
            check_paths(self.only, replace(self, only=()).sample())

    def sample(self) -> list[Record]:
        """Return the records that tell which fields there are."""
        return self.open()(SAMPLE)
