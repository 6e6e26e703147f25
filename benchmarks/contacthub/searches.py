"""Queries that are measured, each with an equal predicate in Python."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from understudy.core.json_types import Json

Predicate = Callable[[Json], bool]


@dataclass(frozen=True, slots=True)
class Search:
    """Query in words and in Contacthub's language, with an equal predicate in Python."""

    what: str
    query: str
    holds: Predicate


def equals(attribute: str, value: str) -> str:
    """Return the query for the customers with a value in an attribute."""
    return _query(_atomic(attribute, "EQUALS", value))


def _query(condition: Json) -> str:
    simple = {"type": "simple", "are": {"condition": condition}}
    return json.dumps({"name": "measured", "query": {"name": "measured", **simple}})


def _atomic(attribute: str, operator: str, value: Any) -> Json:
    return {"type": "atomic", "attribute": attribute, "operator": operator, "value": value}


def _composite(conjunction: str, *conditions: Json) -> Json:
    return {"type": "composite", "conjunction": conjunction, "conditions": list(conditions)}


def _is_frequent(customer: Json) -> bool:
    return bool(customer["extended"]["visits"] > 20)


def _is_young_italian(customer: Json) -> bool:
    base = customer["base"]
    return base["address"]["country"] in ("IT", "FR") and base["dob"] > "1990-01-01"


def _is_named_with_an(customer: Json) -> bool:
    return "an" in customer["base"]["lastName"] or customer["base"]["gender"] != "F"


def _reads_newsletter(customer: Json) -> bool:
    return any(each["id"] == "newsletter" and each["subscribed"] for each in customer["base"]["subscriptions"])


SEARCHES = (
    Search("a number is greater", _query(_atomic("extended.visits", "GT", 20)), _is_frequent),
    Search(
        "one of two countries, and born after a day",
        _query(
            _composite(
                "and",
                _atomic("base.address.country", "IN", ["IT", "FR"]),
                _atomic("base.dob", "GT", "1990-01-01"),
            )
        ),
        _is_young_italian,
    ),
    Search(
        "a name like a pattern, or a text that differs",
        _query(
            _composite(
                "or",
                _atomic("base.lastName", "LIKE", "%an%"),
                _atomic("base.gender", "NOT_EQUALS", "F"),
            )
        ),
        _is_named_with_an,
    ),
    Search(
        "an element of a list",
        _query(
            _composite(
                "and",
                _atomic("base.subscriptions.id", "EQUALS", "newsletter"),
                _atomic("base.subscriptions.subscribed", "EQUALS", "true"),
            )
        ),
        _reads_newsletter,
    ),
    Search(
        "a text that nobody has",
        equals("base.address.city", "Nowhere"),
        lambda customer: bool(customer["base"]["address"]["city"] == "Nowhere"),
    ),
)
