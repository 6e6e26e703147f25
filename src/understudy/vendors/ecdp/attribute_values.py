"""Checks of attribute values, by the type of the attribute: of customers, orders and products."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from understudy.core.json_types import Json
from understudy.state.collection import Collection

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})?")
URL = re.compile(r"https?://\S+")


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    return DATE.fullmatch(text) is not None and _parses(date.fromisoformat, text)


def _is_date_time(text: str) -> bool:
    return DATE_TIME.fullmatch(text) is not None and _parses(datetime.fromisoformat, text.upper())


def _is_boolean(text: str) -> bool:
    return text.lower() in {"true", "false"}


def _is_url(text: str) -> bool:
    return URL.fullmatch(text) is not None


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


CHECKS: dict[str, Callable[[str], bool]] = {
    "Number": _is_number,
    "Money": _is_number,
    "Date": _is_date,
    "DateTime": _is_date_time,
    "Boolean": _is_boolean,
    "Url": _is_url,
}
"""Check of each type's texts; a type not listed allows any text."""


def is_fitting(attribute: Json, text: str) -> bool:
    """Return whether a text is a valid value of an attribute."""
    if attribute["type"] == "SingleSelect":
        return text in attribute["options"]
    check = CHECKS.get(attribute["type"])
    return check is None or check(text)


def attribute_errors(attributes: Collection, noun: str, given: Iterable[Json] | None) -> list[str]:
    """Return all reasons to refuse values of a business unit's attributes; a value that is null has no type."""
    reasons = []
    for each in given or ():
        name, value = each["name"], each.get("value")
        attribute = attributes.get(name)
        if attribute is None:
            reasons.append(f"there is no {noun} attribute {name!r}")
        elif value is not None and not is_fitting(attribute, value):
            reasons.append(f"the value of {name!r} is no {attribute['type']}")
    return reasons
