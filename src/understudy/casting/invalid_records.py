"""Generation of invalid records: each breaks one rule of the contract, and comes with the rule, place and status."""

from collections.abc import Callable, Iterator
from functools import cache, partial

import orjson

from understudy.casting.breakable_rule import Rule
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.lazy_cast import LazyCast
from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.document import Document, load_document
from understudy.contract.mutations import MUTATIONS, replace_at, walk
from understudy.core.data_folder import data_folder
from understudy.core.media_types import JSON
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.vendors.discovery import find_specs, load_vendor

Break = Callable[[int, Record], Record | None]
"""Function that returns record n as an invalid record, or None if this record cannot break the rule."""

Render = Callable[[Refused], Reply] | None

REFUSED = 400


def open_invalid(kind: Kind, cast: LazyCast) -> Make:
    """Return the function that makes invalid records of a kind.

    Each has ``rule``, ``at`` (the JSON pointer to the invalid value), ``status`` of the refusal, and ``record``.
    """
    if not kind.operation:
        raise Misconfigured(f"{kind.name}: no request takes such records, so nothing refuses one; choose another kind")
    contract = _Contract(kind)
    chosen, place = cast.stream(kind.name, "breach"), cast.stream(kind.name, "breach/place")
    breaks: list[Break] = [
        *(partial(contract.break_schema, name, place) for name in MUTATIONS),
        *(partial(contract.break_rule, rule) for rule in kind.rules),
    ]
    make = kind.open(cast)

    def make_invalid(n: int, record: Record) -> Record:
        first = chosen.below(n, len(breaks))
        for break_record in (*breaks[first:], *breaks[:first]):
            found = break_record(n, record)
            if found is not None:
                return found
        raise LookupError(f"{kind.name}: record {n} cannot be broken")

    return lambda numbers: [make_invalid(n, record) for n, record in zip(numbers, make(numbers), strict=True)]


class _Contract:
    """Schema, rules and error statuses of the operation that takes a kind's records."""

    def __init__(self, kind: Kind) -> None:
        self._document, operations, self._render = _load_contract(kind.vendor)
        self._operation = next(each for each in operations if each.id == kind.operation)
        body = self._operation.body
        self._validator = body.media[JSON] if body else None
        self._schema = body.node["content"][JSON]["schema"] if body else {}
        self._statuses = {rule["rule"]: int(rule["status"]) for rule in self._operation.rules}

    def break_schema(self, name: str, place: RandomStream, n: int, record: Record) -> Record | None:
        """Break one rule of the schema by a mutation; return None if the mutation fits no value of the record."""
        if self._validator is None:
            return None
        candidates = list(self._candidates(name, record))
        first = place.below(n, len(candidates)) if candidates else 0
        for candidate in (*candidates[first:], *candidates[:first]):
            found = self._validator.violations(candidate)
            if len(found) == 1:
                return _invalid_record(found[0].rule, found[0].path, self._status(found), candidate)
        return None

    def break_rule(self, rule: Rule, _n: int, record: Record) -> Record | None:
        """Break a business rule; return None if this record cannot break it, or would break the schema too."""
        invalid = rule.mutate(orjson.loads(orjson.dumps(record)))
        if invalid is None or (self._validator and not self._validator.is_valid(invalid)):
            return None
        return _invalid_record(rule.text, rule.at, self._statuses[rule.text], invalid)

    def _candidates(self, name: str, record: Record) -> Iterator[Record]:
        for place in walk(self._document, self._schema, record):
            for new in MUTATIONS[name](self._document, place.schema, place.value):
                if place.path or isinstance(new, dict):
                    yield replace_at(record, place.path, new)

    def _status(self, violations: list[Violation]) -> int:
        refused = Refused(REFUSED, "", violations=violations, cause=Cause.CONTRACT)
        return REFUSED if self._render is None else self._render(refused).status


@cache
def _load_contract(vendor: str) -> tuple[Document, list[Operation], Render]:
    """Return a vendor's document, its operations, and the function that renders its refusals."""
    document = load_document(find_specs(data_folder("specs"), [vendor])[vendor])
    operations = compile_operations(document)
    return document, operations, load_vendor(vendor, operations).render


def _invalid_record(rule: str, at: str, status: int, record: Record) -> Record:
    return {"rule": rule, "at": at, "status": status, "record": record}
