"""Query language: each operator, each kind of part, and refused queries."""

import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from understudy.core.refused import Refused
from understudy.vendors.contacthub.queries.query_compiler import compile_query

CUSTOMER: dict[str, Any] = {
    "id": "c-1",
    "externalId": "customer-5000",
    "version": 3,
    "enabled": True,
    "updatedAt": "2026-01-31T11:31:31.842+0000",
    "base": {
        "firstName": "Example",
        "lastName": None,
        "dob": "1990-02-28",
        "contacts": {"email": "customer-5000@example.com"},
        "address": {"street": None, "geo": {"lat": 45.46, "lon": 9.19}},
        "socialProfile": None,
        "likes": [],
        "subscriptions": [
            {"id": "news", "subscribed": True, "startDate": "2025-11-03T09:15:00.000+0000"},
            {"id": "offers", "subscribed": False, "startDate": None},
        ],
    },
    "extended": {"level": "gold", "points": 120, "since": "2024-05-06T10:00:00+02:00", "a": {"b": {"c": "deep"}}},
    "tags": {"auto": [], "manual": ["vip", "early"]},
}
EVENTS = [
    {"type": "viewedPage", "context": "WEB", "date": "2026-01-30T08:00:00.000+0000", "properties": {"title": "Home"}},
    {"type": "searched", "context": "WEB", "date": "2026-01-28T08:00:00.000+0000", "properties": {"resultCount": 4}},
]
NO_VALUE = object()


def atom(attribute: str, operator: str, value: Any = NO_VALUE) -> dict[str, Any]:
    found = {"type": "atomic", "attribute": attribute, "operator": operator}
    return found if value is NO_VALUE else {**found, "value": value}


def simple(condition: dict[str, Any]) -> dict[str, Any]:
    return {"type": "simple", "are": {"condition": condition}}


def text(query: Any) -> str:
    return orjson.dumps({"name": "a query", "query": query}).decode()


def holds(attribute: str, operator: str, value: Any = NO_VALUE) -> bool:
    return compile_query(text(simple(atom(attribute, operator, value)))).matches(CUSTOMER)


def did(**parts: Any) -> bool:
    def events_of(customer_id: str, event_type: str) -> Iterator[dict[str, Any]]:
        assert customer_id == CUSTOMER["id"]
        return (event for event in EVENTS if event["type"] == event_type)

    query = compile_query(text({"type": "simple", "did": parts}), events_of)
    assert query.needs_events
    return query.matches(CUSTOMER)


def refusal(query: str) -> Refused:
    with pytest.raises(Refused) as caught:
        compile_query(query)
    assert caught.value.status == 400
    (violation,) = caught.value.violations
    assert (violation.where, violation.path) == ("query", "query")
    return caught.value


