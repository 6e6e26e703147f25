"""The log of what happened to customers' consents."""

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
"""The type of an entry by the last part of the property that changed; inferred from the names. A change of the
disclaimer, whichever part of it, is ``DISCLAIMER_READ``."""

READ = "DISCLAIMER_READ"

Changes = dict[str, dict[str, str | None]]
"""The properties that changed, each by its name under the path of the object that has it, and their values as text."""

MOST_AT_ONCE = 64
"""More entries than a write can make: a customer has 41 consents."""

NOT_TOLD = (None, None, None)

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
    """Write an entry for each property that differs between two states of a customer's consents; absent is null.

    What a new customer gives is kept as it is: most of its entries are never asked for, and made when they are.
    """
    if before is None:
        _append(state, workspace_id, node_id, customer_id, caller, NOT_TOLD, _count(after), given=after)
        return
    changes: Changes = {}
    _compare(changes, before, after, "consents")
    if changes:
        count = sum(map(len, changes.values()))
        place = min(changes)
        name = min(changes[place])
        told = _kind(name), f"{place}.{name}", changes[place].pop(name)
        _append(state, workspace_id, node_id, customer_id, caller, told, count, more=changes)


def log_operation(
    state: VendorState, workspace_id: str, node_id: str, customer_id: str, kind: str, caller: Caller
) -> None:
    """Write an entry for what was done to a customer as a whole, such as ``FORCED_DELETE``."""
    _append(state, workspace_id, node_id, customer_id, caller, (kind, None, None), 1)


def entries_of(row: Json) -> Iterator[Json]:
    """Go through the entries of a row of the log: those that one write made."""
    first, changes = row["data"], row.get("more") or {}
    number = first["id"]
    if row.get("given") is None:
        yield first
        number += 1
    else:
        _compare(changes, {}, row["given"], "consents")
    told = ((place, *change) for place, leaves in sorted(changes.items()) for change in sorted(leaves.items()))
    for place, name, value in told:
        yield {**first, "id": number, "type": _kind(name), "property": f"{place}.{name}", "value": value}
        number += 1


def find_entry(state: VendorState, workspace_id: str, entry_id: str) -> Json | None:
    """Return an entry of a workspace's log by its id: it is in its own row, or in one shortly before."""
    if NUMBER.fullmatch(entry_id) is None:
        return None
    log, number = state.collection(CONSENT_LOGS), int(entry_id)
    keys = map(str, range(number, number - MOST_AT_ONCE, -1))
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
    told: tuple[str | None, str | None, str | None],
    count: int,
    **others: Json,
) -> None:
    """Write so many entries, all in one row, unless there are none.

    The first is ``told``: its type, property and value. The others are changes (``more``), or all are made of what is
    ``given``.
    """
    if not count:
        return
    number = last_number(state, CONSENT_LOGS) + 1
    raise_number(state, CONSENT_LOGS, number + count - 1)
    entry = {
        "id": number,
        "customerId": customer_id,
        "date": now_text(state),
        "type": told[0],
        "property": told[1],
        "value": told[2],
        "sourceId": caller.claims.get("sourceId"),
        "userId": caller.claims.get("userId"),
    }
    row = {"id": str(number), "workspaceId": workspace_id, "nodeId": node_id, "data": entry, **others}
    state.collection(CONSENT_LOGS).put(row)


def _count(given: Json) -> int:
    """Return how many consents are set, however deep."""
    return sum(_count(value) if isinstance(value, dict) else value is not None for value in given.values())


def _compare(changes: Changes, before: Json, after: Json, path: str) -> None:
    """Add each property that differs between two objects, however deep."""
    leaves: dict[str, str | None] = {}
    for name in after if len(after) >= len(before) else before:  # full objects of one kind: all names, or none
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
