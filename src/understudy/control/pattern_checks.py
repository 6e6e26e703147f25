"""Checks of call patterns and expectations: names that no call can have, and bounds that no number can fit."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from understudy.control.call_patterns import Pattern
from understudy.control.known_members import (
    UnknownMember,
    unknown_in_query,
    unknown_in_request,
    unknown_in_response,
)
from understudy.control.times import read_seconds
from understudy.core.json_pointer import join
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused, Violation
from understudy.vendors.served_vendor import ServedVendor

ASKED = frozenset(("contract",))
"""Outcomes of calls that may have asked for anything: the document refused them."""

ANSWERED = frozenset(("fault", "breach"))
"""Outcomes of calls whose responses no document declares."""

CHECKED: Mapping[str, tuple[Callable[..., UnknownMember | None], frozenset[str]]] = {
    "query": (unknown_in_query, ASKED),
    "request": (unknown_in_request, ASKED),
    "response": (unknown_in_response, ANSWERED),
}
"""Properties of a pattern whose names the document knows, unless the pattern is of one of these outcomes."""

FAULTS_HINT = " (of an answer that a fault gives, name the outcome: fault)"

UNROUTED = ""
"""Operation of a call that no operation takes."""


def check_query(vendors: Mapping[str, ServedVendor], query: Pattern) -> None:
    """Raise ``Refused`` if a pattern in query parameters names what is not served, or a time window without time."""
    found = _mistake(vendors, query)
    if found:
        path, message, hint = found
        raise _refusal("query", path[0], message, hint)


def check_expectations(vendors: Mapping[str, ServedVendor], expectations: Sequence[Mapping[str, Any]]) -> None:
    """Raise ``Refused`` for the first expectation with such a pattern, or with counts that contradict each other."""
    for number, expectation in enumerate(expectations):
        place = ["expect", str(number)]
        found = _mistake(vendors, expectation["calls"])
        if found:
            path, message, hint = found
            raise _refusal("body", join([*place, "calls", *path]), message, hint)
        if wrong := _contradiction(expectation):
            raise _refusal("body", join(place), wrong, "")


def _mistake(vendors: Mapping[str, ServedVendor], pattern: Pattern) -> tuple[tuple[str, ...], str, str] | None:
    """Return the path of the property that is wrong, the reason, and the nearest right name."""
    vendor, operation = pattern.get("vendor"), pattern.get("operation")
    if vendor is not None and vendor not in vendors:
        served = f" (there are {', '.join(vendors)})"
        return ("vendor",), f"no vendor {vendor!r} is served", nearest(vendor, vendors) or served
    if operation not in (None, UNROUTED) and (wrong := _unknown_operation(vendors, vendor, str(operation))):
        return ("operation",), *wrong
    since, until = pattern.get("since"), pattern.get("until")
    if since is not None and until is not None and read_seconds(since) >= read_seconds(until):
        return ("until",), f"no time is both from {since} on and before {until}", ""
    return _unknown_member(vendors, pattern)


def _unknown_member(vendors: Mapping[str, ServedVendor], pattern: Pattern) -> tuple[tuple[str, ...], str, str] | None:
    """Return a name in the pattern of a query, a request or a response that no call of its operation can have."""
    operation = str(pattern.get("operation", UNROUTED))
    owners = [vendors[pattern["vendor"]]] if pattern.get("vendor") else vendors.values()
    found = [(each.document, each.by_id[operation]) for each in owners if operation in each.by_id]
    for name, (unknown_in, any_names) in CHECKED.items():
        given = pattern.get(name)
        if not found or not isinstance(given, dict | list) or pattern.get("outcome") in any_names:
            continue
        unknown = [unknown_in(*each, given) for each in found]
        if all(unknown) and (first := unknown[0]):
            place = "parameter in the query" if name == "query" else f"member at {join(first.path)} in the {name}"
            hint = first.hint or FAULTS_HINT * (name == "response")
            return (name, *first.path), f"{operation} has no {place}: {first.path[-1]!r}", hint
    return None


def _unknown_operation(
    vendors: Mapping[str, ServedVendor], vendor: str | None, operation: str
) -> tuple[str, str] | None:
    owners = [name for name, served in vendors.items() if operation in served.by_id]
    if vendor is None:
        known = list(chain.from_iterable(served.by_id for served in vendors.values()))
        return None if owners else (f"no vendor has an operation {operation!r}", nearest(operation, known))
    if vendor in owners:
        return None
    hint = f"; {' and '.join(owners)} has one" if owners else nearest(operation, vendors[vendor].by_id)
    return f"{vendor} has no operation {operation!r}", hint


def _contradiction(expectation: Mapping[str, Any]) -> str:
    least, most = expectation.get("at_least"), expectation.get("at_most")
    if "exactly" in expectation and (least, most) != (None, None):
        return "exactly stands alone: leave out at_least and at_most, or exactly"
    if least is not None and most is not None and least > most:
        return f"no number is at least {least} and at most {most}"
    return ""


def _refusal(where: str, path: str, message: str, hint: str) -> Refused:
    return Refused(400, message, violations=[Violation(where, path, "unknown", message, hint=hint)])
