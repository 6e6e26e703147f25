"""The log of what happened to customers' consents."""

from typing import Any

from understudy.core.caller import Caller
from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.counters import next_number
from understudy.vendors.contacthub.stamps import now_text
from understudy.vendors.contacthub.tables import CONSENT_LOGS

DATA_PORTABILITY_REQUESTED, FORCED_DELETE = "DATA_PORTABILITY_REQUESTED", "FORCED_DELETE"

KINDS = {"status": "CONSENT_CHANGED", "limitation": "CONSENT_RESTRICTED", "objection": "CONSENT_OBJECTED"}
"""The type of an entry by the last part of the property that changed; inferred from the names. A change of the
disclaimer, whichever part of it, is ``DISCLAIMER_READ``."""


def log_consents(
    world: World,
    workspace_id: str,
    node_id: str,
    customer_id: str,
    before: Json | None,
    after: Json | None,
    caller: Caller,
) -> None:
    """Write an entry for each property that differs between two states of a customer's consents; absent is null."""
    old, new = _leaves(before, "consents"), _leaves(after, "consents")
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            _append(world, workspace_id, node_id, customer_id, caller, _kind(path), path, _text(new.get(path)))


def log_operation(world: World, workspace_id: str, node_id: str, customer_id: str, kind: str, caller: Caller) -> None:
    """Write an entry for what was done to a customer as a whole, such as ``FORCED_DELETE``."""
    _append(world, workspace_id, node_id, customer_id, caller, kind, None, None)


def _append(
    world: World,
    workspace_id: str,
    node_id: str,
    customer_id: str,
    caller: Caller,
    kind: str,
    path: str | None,
    value: str | None,
) -> None:
    number = next_number(world, CONSENT_LOGS)
    entry = {
        "id": number,
        "customerId": customer_id,
        "date": now_text(world),
        "type": kind,
        "property": path,
        "value": value,
        "sourceId": caller.claims.get("sourceId"),
        "userId": caller.claims.get("userId"),
    }
    row = {"id": str(number), "workspaceId": workspace_id, "nodeId": node_id, "data": entry}
    world.collection(CONSENT_LOGS).put(row)


def _kind(path: str) -> str:
    return KINDS.get(path.rsplit(".", 1)[-1], "DISCLAIMER_READ")


def _leaves(value: Any, path: str) -> dict[str, Any]:
    """The values that are not null, by their dotted paths."""
    if isinstance(value, dict):
        return {where: leaf for name, part in value.items() for where, leaf in _leaves(part, f"{path}.{name}").items()}
    return {} if value is None else {path: value}


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