@pytest.mark.parametrize(
    ("attribute", "operator", "value", "expected"),
    [
        ("base.firstName", "EQUALS", "Example", True),
        ("base.firstName", "EQUALS", "example", False),
        ("base.firstName", "NOT_EQUALS", "Example", False),
        ("base.lastName", "NOT_EQUALS", "Customer", True),
        ("base.firstName", "IN", ["Other", "Example"], True),
        ("base.firstName", "IN", [], False),
        ("base.firstName", "IN", "Example", True),
        ("base.firstName", "NOT_IN", ["Other", "Example"], False),
        ("base.lastName", "NOT_IN", ["Customer"], True),
        ("base.firstName", "GT", "Ex", True),
        ("base.firstName", "LTE", "Example", True),
        ("base.firstName", "LT", "Example", False),
        ("base.lastName", "GTE", "", False),
        ("base.firstName", "BETWEEN", ["A", "F"], True),
        ("base.firstName", "LIKE", "Ex%", True),
        ("base.firstName", "LIKE", "%amp%", True),
        ("base.firstName", "LIKE", "E_ample", True),
        ("base.firstName", "LIKE", "xampl", False),
        ("base.firstName", "LIKE", "%ple%ple", False),
        ("base.firstName", "LIKE", "E.*", False),
        ("version", "EQUALS", 3, True),
        ("version", "EQUALS", "3", True),
        ("version", "EQUALS", True, False),
        ("version", "BETWEEN", [3, 4.5], True),
        ("version", "GT", 3, False),
        ("version", "IN", [1, 3], True),
        ("version", "LIKE", "3", False),
        ("base.address.geo.lat", "GTE", 45.4, True),
        ("enabled", "EQUALS", True, True),
        ("enabled", "EQUALS", "true", True),
        ("enabled", "EQUALS", 1, False),
        ("enabled", "GT", False, False),
        ("extended.points", "LT", 121, True),
        ("extended.level", "EQUALS", "gold", True),
        ("extended.a.b.c", "EQUALS", "deep", True),
        ("base", "EQUALS", "Example", False),
        ("no.such.attribute", "EQUALS", "x", False),
        ("", "EQUALS", "x", False),
    ],
)
def test_an_operator_compares_by_kind(attribute: str, operator: str, value: Any, expected: bool) -> None:  # noqa: FBT001
    assert holds(attribute, operator, value) is expected


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("base.lastName", True),
        ("base.firstName", False),
        ("base.socialProfile.facebook", True),
        ("base.likes", True),
        ("tags.auto", True),
        ("tags.manual", False),
        ("base.address", False),
        ("no.such", True),
    ],
)
def test_null_is_a_value_that_is_empty_at_every_depth(attribute: str, expected: bool) -> None:  # noqa: FBT001
    assert holds(attribute, "IS_NULL") is expected
    assert holds(attribute, "IS_NOT_NULL", "") is not expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("EQUALS", "2026-01-31T11:31:31.842Z", True),
        ("EQUALS", "2026-01-31T12:31:31.842+01:00", True),
        ("EQUALS", "2026-01-31T11:31:31.842+0000", True),
        ("EQUALS", 1769859091842, True),
        ("EQUALS", "2026-01-31", True),
        ("NOT_EQUALS", "2026-01-31", False),
        ("EQUALS", "2026-01-30", False),
        ("GT", 1769859091841, True),
        ("GT", 1769859091842, False),
        ("GTE", "2026-01-31T11:31:31.842+0000", True),
        ("LT", "2026-01-31", False),
        ("LTE", "2026-01-31", True),
        ("GT", "2026-01-31", False),
        ("BETWEEN", ["2026-01-01", "2026-01-31"], True),
        ("BETWEEN", ["2026-01-01T00:00:00Z", 1769859091841], False),
        ("IN", ["2025-01-01", "2026-01-31"], True),
        ("GT", 1e300, False),
        ("LT", "9999-12-31T23:59:59-10:00", True),
    ],
)
def test_a_time_is_compared_as_a_time(operator: str, value: Any, expected: bool) -> None:  # noqa: FBT001
    assert holds("updatedAt", operator, value) is expected


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("EQUALS", "1990-02-28"),
        ("EQUALS", 636163200000),
        ("EQUALS", "1990-02-28T00:00:00Z"),
        ("LT", "1990-02-28T00:00:00.001+0000"),
        ("GT", "1990-02-27"),
        ("GTE", "1990-02-28"),
        ("BETWEEN", ["1990-01-01", "1990-12-31"]),
    ],
)
def test_a_day_is_compared_as_its_midnight(operator: str, value: Any) -> None:
    assert holds("base.dob", operator, value)


def test_a_time_of_an_extended_property_is_compared_whatever_its_offset() -> None:
    assert holds("extended.since", "EQUALS", "2024-05-06T08:00:00Z")
    assert holds("extended.since", "LT", "2024-05-06T09:00:00Z")


def test_a_text_that_looks_like_a_time_is_text_where_no_time_can_be() -> None:
    assert not compile_query(text(simple(atom("externalId", "EQUALS", "2026-01-31")))).matches(
        CUSTOMER | {"externalId": "2026-01-31T11:31:31.842+0000"}
    )


@pytest.mark.parametrize(
    ("attribute", "operator", "value", "expected"),
    [
        ("tags.manual", "EQUALS", "vip", True),
        ("tags.manual", "NOT_EQUALS", "vip", False),
        ("tags.manual", "LIKE", "ear%", True),
        ("base.subscriptions.id", "IN", ["offers"], True),
        ("base.subscriptions.subscribed", "EQUALS", False, True),
        ("base.subscriptions.startDate", "LT", "2026-01-01", True),
        ("base.subscriptions.endDate", "IS_NULL", NO_VALUE, True),
        ("base.subscriptions.startDate", "IS_NULL", NO_VALUE, False),
        ("base.subscriptions", "EQUALS", "news", False),
    ],
)
def test_a_list_passes_if_an_element_does(attribute: str, operator: str, value: Any, expected: bool) -> None:  # noqa: FBT001
    assert holds(attribute, operator, value) is expected


