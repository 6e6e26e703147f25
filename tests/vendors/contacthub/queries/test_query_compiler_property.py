"""Random queries, compared with a plain interpreter of the language."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.vendors.contacthub.queries.query_compiler import Query, compile_query

WORDS = ["a", "ab", "b", "7", "true", "é", 'q"', "2026-01-31"]
TIMES = [
    "2026-01-31T00:00:00.000+0000",
    "2026-01-31T23:59:59.999+0000",
    "2026-02-01T00:00:00.000+0000",
    "2025-06-01T12:00:00.500+0000",
]
ASKED_TIMES: list[Any] = ["2026-01-31", "2026-01-31T01:00:00+01:00", "2026-02-01T00:00:00Z", 1769817600000]
TEXT_FIELDS = ["externalId", "base.firstName", "base.subscriptions.name", "tags.manual"]
FREE_FIELDS = ["version", "enabled", "extended.any"]
FREE_VALUES: list[Any] = ["a", "7", "true", 7, 0.5, True, False, "2026-01-31", 1769817600000]
TIME_FIELDS = ["updatedAt", "base.dob"]
MIXED_FIELDS = ["extended.any"]
"""Fields of any type: a day there is compared as a time with a day, or with a number of milliseconds since 1970."""

words = st.sampled_from(WORDS)
scalars = st.one_of(words, st.integers(-1, 8), st.booleans(), st.sampled_from([0.5, 7.0]))
customers = st.fixed_dictionaries(
    {
        "id": words,
        "externalId": st.none() | words,
        "version": st.integers(-1, 8),
        "enabled": st.booleans(),
        "updatedAt": st.sampled_from(TIMES),
        "base": st.fixed_dictionaries(
            {
                "firstName": st.none() | words,
                "dob": st.none() | st.sampled_from(["2026-01-31", "2026-02-01", "1990-02-28"]),
                "subscriptions": st.lists(st.fixed_dictionaries({"name": st.none() | words}), max_size=2),
            }
        ),
        "extended": st.fixed_dictionaries({"any": st.none() | scalars | st.lists(words, max_size=2)}),
        "tags": st.none() | st.fixed_dictionaries({"manual": st.lists(words, max_size=2)}),
    }
)


def atoms(fields: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def build(attribute: str, operator_and_value: tuple[str, Any]) -> dict[str, Any]:
        operator, value = operator_and_value
        return {"type": "atomic", "attribute": attribute, "operator": operator, "value": value}

    single = st.tuples(st.sampled_from(["EQUALS", "NOT_EQUALS", "GT", "GTE", "LT", "LTE"]), values)
    several = st.tuples(st.sampled_from(["IN", "NOT_IN"]), st.lists(values, max_size=3))
    pair = st.tuples(st.just("BETWEEN"), st.lists(values, min_size=2, max_size=2))
    none = st.tuples(st.sampled_from(["IS_NULL", "IS_NOT_NULL"]), st.just(""))
    return st.builds(build, st.sampled_from(fields), st.one_of(single, several, pair, none))


conditions = st.recursive(
    st.one_of(
        atoms(TEXT_FIELDS, words),
        atoms(FREE_FIELDS, st.sampled_from(FREE_VALUES)),
        atoms(TIME_FIELDS, st.sampled_from(ASKED_TIMES)),
    ),
    lambda inner: st.fixed_dictionaries(
        {
            "type": st.just("composite"),
            "conjunction": st.sampled_from(["and", "or"]),
            "conditions": st.lists(inner, max_size=3),
        }
    ),
    max_leaves=5,
)  # fmt: skip
queries = st.recursive(
    conditions.map(lambda condition: {"type": "simple", "are": {"condition": condition}}),
    lambda inner: st.fixed_dictionaries(
        {
            "type": st.just("combined"),
            "conjunction": st.sampled_from(["INTERSECT", "UNION", "EXCEPT"]),
            "queries": st.lists(inner, max_size=3),
        }
    ),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(query=queries, population=st.lists(customers, min_size=1, max_size=8))
def test_a_query_finds_what_its_plain_reading_finds(query: Any, population: list[dict[str, Any]]) -> None:
    compiled = compile_query(orjson.dumps({"query": query}).decode())
    found = [customer for customer in population if compiled.matches(customer)]
    assert found == [customer for customer in population if is_in(query, customer)]
    assert all(is_announced(compiled, customer) for customer in found)


@pytest.mark.parametrize(
    ("operator", "asked", "is_found"),
    [
        ("GT", 7, True),
        ("LT", 7, False),
        ("GT", "7", False),
        ("EQUALS", 1769817600000, True),
        ("GT", 1769817600000, False),
        ("GTE", 1769817600000, True),
        ("LT", 1769817600001, True),
    ],
)
def test_a_number_is_milliseconds_beside_a_day_in_a_field_of_any_type(operator: str, asked: Any, is_found: Any) -> None:
    condition = {"type": "atomic", "attribute": "extended.any", "operator": operator, "value": asked}
    query = {"type": "simple", "are": {"condition": condition}}
    customer = {"id": "a", "extended": {"any": "2026-01-31"}}
    assert is_in(query, customer) == is_found
    assert compile_query(orjson.dumps({"query": query}).decode()).matches(customer) == is_found


def is_announced(query: Query, customer: dict[str, Any]) -> bool:
    """Return whether a matching customer has the texts that the query requires of every match."""
    row = orjson.dumps(customer)
    if query.texts and not any(orjson.dumps(text) in row for text in query.texts):
        return False
    return query.indexed is None or any(customer.get(attribute) == text for attribute, text in query.indexed)


def is_in(query: Any, customer: dict[str, Any]) -> bool:
    if query["type"] == "simple":
        return is_true(query["are"]["condition"], customer)
    parts = [is_in(each, customer) for each in query["queries"]]
    if query["conjunction"] == "EXCEPT":
        return any(parts[:1]) and not any(parts[1:])
    return all(parts) if query["conjunction"] == "INTERSECT" else any(parts)


def is_true(condition: Any, customer: dict[str, Any]) -> bool:
    if condition["type"] == "composite":
        parts = [is_true(each, customer) for each in condition["conditions"]]
        return all(parts) if condition["conjunction"] == "and" else any(parts)
    attribute, operator, value = condition["attribute"], condition["operator"], condition["value"]
    values = leaves(customer, attribute.split("."))
    if operator in ("IS_NULL", "IS_NOT_NULL"):
        return bool((not values) == (operator == "IS_NULL"))
    if operator in ("NOT_EQUALS", "NOT_IN"):
        return not is_true({**condition, "operator": operator.removeprefix("NOT_")}, customer)
    if operator == "IN":
        return any(passes(attribute, "EQUALS", each, one) for each in values for one in value)
    if operator == "BETWEEN":
        low, high = value
        return any(passes(attribute, "GTE", each, low) and passes(attribute, "LTE", each, high) for each in values)
    return any(passes(attribute, operator, each, value) for each in values)


def leaves(found: Any, path: list[str]) -> list[Any]:
    if isinstance(found, list):
        return [leaf for each in found for leaf in leaves(each, path)]
    if path:
        return leaves(found.get(path[0]), path[1:]) if isinstance(found, dict) else []
    return [] if found is None else [found]


def passes(attribute: str, operator: str, value: Any, asked: Any) -> bool:
    if attribute in TIME_FIELDS or (attribute in MIXED_FIELDS and is_time_pair(value, asked)):
        at = instant(value)
        first = last = instant(asked)
        if asked == "2026-01-31":
            last = first + timedelta(days=1, milliseconds=-1)
        edges = {
            "EQUALS": first <= at <= last,
            "GT": at > last,
            "GTE": at >= first,
            "LT": at < first,
            "LTE": at <= last,
        }
        return bool(edges[operator])
    if isinstance(value, bool):
        return operator == "EQUALS" and asked in (value, str(value).lower()) and not is_number(asked)
    if is_number(value):
        asked = 7 if asked == "7" else asked
        return is_number(asked) and compare(operator, value, asked)
    return isinstance(asked, str) and compare(operator, value, asked)


def is_time_pair(value: Any, asked: Any) -> bool:
    return value == "2026-01-31" and (asked == "2026-01-31" or is_number(asked))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def compare(operator: str, value: Any, asked: Any) -> bool:
    edges = {
        "EQUALS": value == asked,
        "GT": value > asked,
        "GTE": value >= asked,
        "LT": value < asked,
        "LTE": value <= asked,
    }
    return bool(edges[operator])


def instant(value: Any) -> datetime:
    if isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC)
    if isinstance(value, float):
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=value)
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
