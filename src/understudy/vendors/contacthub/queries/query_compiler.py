"""Compiler of the customer search's query language: JSON text to a predicate of a customer.

The grammar is ``schemas/customer/query.json``, with three liberties that client libraries take: any part may have a
``name``, the value may be missing if the operator needs none, and a single value may stand for a list. An empty
``and``, INTERSECT or part matches every customer, an empty ``or``, UNION or EXCEPT none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, NoReturn

import orjson

from understudy.core.json_errors import json_mistake
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.vendors.contacthub.queries.attribute_getter import Get, getter, is_missing
from understudy.vendors.contacthub.queries.comparisons import (
    ORDERINGS,
    Operand,
    Test,
    between,
    equality,
    likeness,
    membership,
    ordering,
    read_operand,
)

Predicate = Callable[[Json], bool]
EventsOf = Callable[[str, str], Iterable[Json]]
Anchors = tuple[tuple[str, str], ...]

INDEXED = frozenset(("id", "externalId", "base.contacts.email"))
"""Attributes with an index of customers."""
TIMES = frozenset(
    """registeredAt updatedAt date base.dob base.jobs.startDate base.jobs.endDate base.likes.createdTime
    base.subscriptions.startDate base.subscriptions.endDate base.subscriptions.registeredAt base.subscriptions.updatedAt
    consents.disclaimer.date""".split()
)
TEXT_ROOTS = ("base", "id", "nodeId", "externalId", "extra", "tags", "sourceInfo", "customerId", "type", "context")
NOT_TEXTS = ("base.address.geo", "base.educations", "base.jobs.isCurrent", "base.subscriptions.subscribed")
EVENT_FIELDS = frozenset(
    """id customerId bringBackProperties type properties context contextInfo date origin tracking registeredAt
    updatedAt version""".split()
)
NEGATED = {"NOT_EQUALS": "EQUALS", "NOT_IN": "IN", "IS_NOT_NULL": "IS_NULL"}
OPERATORS = ("EQUALS", "NOT_EQUALS", "BETWEEN", *ORDERINGS, "IS_NULL", "IS_NOT_NULL", "IN", "NOT_IN", "LIKE")
MAX_DEPTH = 50
"""Maximum nesting of parts: more than queries need, and well within Python's recursion limit."""
MAX_TEXTS = 8
"""Maximum number of texts to scan a record for: a scan for more takes longer than parsing the record."""


@dataclass(frozen=True, slots=True)
class CompiledPart:
    """Compiled part of a query: its predicate, and the anchors of the customers that match.

    ``anchors``: pairs of attribute and text, of which each match has at least one; ``None`` if no such pairs are known.
    """

    holds: Predicate
    anchors: Anchors | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Compiled query.

    ``needs_events``: the query has conditions on customers' events.
    ``texts``: each match contains at least one of these texts; empty if none are known.
    ``indexed``: pairs of an attribute of ``INDEXED`` and a text, of which each match has at least one; ``None`` if
    every customer has to be read.
    """

    matches: Predicate
    needs_events: bool
    texts: tuple[str, ...]
    indexed: Anchors | None


def compile_query(text: str, events_of: EventsOf | None = None) -> Query:
    """Compile a query; refuse one that breaks the grammar with 400.

    ``events_of`` returns the events of a customer id and an event type; without it no customer has events.
    """
    try:
        query = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        _refuse("", "malformed", f"is not valid JSON: {json_mistake(error)}", text)
    compiler = _Compiler(events_of or (lambda _customer_id, _event_type: ()))
    members = _members(query, "", "query")
    part = compiler.query(members["query"], "/query", 0)
    anchors = part.anchors
    is_indexed = anchors is not None and all(attribute in INDEXED for attribute, _ in anchors)
    texts = tuple(text for _, text in anchors or ())
    texts = texts if len(texts) <= MAX_TEXTS else ()
    return Query(part.holds, compiler.needs_events, texts, anchors if is_indexed else None)


class _Compiler:
    """Compiler of one query's parts; ``at`` is the JSON pointer of a part."""

    def __init__(self, events_of: EventsOf) -> None:
        self.needs_events = False
        self._events_of = events_of

    def query(self, node: Any, at: str, depth: int) -> CompiledPart:
        """Compile a simple or a combined query."""
        kind = _choice(node, "type", ("simple", "combined"), at, depth)
        if kind == "simple":
            return self._simple(node, at, depth)
        members = _members(node, at, "type", "conjunction", "queries")
        conjunction = _choice(members, "conjunction", tuple(COMBINED), at)
        parts = [
            self.query(each, f"{at}/queries/{number}", depth + 1)
            for number, each in enumerate(_list(members, "queries", at))
        ]
        return COMBINED[conjunction](parts)

    def _simple(self, node: Any, at: str, depth: int) -> CompiledPart:
        members = _members(node, at, "type", optional=("are", "did"))
        parts = []
        if members.get("are") is not None:
            are = _members(members["are"], f"{at}/are", "condition")
            parts.append(condition(are["condition"], f"{at}/are/condition", depth + 1))
        if members.get("did") is not None:
            parts.append(self._did(members["did"], f"{at}/did", depth + 1))
        return _all_of(parts)

    def _did(self, node: Any, at: str, depth: int) -> CompiledPart:
        members = _members(node, at, "event", optional=("condition", "timeframe"))
        name = _text(_members(members["event"], f"{at}/event"), "name", f"{at}/event")
        conditions = [
            condition(members[each], f"{at}/{each}", depth, is_event=True).holds
            for each in ("condition", "timeframe")
            if members.get(each) is not None
        ]
        events_of = self._events_of
        self.needs_events = True
        return CompiledPart(
            lambda customer: any(
                event["type"] == name and all(holds(event) for holds in conditions)
                for event in events_of(customer["id"], name)
            )
        )