YES, NO = atom("version", "EQUALS", 3), atom("version", "EQUALS", 4)


@pytest.mark.parametrize(
    ("conjunction", "conditions", "expected"),
    [
        ("and", [YES, YES], True),
        ("and", [YES, YES, NO], False),
        ("and", [], True),
        ("or", [NO, YES], True),
        ("or", [NO, NO], False),
        ("or", [], False),
    ],
)
def test_conditions_are_composed(conjunction: str, conditions: list[Any], expected: bool) -> None:  # noqa: FBT001
    condition = {"type": "composite", "conjunction": conjunction, "conditions": conditions}
    nested = {"type": "composite", "conjunction": "and", "conditions": [condition]}
    assert compile_query(text(simple(nested))).matches(CUSTOMER) is expected


@pytest.mark.parametrize(
    ("conjunction", "parts", "expected"),
    [
        ("INTERSECT", [YES, YES], True),
        ("INTERSECT", [YES, NO], False),
        ("UNION", [NO, YES], True),
        ("UNION", [NO], False),
        ("EXCEPT", [YES, NO], True),
        ("EXCEPT", [YES, NO, YES], False),
        ("EXCEPT", [NO, NO], False),
        ("EXCEPT", [YES], True),
        ("EXCEPT", [], False),
    ],
)
def test_queries_are_combined(conjunction: str, parts: list[Any], expected: bool) -> None:  # noqa: FBT001
    combined = {"type": "combined", "conjunction": conjunction, "queries": [simple(part) for part in parts]}
    nested = {"type": "combined", "conjunction": "UNION", "queries": [combined]}
    assert compile_query(text(nested)).matches(CUSTOMER) is expected


def test_a_simple_query_without_parts_matches_every_customer() -> None:
    assert compile_query(text({"type": "simple", "are": None, "did": None})).matches(CUSTOMER)


def test_names_may_be_anywhere_or_nowhere() -> None:
    part = {**simple({**YES, "name": "third"}), "name": "second"}
    assert compile_query(orjson.dumps({"query": part}).decode()).matches(CUSTOMER)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"event": {"name": "viewedPage"}}, True),
        ({"event": {"name": "loggedIn"}}, False),
        ({"event": {"name": "viewedPage"}, "condition": atom("title", "EQUALS", "Home")}, True),
        ({"event": {"name": "viewedPage"}, "condition": atom("properties.title", "EQUALS", "Home")}, True),
        ({"event": {"name": "viewedPage"}, "condition": atom("title", "EQUALS", "Away")}, False),
        ({"event": {"name": "viewedPage"}, "condition": atom("context", "EQUALS", "WEB")}, True),
        ({"event": {"name": "searched"}, "condition": atom("resultCount", "GT", 3)}, True),
        ({"event": {"name": "searched"}, "timeframe": atom("date", "BETWEEN", ["2026-01-27", "2026-01-28"])}, True),
        ({"event": {"name": "searched"}, "timeframe": atom("date", "GTE", "2026-01-29")}, False),
    ],
)
def test_did_matches_an_event_in_a_timeframe(parts: Any, expected: bool) -> None:  # noqa: FBT001
    assert did(**parts) is expected


def test_one_event_has_to_pass_both_condition_and_timeframe() -> None:
    condition, timeframe = atom("title", "EQUALS", "Home"), atom("date", "LT", "2026-01-29")
    assert not did(event={"name": "viewedPage"}, condition=condition, timeframe=timeframe)


def test_are_and_did_have_to_hold_both() -> None:
    query = {**simple(NO), "did": {"event": {"name": "viewedPage"}}}
    assert not compile_query(text(query), lambda _customer, _type: iter(EVENTS)).matches(CUSTOMER)


COMPOSITE = {"type": "composite", "conjunction": "and"}
EMAIL = atom("base.contacts.email", "EQUALS", "a@example.com")
FIRST = atom("base.firstName", "EQUALS", "Ann")


