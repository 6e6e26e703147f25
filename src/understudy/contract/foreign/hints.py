"""Hints: the key ``x-understudy`` of operations, paths and schemas, by which a user mends what is recognised."""

import re
from collections.abc import Mapping
from typing import Any

from understudy.core.misconfigured import Misconfigured, nearest

HINT = "x-understudy"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ROLES = ("create", "list", "read", "replace", "change", "delete", "action")

VIEWS = ("expand", "fields", "exclude")

KEYS = {
    "operation": ("resource", "id", "role", "record", "list", "sent", "sample", *VIEWS),
    "path": ("resource", "id", "record", "list", "sent", "sample"),
    "schema": ("resource", "id"),
    "webhook": ("after",),
}
"""Keys of a hint by the kind of node that has it.

``resource`` names the collection, ``id`` the property with a record's id. ``role`` adds an operation to a resource.
``record``, ``list`` and ``sent`` are places: of the record in the answer, of the list there, of the record in the
request's body; names joined with dots, or empty for the whole body. ``sample`` leaves an operation to samples.
``expand``, ``fields`` and ``exclude`` name the parameter of the query by which records are shown in another way, or are
false for none. ``after`` lists the operations by whose success a webhook is sent; none for one that is never sent.
"""


def checked_hint(found: Any, kind: str, place: str) -> dict[str, Any]:
    """Return the hint of a node; raise ``Misconfigured`` for an unknown key or a value of the wrong form."""
    if not isinstance(found, Mapping):
        raise Misconfigured(f"{place}/{HINT}: is no object with keys such as 'resource'")
    known = KEYS[kind]
    for key, value in found.items():
        if key not in known:
            there = ", ".join(known)
            raise Misconfigured(f"{place}/{HINT}: {key!r} is unknown{nearest(key, known)} (there are {there})")
        fault = _fault(key, value)
        if fault:
            raise Misconfigured(f"{place}/{HINT}/{key}: {fault}")
    return dict(found)


def _fault(key: str, value: Any) -> str:
    """Return the reason why a hint's value is not allowed; an empty text for one that is."""
    is_text = isinstance(value, str)
    is_right, form = {
        "sample": (isinstance(value, bool), "true or false"),
        "after": (isinstance(value, list) and all(isinstance(each, str) for each in value), "a list of operationIds"),
        **dict.fromkeys(VIEWS, (value is False or (is_text and value), "a parameter or false")),
    }.get(key, (is_text, "a text"))
    if not is_right:
        return f"is {form}, not {value!r}"
    if key == "role" and value not in ROLES:
        return f"{value!r} is unknown{nearest(value, ROLES)} (there are {', '.join(ROLES)})"
    if key == "resource" and not NAME.fullmatch(value):
        return f"{value!r} is no collection's name: take letters, digits and '_'"
    return ""
