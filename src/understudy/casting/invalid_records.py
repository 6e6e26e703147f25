"""Records that are wrong on purpose: each breaks one rule of the contract and says which, where, and what follows."""

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

Way = Callable[[int, Record], Record | None]
"""Breaks record n in a way of its own, if it can be broken so."""

Render = Callable[[Refused], Reply] | None

REFUSED = 400


def open_invalid(kind: Kind, cast: LazyCast) -> Make:
    """Return what makes a kind's records wrong: ``rule``, ``at`` (a JSON pointer), ``status``, and the ``record``."""
    if not kind.operation:
        raise Misconfigured(f"{kind.name}: no request takes such records, so nothing refuses one; choose another kind")
    contract = _Contract(kind)
    chosen, place = cast.stream(kind.name, "breach"), cast.stream(kind.name, "breach/place")
    ways = [
        *(partial(contract.spoil, name, place) for name in MUTATIONS),
        *(partial(contract.break_rule, rule) for rule in kind.rules),
    ]
    make = kind.open(cast)

    def broken(n: int, record: Record) -> Record:
        first = chosen.below(n, len(ways))
        for way in (*ways[first:], *ways[:first]):
            found: Record | None = way(n, record)
            if found is not None:
                return found
        raise LookupError(f"{kind.name}: record {n} cannot be broken")

    return lambda numbers: [broken(n, record) for n, record in zip(numbers, make(numbers), strict=True)]


class _Contract:
    """What a kind's operation asks of a record."""

    def __init__(self, kind: Kind) -> None:
        self._document, operations, self._render = _promised(kind.vendor)
        self._operation = next(each for each in operations if each.id == kind.operation)
        body = self._operation.body
        self._validator = body.media[JSON] if body else None
        self._schema = body.node["content"][JSON]["schema"] if body else {}
        self._statuses = {rule["rule"]: int(rule["status"]) for rule in self._operation.rules}

    def spoil(self, name: str, place: RandomStream, n: int, record: Record) -> Record | None:
        """Break one rule of the schema in a way; nothing if the record has no place for that."""
        if self._validator is None:
            return None
        candidates = list(self._candidates(name, record))
        first = place.below(n, len(candidates)) if candidates else 0
        for candidate in (*candidates[first:], *candidates[:first]):
            found = self._validator.violations(candidate)
            if len(found) == 1:
                return _breach(found[0].rule, found[0].path, self._status(found), candidate)
        return None

    def break_rule(self, rule: Rule, _n: int, record: Record) -> Record | None:
        """Break one of the vendor's own rules; nothing if the record gives no occasion."""
        spoilt = rule.mutate(orjson.loads(orjson.dumps(record)))
        if spoilt is None or (self._validator and not self._validator.is_valid(spoilt)):
            return None
        return _breach(rule.text, rule.at, self._statuses[rule.text], spoilt)

    def _candidates(self, name: str, record: Record) -> Iterator[Record]:
        for place in walk(self._document, self._schema, record):
            for new in MUTATIONS[name](self._document, place.schema, place.value):
                if place.path or isinstance(new, dict):
                    yield replace_at(record, place.path, new)

    def _status(self, violations: list[Violation]) -> int:
        refused = Refused(REFUSED, "", violations=violations, cause=Cause.CONTRACT)
        return REFUSED if self._render is None else self._render(refused).status


@cache
def _promised(vendor: str) -> tuple[Document, list[Operation], Render]:
    """Return a vendor's spec, its operations, and its words for "no"."""
    document = load_document(find_specs(data_folder("specs"), [vendor])[vendor])
    operations = compile_operations(document)
    return document, operations, load_vendor(vendor, operations).render


def _breach(rule: str, at: str, status: int, record: Record) -> Record:
    return {"rule": rule, "at": at, "status": status, "record": record}