def condition(node: Any, at: str, depth: int, *, is_event: bool = False) -> CompiledPart:
    """Compile an atomic or a composite condition, of a customer or of an event."""
    if _choice(node, "type", ("atomic", "composite"), at, depth) == "atomic":
        return _atomic(node, at, is_event=is_event)
    members = _members(node, at, "type", "conjunction", "conditions")
    conjunction = _choice(members, "conjunction", ("and", "or"), at)
    parts = [
        condition(each, f"{at}/conditions/{number}", depth + 1, is_event=is_event)
        for number, each in enumerate(_list(members, "conditions", at))
    ]
    return (_all_of if conjunction == "and" else _any_of)(parts)


def _atomic(node: Any, at: str, *, is_event: bool) -> CompiledPart:
    members = _members(node, at, "type", "attribute", "operator", optional=("value",))
    attribute = _text(members, "attribute", at)
    operator = _choice(members, "operator", OPERATORS, at)
    if is_event and attribute.split(".")[0] not in EVENT_FIELDS:
        attribute = f"properties.{attribute}"
    get = getter(attribute)
    asserted = NEGATED.get(operator, operator)
    if asserted == "IS_NULL":
        if operator == asserted:
            return CompiledPart(lambda record: is_missing(get(record)))
        return CompiledPart(lambda record: not is_missing(get(record)))
    operands = _operands(members, asserted, attribute, at)
    test = _test(asserted, operands, members.get("value"))
    if operator != asserted:
        return CompiledPart(_none_passes(get, test))
    return CompiledPart(_some_passes(get, test), _anchors(asserted, attribute, operands))


def _operands(members: Json, operator: str, attribute: str, at: str) -> list[Operand]:
    place = f"{at}/value"
    value: Any = members.get("value")
    if "value" not in members:
        _refuse(place, "required", f"is required by {operator}")
    if operator == "IN" and not isinstance(value, list):
        value = [value]
    if operator == "BETWEEN" and not (isinstance(value, list) and len(value) == 2):
        _refuse(place, "type", "is not a list of two values", value)
    if operator == "LIKE" and not isinstance(value, str):
        _refuse(place, "type", "is not text", value)
    values = value if operator in ("IN", "BETWEEN") else [value]
    for each in values:
        if not isinstance(each, str | int | float):
            _refuse(place, "type", "is not text, a number or a boolean", each)
    is_time = _may_be_time(attribute)
    is_text = not is_time and attribute.startswith(TEXT_ROOTS) and not attribute.startswith(NOT_TEXTS)
    return [read_operand(each, is_text=is_text, is_time=is_time) for each in values]


