"""Audit log of the changes of customers' consents."""

import re
from collections.abc import Iterator
from typing import Any

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.sequences import last_number, raise_number
from understudy.vendors.contacthub.tables import CONSENT_LOGS
from understudy.vendors.contacthub.timestamps import now_text

DATA_PORTABILITY_REQUESTED, FORCED_DELETE = "DATA_PORTABILITY_REQUESTED", "FORCED_DELETE"

KINDS = {"status": "CONSENT_CHANGED", "limitation": "CONSENT_RESTRICTED", "objection": "CONSENT_OBJECTED"}
"""Type of an entry by the last name in the path of the changed property; inferred from the types' names. A change of
any other property is one of the disclaimer (``READ``)."""

READ = "DISCLAIMER_READ"

Changes = dict[str, dict[str, str | None]]
"""New values of the changed properties, as text: path of the object, then name of the property, then value."""

MAX_ENTRIES_PER_WRITE = 64
"""Upper bound of the entries of one write; a customer has 41 consents."""

_NO_FIRST_ENTRY = (None, None, None)

NUMBER = re.compile("[1-9][0-9]{0,17}")


def log_consents(
    state: VendorState,
    workspace_id: str,
    node_id: str,
    customer_id: str,
    before: Json | None,
    after: Json,
    caller: Caller,
) -> None:
    """Store an entry for each property that differs between two versions of a customer's consents; absent equals null.

    ``before`` is ``None`` for a new customer. Its consents are stored as they are and its entries made when they are
    read, for most are never read.
    """
    if before is None:
        _append(state, workspace_id, node_id, customer_id, caller, _NO_FIRST_ENTRY, _count(after), given=after)
        return
    changes: Changes = {}
    _compare(changes, before, after, "consents")
    if changes:
        count = sum(map(len, changes.values()))
        path = min(changes)
        name = min(changes[path])
        first = _kind(name), f"{path}.{name}", changes[path].pop(name)
        _append(state, workspace_id, node_id, customer_id, caller, first, count, more=changes)


def log_operation(
    state: VendorState, workspace_id: str, node_id: str, customer_id: str, kind: str, caller: Caller
) -> None:
    """Store an entry for an operation on a customer as a whole, such as ``FORCED_DELETE``."""
    _append(state, workspace_id, node_id, customer_id, caller, (kind, None, None), 1)


def entries_of(row: Json) -> Iterator[Json]:
    """Yield the entries of a row of the log, which holds the entries of one write."""
    first, changes = row["data"], row.get("more") or {}
    number = first["id"]
    if row.get("given") is None:
        yield first
        number += 1
    else:
        _compare(changes, {}, row["given"], "consents")
    ordered = ((path, *change) for path, leaves in sorted(changes.items()) for change in sorted(leaves.items()))
    for path, name, value in ordered:
        yield {**first, "id": number, "type": _kind(name), "property": f"{path}.{name}", "value": value}
        number += 1


def find_entry(state: VendorState, workspace_id: str, entry_id: str) -> Json | None:
    """Return an entry of a workspace's log by its id; ``None`` if there is none.

    A row's key is the id of its first entry, so the entry is in the nearest row at or before its id.
    """
    if NUMBER.fullmatch(entry_id) is None:
        return None
    log, number = state.collection(CONSENT_LOGS), int(entry_id)
    keys = map(str, range(number, number - MAX_ENTRIES_PER_WRITE, -1))
    row = log.get(next((key for key in keys if key in log), ""))
    if row is None or row["workspaceId"] != workspace_id:
        return None
    return next((entry for entry in entries_of(row) if entry["id"] == number), None)


def _append(
    state: VendorState,
    workspace_id: str,
    node_id: str,
    customer_id: str,
    caller: Caller,
    first: tuple[str | None, str | None, str | None],
    count: int,
    **others: Json,
) -> None:
    """Store ``count`` entries in one row; store none if it is 0.

    ``first`` is the type, property and value of the first entry. ``others`` has either ``more``, the changes of which
    the other entries are made, or ``given``, a new customer's consents, of which all entries are made.
    """
    if not count:
        return
    number = last_number(state, CONSENT_LOGS) + 1
    raise_number(state, CONSENT_LOGS, number + count - 1)
    entry = {
        "id": number,
        "customerId": customer_id,
        "date": now_text(state),
        "type": first[0],
        "property": first[1],
        "value": first[2],
        "sourceId": caller.claims.get("sourceId"),
        "userId": caller.claims.get("userId"),
    }
    row = {"id": str(number), "workspaceId": workspace_id, "nodeId": node_id, "data": entry, **others}
    state.collection(CONSENT_LOGS).put(row)


def _count(given: Json) -> int:
    """Return the number of values that are set, at any depth."""
    return sum(_count(value) if isinstance(value, dict) else value is not None for value in given.values())


def _compare(changes: Changes, before: Json, after: Json, path: str) -> None:
    """Add to ``changes`` each property that differs between two objects, at any depth."""
    leaves: dict[str, str | None] = {}
    for name in after if len(after) >= len(before) else before:  # full objects with the same names, or one is empty
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, dict) or isinstance(new, dict):
            _compare(changes, old or {}, new or {}, f"{path}.{name}")
        else:
            leaves[name] = _text(new)
    if leaves:
        changes[path] = leaves


def _kind(name: str) -> str:
    return KINDS.get(name, READ)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
