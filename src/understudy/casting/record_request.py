"""Record request: a kind, a scenario and edits. It is small and picklable, for other processes and machines."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson

from understudy.casting.declared_fields import is_declared
from understudy.casting.document_kinds import DocumentSource
from understudy.casting.edits import check_paths, keep_only, known_paths, set_value
from understudy.casting.invalid_records import open_invalid
from understudy.casting.kind import Kind, Make, Record, Write
from understudy.casting.kind_registry import find_kind, find_kinds
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import Scenario
from understudy.core.misconfigured import Misconfigured, nearest

_line = partial(orjson.dumps, option=orjson.OPT_APPEND_NEWLINE)

SAMPLE = range(4096)
"""Numbers of the records from which the fields of a kind are found; fixed, so that all shards find the same ones."""

SMALL_SAMPLE = range(256)
"""The same for kinds of users' own documents, whose records take longer, and most of which have all fields."""

DUPLICATE_OF = "duplicate_of"
"""Field with the id of the person of whom a record is a near-duplicate; empty for the others."""


def _lines(records: list[Record]) -> bytes:
    try:
        return b"".join(map(_line, records))
    except TypeError as error:
        raise Misconfigured(f"a value that is set cannot be written as JSON: {error}") from None


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """Request for records of a kind, with values to set at dotted paths; ``only`` selects fields, all if it is empty.

    ``is_invalid`` requests invalid records, as ``open_invalid`` makes them. ``sources`` are users' own documents, which
    have kinds too.
    """

    kind: str
    scenario: Scenario
    values: tuple[tuple[str, Any], ...] = ()
    only: tuple[str, ...] = ()
    is_invalid: bool = False
    sources: tuple[DocumentSource, ...] = ()

    def open(self) -> Make:
        """Return the function that makes the records."""
        kind, cast = find_kind(self.kind, self.sources), LazyCast(self.scenario)
        if self.scenario.duplicates:
            _check_duplicates(kind, self.is_invalid)
        make = open_invalid(kind, cast) if self.is_invalid else kind.open(cast)
        if self.scenario.duplicates:
            make = _with_truth(cast, make)
        edits = [set_value(path, value) for path, value in self.values]
        if self.only:
            truth = (DUPLICATE_OF,) if self.scenario.duplicates else ()
            edits.append(keep_only((*self.only, *truth)))
        if not edits:
            return make

        def make_edited(numbers: range) -> list[Record]:
            records = make(numbers)
            for edit in edits:
                records = list(map(edit, records))
            return records

        return make_edited

    def write(self) -> Write:
        """Return the function that makes the records as JSON Lines."""
        write = find_kind(self.kind, self.sources).write
        if write and not (self.values or self.only or self.is_invalid or self.scenario.duplicates):
            return write(LazyCast(self.scenario))
        make = self.open()
        return lambda numbers: _lines(make(numbers))

    def size(self) -> int:
        """Return the number of records that the scenario has of the kind."""
        return find_kind(self.kind, self.sources).size(LazyCast(self.scenario))

    def check(self) -> None:
        """Raise ``Misconfigured`` for duplicates that a kind cannot have, and for an unknown field with the nearest."""
        if self.scenario.duplicates:
            _check_duplicates(find_kind(self.kind, self.sources), self.is_invalid)
        if self.only:
            check_paths(self.only, replace(self, only=()).sample())

    def check_values(self) -> None:
        """Raise ``Misconfigured`` with the nearest field if a value is set where a record cannot have one.

        Records that are made have the field, or the vendor's document declares it.
        """
        if not self.values:
            return
        self.open()(range(1))  # a value below one that is no object is refused here
        known = known_paths(replace(self, values=(), only=()).sample())
        kind = find_kind(self.kind, self.sources)
        for path, _ in self.values:
            if path not in known and (self.is_invalid or not is_declared(kind, path, known)):
                raise Misconfigured(f"--set: no record of {self.kind} has the field {path!r}{nearest(path, known)}")

    def sample(self) -> list[Record]:
        """Return the first records, from which the names of the fields are found."""
        return self.open()(SAMPLE if find_kind(self.kind, self.sources).document is None else SMALL_SAMPLE)


def _with_truth(cast: LazyCast, make: Make) -> Make:
    """Return a function that adds ``DUPLICATE_OF`` to each record."""
    return lambda numbers: [
        {**record, DUPLICATE_OF: cast.original_id(n)} for n, record in zip(numbers, make(numbers), strict=True)
    ]


def _check_duplicates(kind: Kind, is_invalid: bool) -> None:  # noqa: FBT001 - the caller's own flag
    if is_invalid:
        raise Misconfigured("duplicates are valid records, and invalid ones break a rule; ask for one or the other")
    if not kind.is_person:
        people = ", ".join(name for name, each in find_kinds().items() if each.is_person)
        raise Misconfigured(f"{kind.name}: only records that are people have duplicates: {people}")