def _may_be_time(attribute: str) -> bool:
    return attribute in TIMES or attribute.startswith(("extended.", "properties.", "contextInfo."))


def _test(operator: str, operands: list[Operand], value: Any) -> Test:
    match operator:
        case "EQUALS":
            return equality(operands[0])
        case "IN":
            return membership(operands)
        case "BETWEEN":
            return between(*operands)
        case "LIKE":
            return likeness(value)
        case _:
            return ordering(operator, operands[0])


def _some_passes(get: Get, test: Test) -> Predicate:
    def holds(record: Json) -> bool:
        found = get(record)
        return any(map(test, found)) if type(found) is list else test(found)

    return holds


def _none_passes(get: Get, test: Test) -> Predicate:
    passes = _some_passes(get, test)
    return lambda record: not passes(record)


def _anchors(operator: str, attribute: str, operands: list[Operand]) -> Anchors | None:
    if operator not in ("EQUALS", "IN") or not all(operand.is_plain for operand in operands):
        return None
    return tuple((attribute, operand.text) for operand in operands if operand.text is not None)


def _all_of(parts: list[CompiledPart]) -> CompiledPart:
    holds = [part.holds for part in parts]
    anchored = [part.anchors for part in parts if part.anchors is not None]
    anchors = min(anchored, key=_cost, default=None)
    if len(holds) == 1:
        return CompiledPart(holds[0], anchors)
    if len(holds) == 2:
        first, second = holds
        return CompiledPart(lambda record: first(record) and second(record), anchors)
    return CompiledPart(lambda record: all(each(record) for each in holds), anchors)


def _any_of(parts: list[CompiledPart]) -> CompiledPart:
    holds = [part.holds for part in parts]
    anchored = [part.anchors for part in parts if part.anchors is not None]
    anchors = tuple(chain.from_iterable(anchored)) if len(anchored) == len(parts) else None
    if len(holds) == 2:
        first, second = holds
        return CompiledPart(lambda record: first(record) or second(record), anchors)
    return CompiledPart(lambda record: any(each(record) for each in holds), anchors)


def _all_but(parts: list[CompiledPart]) -> CompiledPart:
    """Return the part for customers that match the first part and none of the others."""
    if not parts:
        return _any_of([])
    others = _any_of(parts[1:]).holds
    first = parts[0].holds
    return CompiledPart(lambda record: first(record) and not others(record), parts[0].anchors)


COMBINED: dict[str, Callable[[list[CompiledPart]], CompiledPart]] = {
    "INTERSECT": _all_of,
    "UNION": _any_of,
    "EXCEPT": _all_but,
}


def _cost(anchors: Anchors) -> tuple[bool, int]:
    return not all(attribute in INDEXED for attribute, _ in anchors), len(anchors)


def _members(node: Any, at: str, *required: str, optional: tuple[str, ...] = ()) -> Json:
    if not isinstance(node, dict):
        _refuse(at, "type", "is not an object", node)
    for name in required:
        if name not in node:
            _refuse(f"{at}/{name}", "required", "is required")
    for name in node:
        if name not in (*required, *optional, "name"):
            _refuse(f"{at}/{name}", "additionalProperties", "is unknown", node[name])
    return node


def _choice(node: Any, name: str, known: tuple[str, ...], at: str, depth: int = 0) -> str:
    if depth > MAX_DEPTH:
        _refuse(at, "maxItems", f"lies more than {MAX_DEPTH} parts deep")
    value = node.get(name) if isinstance(node, dict) else None
    found = next((each for each in known if value == each), None)
    if found is None:
        _refuse(f"{at}/{name}", "enum", f"is none of {', '.join(known)}", value)
    return found


def _text(node: Json, name: str, at: str) -> str:
    value = node.get(name)
    if not isinstance(value, str):
        _refuse(f"{at}/{name}", "type", "is not text", value)
    return value


def _list(node: Json, name: str, at: str) -> list[Any]:
    value = node.get(name)
    if not isinstance(value, list):
        _refuse(f"{at}/{name}", "type", "is not a list", value)
    return value


def _refuse(at: str, rule: str, problem: str, value: Any = None) -> NoReturn:
    message = f"query is not valid: {at or 'the text'} {problem}"
    raise Refused(400, message, violations=[Violation("query", "query", rule, message, value)])