@pytest.mark.parametrize(
    ("condition", "indexed"),
    [
        (EMAIL, (("base.contacts.email", "a@example.com"),)),
        (atom("id", "IN", ["1", "2"]), (("id", "1"), ("id", "2"))),
        ({**COMPOSITE, "conditions": [FIRST, EMAIL]}, (("base.contacts.email", "a@example.com"),)),
        ({"type": "composite", "conjunction": "or", "conditions": [FIRST, EMAIL]}, None),
        (FIRST, None),
        (atom("externalId", "NOT_EQUALS", "x"), None),
        (atom("externalId", "LIKE", "x"), None),
    ],
)
def test_an_index_serves_a_query_for_equality(condition: Any, indexed: Any) -> None:
    assert compile_query(text(simple(condition))).indexed == indexed


@pytest.mark.parametrize(
    ("condition", "texts"),
    [
        (FIRST, ("Ann",)),
        ({"type": "composite", "conjunction": "or", "conditions": [FIRST, EMAIL]}, ("Ann", "a@example.com")),
        (atom("extended.points", "EQUALS", "12"), ()),
        (atom("base.firstName", "IN", list("abcdefghi")), ()),
        (atom("updatedAt", "EQUALS", "2026-01-31"), ()),
    ],
)
def test_texts_that_each_match_has_are_known(condition: Any, texts: Any) -> None:
    assert compile_query(text(simple(condition))).texts == texts


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("{", "the text is not valid JSON"),
        ("NaN", "the text is not valid JSON"),
        ("[]", "the text is not an object"),
        ("{}", "/query is required"),
        ('{"query": 1}', "/query/type is none of simple, combined"),
        ('{"query": {"type": "simple"}, "more": 1}', "/more is unknown"),
        (text({"type": "simple", "is": {}}), "/query/is is unknown"),
        (text({"type": "simple", "are": {}}), "/query/are/condition is required"),
        (text({"type": "combined", "conjunction": "XOR", "queries": []}), "/query/conjunction is none of"),
        (text({"type": "combined", "conjunction": "UNION", "queries": {}}), "/query/queries is not a list"),
        (text({"type": "combined", "conjunction": "UNION", "queries": [0]}), "/query/queries/0/type is none of"),
        (text({"type": "simple", "did": {"event": {}}}), "/query/did/event/name is not text"),
        (text({"type": "simple", "did": {}}), "/query/did/event is required"),
        (text(simple({**COMPOSITE, "conjunction": "OR", "conditions": []})), "/conjunction is none of and, or"),
        (text(simple({**COMPOSITE, "conditions": [[]]})), "/query/are/condition/conditions/0/type is none of"),
        (text(simple(atom("version", "IS", 3))), "/operator is none of EQUALS"),
        (text(simple(atom("version", "EQUALS"))), "/value is required by EQUALS"),
        (text(simple(atom("version", "EQUALS", None))), "/value is not text, a number or a boolean"),
        (text(simple(atom("version", "GT", [3]))), "/value is not text, a number or a boolean"),
        (text(simple(atom("version", "BETWEEN", [3]))), "/value is not a list of two values"),
        (text(simple(atom("version", "BETWEEN", "34"))), "/value is not a list of two values"),
        (text(simple(atom("version", "IN", [{}]))), "/value is not text, a number or a boolean"),
        (text(simple(atom("version", "LIKE", 3))), "/value is not text"),
        (text(simple({**YES, "attribute": 1})), "/attribute is not text"),
        (text(simple({**YES, "extra": 1})), "/extra is unknown"),
    ],
)
def test_a_query_that_breaks_the_grammar_is_refused_with_its_place(query: str, problem: str) -> None:
    assert problem in refusal(query).message


def test_a_query_too_deep_to_follow_is_refused() -> None:
    condition = YES
    for _ in range(100):
        condition = {**COMPOSITE, "conditions": [condition]}
    assert "parts deep" in refusal(text(simple(condition))).message


def test_no_pattern_of_like_takes_long() -> None:
    query = compile_query(text(simple(atom("base.firstName", "LIKE", "%a" * 100 + "b"))))
    started = time.process_time()
    assert not query.matches({"base": {"firstName": "a" * 1000}})
    assert time.process_time() - started < 1
